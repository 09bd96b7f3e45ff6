// Compiles the kernels (`npm run kernels`): assembly/*.ts → generated/*.ts, the WebAssembly bytes as hexadecimal
// digits: longer than base64, but a third smaller once compressed, since what repeats in the bytes repeats in the text.
// There are three modules over one memory, so that a page which trains nothing need not load what trains.
// Does nothing when the sources, this file and the compiler are those of the last time.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sourceFolder = join(here, "assembly");
const targetFolder = join(here, "generated");

/** Each module: the file that it is written to, and the one whose exports it has. The first has the constants. */
const modules = [
  { target: "kernels.ts", source: "index.ts" },
  { target: "layers.ts", source: "layers.ts" },
  { target: "optimizer.ts", source: "optimizer.ts" },
];

/** Names the state of everything the output depends on. */
function fingerprint(): string {
  const compiler = readFileSync(fileURLToPath(import.meta.resolve("assemblyscript/package.json")));
  const hash = createHash("sha256").update(compiler);
  for (const file of readdirSync(sourceFolder).sort()) {
    hash.update(file).update(readFileSync(join(sourceFolder, file)));
  }
  return hash.update(readFileSync(fileURLToPath(import.meta.url))).digest("hex");
}

function isUpToDate(mark: string): boolean {
  try {
    return modules.every(({ target }) => readFileSync(join(targetFolder, target), "utf8").includes(mark));
  } catch {
    return false;
  }
}

/** SIMD128 without relaxed instructions, no garbage collector, no run-time checks; the memory may grow. */
async function compile(source: string): Promise<Uint8Array> {
  // The compiler takes seconds to load, so it is loaded only when there is something to compile.
  const { default: asc } = await import("assemblyscript/asc");
  let binary: Uint8Array | null = null;
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      join(sourceFolder, source),
      "--outFile",
      "kernels.wasm",
      "--enable",
      "simd",
      "--importMemory",
      "--maximumMemory",
      "65536",
      "--runtime",
      "stub",
      "--use",
      "abort=",
      "--noAssert",
      "--disableWarning",
      "112",
      "-O3",
    ],
    {
      stderr: messages,
      readFile: (name, base) => {
        try {
          return readFileSync(join(base, name), "utf8");
        } catch {
          return null;
        }
      },
      listFiles: () => [],
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error !== null || binary === null) {
    throw new Error(`The kernels of ${source} do not compile.\n${messages.toString()}`, { cause: error });
  }
  return binary;
}

/** Whether a module has a section of data: sections stand one after the other, each with its number and its length. */
function hasConstants(binary: Uint8Array): boolean {
  const dataSection = 11;
  for (let at = 8; at < binary.length;) {
    if (binary[at++] === dataSection) return true;
    let [length, shift] = [0, 0];
    for (; binary[at]! >= 128; shift += 7) length |= (binary[at++]! & 127) << shift;
    length |= binary[at++]! << shift;
    at += length;
  }
  return false;
}

const mark = fingerprint();
if (!isUpToDate(mark)) {
  console.log("kernels: compiling, which takes some seconds and is done once …");
  mkdirSync(targetFolder, { recursive: true });
  for (const { target, source } of modules) {
    const binary = await compile(source);
    // All modules place their constants at the same address of the one memory.
    if (source !== "index.ts" && hasConstants(binary)) {
      throw new Error(
        `${source} needs constants in memory, which only index.ts may: move what needs them there.`,
      );
    }
    const digits = Buffer.from(binary).toString("hex");
    writeFileSync(
      join(targetFolder, target),
      `// Written by src/engine/kernels/build.ts from sources ${mark}.\nexport const kernelBytes = "${digits}";\n`,
    );
    console.log(`kernels: ${target.slice(0, -".ts".length)} ${(binary.length / 1024).toFixed(1)} kB`);
  }
}
