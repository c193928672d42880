// The recorded run that the page opens with: what the engine computes today, at its beginning and at its end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unpack } from "../../src/lab/archive.ts";
import { describe as catalogueOf } from "../../src/lab/catalogue.ts";
import { script } from "../../src/lab/command.ts";
import type { Snapshot } from "../../src/lab/lab.ts";
import { localLab } from "../../src/lab/local.ts";
import { canonical, numbering, parseSpec } from "../../src/lab/spec.ts";
import { Table, type Block } from "../../src/lab/table.ts";
import { played, type RecordedImages, type RecordedWeights, type Recording } from "../../src/app/state/recording.ts";
import { root } from "../../src/node.ts";
import { nodeHost } from "../helpers/host.ts";

const read = <T>(name: string): T => unpack(readFileSync(join(root, "public", "recorded", `${name}.bin`))) as T;
const recording = read<Recording>("results");
const { snapshots } = read<RecordedWeights>("weights");
const catalogue = catalogueOf();
const lab = localLab(nodeHost);
const { signal } = new AbortController();

async function blockOf(model: Recording["beside"], anchors: readonly number[], start?: Snapshot): Promise<Block> {
  await lab.chooseBackend("wasm");
  const table = new Table();
  const commands = script(start ? [{ do: "probe", anchors }] : []);
  for await (const chunk of lab.run({ ...recording.spec, model }, commands, { signal, ...(start ? { start } : {}) }))
    table.append(chunk);
  return start ? table.anchorAt(start.tick, anchors[0]!)! : table.scheduled[0]!;
}

it("is of the default experiment of this lab, beside the linear model", () => {
  expect(canonical(recording.spec)).toBe(canonical(parseSpec({}, catalogue)));
  expect(recording.beside.id).toBe("linear");
  expect(canonical(recording.catalogue)).toBe(canonical(catalogue));
});

it("holds the images that its figures name", async () => {
  const { examples, pixels } = read<RecordedImages>("images");
  expect(await lab.images(recording.spec.dataset, [...examples])).toEqual(pixels);
});

it("has the responses of the untrained network", async () => {
  const { table } = played(recording.runs[0]!.chunks);
  expect(await blockOf(recording.spec.model, [])).toEqual(table.scheduled[0]);
});

it.each([0, 1])("has the responses of the weights it ends with, run %s", async (run) => {
  const { table, tick } = played(recording.runs[run]!.chunks);
  const model = run === 0 ? recording.spec.model : recording.beside;
  const { classes } = recording.spec.dataset;
  for (const [classIndex] of classes.entries()) {
    const anchor = numbering(recording.spec.dataset).idOf(classIndex, recording.spec.probing.anchorSplit, 3);
    const { source: _own, ...fresh } = await blockOf(model, [anchor], snapshots[run]);
    const { source: _recorded, ...recorded } = table.anchorAt(tick, anchor)!;
    expect(fresh).toEqual(recorded);
  }
});
