// Everything that was measured in one zip file: for each run the files that the command line writes.
import { strToU8, zip, type AsyncZippable } from "fflate";
import type { Facts } from "../../lab/report.ts";
import { resultFiles } from "../../lab/results.ts";
import type { RunState } from "../state/store.ts";
import { zipTime } from "./bundle.ts";

export async function allResults(
  runs: readonly RunState[],
  common: Pick<Facts, "measure" | "backend" | "data">,
): Promise<Uint8Array<ArrayBuffer>> {
  const files: AsyncZippable = {};
  for (const { spec, table, dataHash, parameterCount } of runs) {
    const folder = `${spec.model.id}/rows.csv` in files ? `${spec.model.id}-beside` : spec.model.id;
    for (const [name, pieces] of Object.entries(resultFiles(spec, table, { ...common, dataHash, parameterCount })))
      files[`${folder}/${name}`] = strToU8([...pieces].join(""));
  }
  return new Promise((resolve, reject) =>
    zip(files, { mtime: zipTime, level: 6 }, (error, bytes) =>
      error ? reject(error) : resolve(bytes as Uint8Array<ArrayBuffer>),
    ),
  );
}
