// Joins chunks of the sandbox's bundle to classic scripts: each chunk in a function of its own, made when it is first asked
// for, and found by its name. The program of the worker is one such script; a part is another, which adds its chunks.

/** What the bundler wrote, in CommonJS. */
export interface Chunk {
  fileName: string;
  code: string;
}

/** The worker's program. @param entry the file name of the chunk that begins. */
export function workerProgram(chunks: readonly Chunk[], entry: string): string {
  return `(() => {"use strict";
const Script = Function;
const { assign, create, hasOwn } = Object;
const makers = ${tableOf(chunks)};
const made = { __proto__: null };
function requireChunk(name) {
  if (!made[name]) {
    if (!makers[name]) throw new Error("There is no chunk " + name + " here.");
    makers[name](requireChunk, (made[name] = { __proto__: null }));
  }
  return made[name];
}
function evaluatePart(name, text) {
  const more = Script('"use strict";return ' + text)();
  for (const key in more) if (!hasOwn(makers, key)) makers[key] = more[key];
  return assign(create(null), requireChunk("./" + name));
}
makers[${nameOf(entry)}](requireChunk, {}, evaluatePart);
})();
`;
}

/** The text of a part. */
export function partText(chunks: readonly Chunk[]): string {
  return tableOf(chunks);
}

function tableOf(chunks: readonly Chunk[]): string {
  const makers = chunks.map(
    ({ fileName, code }) => `${nameOf(fileName)}(require,exports,evaluatePart){${code}\n}`,
  );
  return `{__proto__:null,${makers.join(",\n")}}`;
}

function nameOf(fileName: string): string {
  return JSON.stringify(`./${fileName}`);
}
