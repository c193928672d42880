// Compiles the SIMD kernels: `npm run kernels` writes what `assembly/kernels.ts` means into `binary.ts`, which is committed,
// so that neither the page, nor the command line, nor a test needs the compiler.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";
import { root } from "./node.ts";

const folder = join(root, "src/lab/tensor/simd");

/** @throws Error with the compiler's own words */
export async function compiled(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options =
    "--enable simd --runtime stub --use abort= --importMemory --noAssert -O3 --converge --outFile kernels.wasm";
  const { error, stderr } = await asc.main(["kernels.ts", ...options.split(" ")], {
    readFile: (name) => (name === "kernels.ts" ? readFileSync(join(folder, "assembly", name), "utf8") : null),
    writeFile(_name, contents) {
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(stderr.toString());
  return binary;
}

/** The file that holds them. */
export const binaryFile = (bytes: Uint8Array): string =>
  `// Made by \`npm run kernels\` from assembly/kernels.ts; a test compiles it again and compares.\nexport const binary =\n  "${Buffer.from(bytes).toString("base64")}";\n`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync(join(folder, "binary.ts"), binaryFile(await compiled()));
