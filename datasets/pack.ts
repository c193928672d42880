// The command line behind `npm run datasets`: fetches and packs the named data sets for the app.
import { fileURLToPath } from "node:url";
import { PackError } from "./pack-error.ts";
import { isPacked, pack } from "./packing.ts";
import { progressOn } from "./progress.ts";
import { chooseRecipes, recipes } from "./recipes.ts";
import { fetchByNpm } from "./tarball.ts";

const dataFolder = fileURLToPath(new URL("../public/data", import.meta.url));

async function usage(): Promise<string> {
  const rows = await Promise.all(
    recipes.map(async ({ manifest, megabytes }) => {
      const state = (await isPacked(manifest, dataFolder)) ? "packed" : `not packed, ${megabytes} MB to fetch`;
      return `  ${manifest.id.padEnd(10)} ${manifest.title.padEnd(10)} ${state}`;
    }),
  );
  const example = recipes.map(({ manifest }) => manifest.id).join(" ");
  return [`Usage: npm run datasets -- ${example}`, "", "Fetches and packs data sets for the lab:", ...rows].join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) return console.log(await usage());
  const chosen = chooseRecipes(args);
  const progress = progressOn(process.stderr);
  for (const recipe of chosen) await pack({ recipe, dataFolder, fetchTarball: fetchByNpm, progress });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // A PackError is for the person at the keyboard; anything else is a mistake of ours and keeps its stack.
  console.error(error instanceof PackError ? error.message : error);
  process.exitCode = 1;
}
