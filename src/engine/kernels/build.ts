// Compiles the kernels (`npm run kernels`): assembly/*.ts → generated/kernels.ts, the WebAssembly bytes as hexadecimal
// digits: longer than base64, but a third smaller once compressed, since what repeats in the bytes repeats in the text.
// Does nothing when the sources, this file and the compiler are those of the last time.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sourceFolder = join(here, "assembly");
const target = join(here, "generated", "kernels.ts");

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
    return readFileSync(target, "utf8").includes(mark);
  } catch {
    return false;
  }
}

/** SIMD128 without relaxed instructions, no garbage collector, no run-time checks; the memory may grow. */
async function compile(): Promise<Uint8Array> {
  // The compiler takes seconds to load, so it is loaded only when there is something to compile.
  const { default: asc } = await import("assemblyscript/asc");
  let binary: Uint8Array | null = null;
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      join(sourceFolder, "index.ts"),
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
    throw new Error(`The kernels do not compile.\n${messages.toString()}`, { cause: error });
  }
  return binary;
}

const mark = fingerprint();
if (!isUpToDate(mark)) {
  console.log("kernels: compiling, which takes some seconds and is done once …");
  const binary = await compile();
  const digits = Buffer.from(binary).toString("hex");
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    `// Written by src/engine/kernels/build.ts from sources ${mark}.\nexport const kernelBytes = "${digits}";\n`,
  );
  console.log(`kernels: ${(binary.length / 1024).toFixed(1)} kB`);
}
