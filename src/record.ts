// Records the default experiment for the page's first view: `npm run record` carries it out and writes what came of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "./lab/archive.ts";
import { script } from "./lab/command.ts";
import type { Lab, Snapshot } from "./lab/lab.ts";
import { localLab } from "./lab/local.ts";
import { numbering, parseSpec, type ExperimentSpec } from "./lab/spec.ts";
import { Table, type Chunk } from "./lab/table.ts";
import { host, root } from "./node.ts";

interface Recorded {
  readonly chunks: readonly Chunk[];
  readonly snapshot: Snapshot;
}

/** A whole training, as few chunks: what a page that had watched it would hold. */
async function recorded(lab: Lab, spec: ExperimentSpec): Promise<Recorded> {
  const table = new Table();
  const first: Chunk[] = [];
  const last: Chunk[] = [];
  let snapshot: Snapshot | undefined;
  const { classes, trainPerClass } = spec.dataset;
  const until = Math.ceil((classes.length * trainPerClass) / spec.training.batchSize) * spec.training.epochs;
  const commands = script([{ do: "train", until }, { do: "save" }]);
  for await (const chunk of lab.run(spec, commands, { signal: new AbortController().signal })) {
    table.append(chunk);
    if (chunk.kind === "opened") first.push(chunk);
    if (chunk.kind === "idle") last.splice(0, 1, chunk);
    if (chunk.kind === "snapshot") snapshot = chunk.snapshot;
    if (chunk.kind === "training") process.stderr.write(`${spec.model.id} epoch ${chunk.row.epoch}\n`);
  }
  const rows = table.training.map((row): Chunk => ({ kind: "training", row }));
  const blocks = table.scheduled.map((block): Chunk => ({ kind: "response", block }));
  const log = table.log.map((entry): Chunk => ({ kind: "log", entry }));
  return { chunks: [...first, ...rows, ...blocks, ...log, ...last], snapshot: snapshot! };
}

const lab = localLab(host);
const catalogue = await lab.describe();
const spec = parseSpec({}, catalogue);
const twin = parseSpec({ model: { id: "linear" } }, catalogue);
const { id: backend } = await lab.chooseBackend("wasm");
const runs = [await recorded(lab, spec), await recorded(lab, twin)];

const numbers = numbering(spec.dataset);
const { anchorSplit, anchorsPerClass, probeSplit, probesPerClass } = spec.probing;
const examples = [
  ...numbers.firstOfEach(anchorSplit, anchorsPerClass),
  ...numbers.firstOfEach(probeSplit, probesPerClass),
];
const pixels = await lab.images(spec.dataset, examples);

const folder = join(root, "public", "recorded");
mkdirSync(folder, { recursive: true });
const files = {
  "results.bin": { spec, beside: twin.model, catalogue, backend, runs: runs.map(({ chunks }) => ({ chunks })) },
  "images.bin": { dataset: spec.dataset, examples: Int32Array.from(examples), pixels },
  "weights.bin": { snapshots: runs.map(({ snapshot }) => snapshot) },
};
for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), pack(value));
