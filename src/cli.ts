// The command line's entry: the same engine without a page. Figures go to files, progress to stderr, the table to stdout.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { aboutData } from "./lab/about.ts";
import { datasets, models } from "./lab/catalogue.ts";
import { script, type Command } from "./lab/command.ts";
import type { DatasetPlugin } from "./lab/contracts.ts";
import { openDataset } from "./lab/dataset.ts";
import { LabError } from "./lab/error.ts";
import { responseBytes, type BackendId, type BackendReport, type Lab, type Snapshot } from "./lab/lab.ts";
import { localLab } from "./lab/local.ts";
import { npz, type NamedArray } from "./lab/npz.ts";
import { report, summarise, type Facts, type Summary } from "./lab/report.ts";
import { resultFiles } from "./lab/results.ts";
import { parseSpec, parseSpecText, type Catalogue, type ExperimentSpec } from "./lab/spec.ts";
import { describedStudies } from "./lab/studies.ts";
import { Table, type Chunk } from "./lab/table.ts";
import { makeFolder, specText, written } from "./files.ts";
import { host } from "./node.ts";
import { runStudy } from "./studyRun.ts";

const usage = `The Local Elasticity Lab without a page:
  npm run lab -- run SPEC.json --out DIR [--backend wasm|cpu] [--seeds 1,2,3] [--measure ID] [--arrays]
                               [--memory MB]
  npm run lab -- study STUDY.json --out DIR [--backend wasm|cpu] [--workers 2] [--memory MB]
                               goes on where it was stopped; tables as CSV, Markdown and LaTeX
  npm run lab -- describe      data sets, models, measures, studies and their parameters, as JSON
  npm run lab -- example       a valid spec, as JSON
  npm run lab -- help          this`;

const verbs = ["run", "study", "describe", "example", "help"];

interface RunArguments {
  readonly specPath: string;
  readonly out: string;
  readonly backend: BackendId | "auto";
  readonly seeds: readonly number[] | undefined;
  readonly measure: string;
  readonly workers: number;
  readonly arrays: boolean;
  readonly memoryBytes: number | undefined;
}

async function main(words: string[]): Promise<void> {
  const [verb = "", ...rest] = words;
  const catalogue = await localLab(host).describe();
  if (verb === "help" || words.some((word) => word === "--help" || word === "-h")) return print(usage);
  if (verb !== "run" && verb !== "study" && verbs.includes(verb) && rest.length > 0)
    throw new LabError("spec-invalid", `${verb} takes no more words, but "${rest.join(" ")}" was given; leave it out.`);
  if (verb === "describe") return print(JSON.stringify({ ...catalogue, studies: describedStudies() }, null, 2));
  if (verb === "example") return print(JSON.stringify(parseSpec({}, catalogue), null, 2));
  if (verb === "run") {
    const args = runArguments(verb, rest, catalogue);
    return runAll(localLab({ ...host, memoryBytes: args.memoryBytes }), catalogue, args);
  }
  if (verb === "study") {
    const args = runArguments(verb, rest, catalogue);
    return runStudy(localLab({ ...host, memoryBytes: args.memoryBytes }), args);
  }
  throw new LabError(
    "spec-invalid",
    `${verb === "" ? "No command was given" : `"${verb}" is not a command`}; give one of: ${verbs.join(", ")}.`,
  );
}

function options(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        out: { type: "string" },
        backend: { type: "string", default: "auto" },
        seeds: { type: "string" },
        measure: { type: "string", default: "relative" },
        arrays: { type: "boolean", default: false },
        memory: { type: "string" },
        workers: { type: "string", default: "1" },
      },
    });
  } catch (error) {
    throw new LabError("spec-invalid", `${(error as Error).message}; the options are in: npm run lab -- help.`);
  }
}

function runArguments(verb: string, words: string[], catalogue: Catalogue): RunArguments {
  const { values, positionals } = options(words);
  const [specPath, extra] = positionals;
  if (specPath === undefined || extra !== undefined || !values.out)
    throw new LabError(
      "spec-invalid",
      `${verb} needs one spec file and a folder, as in: npm run lab -- ${verb} SPEC.json --out DIR.`,
    );
  const known = catalogue.measures.map(({ id }) => id);
  if (!known.includes(values.measure))
    throw new LabError("spec-invalid", `--measure is "${values.measure}"; give one of: ${known.join(", ")}.`);
  if (!["auto", ...host.backends].includes(values.backend))
    throw new LabError("spec-invalid", `--backend is "${values.backend}"; give one of: ${host.backends.join(", ")}.`);
  return {
    specPath,
    out: values.out,
    backend: values.backend as BackendId | "auto",
    seeds: values.seeds === undefined ? undefined : seedsOf(values.seeds),
    measure: values.measure,
    workers: workersOf(values.workers),
    arrays: values.arrays,
    memoryBytes: values.memory === undefined ? undefined : bytesOf(values.memory),
  };
}

function bytesOf(megabytes: string): number {
  if (/^\s*\d+\s*$/.test(megabytes) && Number(megabytes) > 0) return Number(megabytes) * 2 ** 20;
  throw new LabError(
    "spec-invalid",
    `--memory is "${megabytes}"; give a whole number of megabytes from 1 on (${responseBytes / 2 ** 20} without it).`,
  );
}

function workersOf(count: string): number {
  if (/^\s*\d+\s*$/.test(count) && Number(count) >= 1 && Number(count) <= 64) return Number(count);
  throw new LabError("spec-invalid", `--workers is "${count}"; give a whole number of processes from 1 to 64.`);
}

function seedsOf(words: string): number[] {
  const seeds = words.split(",").map(seedOf);
  const twice = seeds.find((seed, at) => seeds.indexOf(seed) !== at);
  if (twice === undefined) return seeds;
  throw new LabError("spec-invalid", `--seeds has ${twice} twice; give each seed once.`);
}

function seedOf(word: string): number {
  if (/^\s*\d+\s*$/.test(word)) return Number(word);
  throw new LabError(
    "spec-invalid",
    `--seeds has "${word}"; give whole numbers with commas between them, as in 1,2,3.`,
  );
}

async function runAll(lab: Lab, catalogue: Catalogue, args: RunArguments): Promise<void> {
  const spec = parseSpecText(specText(args.specPath), catalogue);
  if (args.arrays && !spec.probing.epochs.includes(spec.training.epochs))
    throw new LabError(
      "spec-invalid",
      `--arrays needs the last epoch, ${spec.training.epochs}, among probing.epochs ${spec.probing.epochs.join(", ")}; add it.`,
    );
  const backend = await lab.chooseBackend(args.backend);
  const specs = (args.seeds ?? [spec.seed]).map((seed) => parseSpec({ ...spec, seed }, catalogue));
  const folders = specs.map(({ seed }) => (specs.length === 1 ? args.out : join(args.out, `seed-${seed}`)));
  folders.forEach((folder) => makeFolder(folder, "rows.csv"));
  const summaries: Summary[] = [];
  for (const [at, own] of specs.entries())
    summaries.push(await runOne(lab, own, { ...args, out: folders[at]! }, backend));
  print(report(summaries));
}

async function runOne(lab: Lab, spec: ExperimentSpec, args: RunArguments, backend: BackendReport): Promise<Summary> {
  const table = new Table();
  const facts: { dataHash: string; parameterCount: number; final?: Snapshot } = { dataHash: "", parameterCount: 0 };
  const stepsPerEpoch = Math.ceil((spec.dataset.classes.length * spec.dataset.trainPerClass) / spec.training.batchSize);
  const commands: Command[] = [{ do: "train", until: stepsPerEpoch * spec.training.epochs }, { do: "save" }];
  const { signal } = new AbortController();
  for await (const chunk of lab.run(spec, script(commands), { signal, whole: args.arrays })) {
    table.append(chunk);
    showProgress(chunk, spec);
    if (chunk.kind === "opened")
      Object.assign(facts, { dataHash: chunk.dataHash, parameterCount: chunk.parameterCount });
    if (chunk.kind === "snapshot") facts.final = chunk.snapshot;
    if (chunk.kind === "diverged") throw new LabError("diverged", chunk.message);
  }
  process.stderr.write("\n");
  const made: Facts = {
    measure: args.measure,
    backend: backend.id,
    dataHash: facts.dataHash,
    parameterCount: facts.parameterCount,
    data: aboutData(spec.dataset, pluginOf(spec).manifest),
  };
  for (const [name, pieces] of Object.entries(resultFiles(spec, table, made)))
    written(join(args.out, name), (path) => writePieces(path, pieces));
  if (args.arrays) {
    const arrays = npz(await arraysOf(spec, table, facts.final!));
    written(join(args.out, "arrays.npz"), (path) => writeFileSync(path, arrays));
  }
  return summarise(spec, table, made);
}

const pluginOf = (spec: ExperimentSpec): DatasetPlugin =>
  datasets.find(({ manifest }) => manifest.id === spec.dataset.id)!;

/** The weights by name, in the shapes of their layers; of a model that is no network, each list as it is. */
function namedWeights(spec: ExperimentSpec, input: readonly number[], final: Snapshot): [string, NamedArray][] {
  const model = models.find(({ id }) => id === spec.model.id)!;
  if ("learner" in model)
    return final.weights.map((data, at): [string, NamedArray] => [`weight_${at}`, { shape: [data.length], data }]);
  let shape = input;
  const weightShapes = model.build(spec.model.params as never, input, spec.dataset.classes.length).flatMap((plan) => {
    const layer = plan(shape);
    shape = layer.outputShape;
    return layer.weightShapes;
  });
  return weightShapes.map((own, at): [string, NamedArray] => [
    `${at % 2 === 0 ? "weight" : "bias"}_${Math.floor(at / 2)}`,
    { shape: own, data: final.weights[at]! },
  ]);
}

/**
 * Everything another program needs to check a run: the final weights in forward order (dense [input, output]; conv [kernel
 * row, kernel column, input channel, output channel]; images [row, column, channel], flattened in that order), the inputs
 * as the network saw them, labels, step sizes, scores before, and the change at every probe.
 */
async function arraysOf(spec: ExperimentSpec, table: Table, final: Snapshot): Promise<Record<string, NamedArray>> {
  const dataset = await openDataset(pluginOf(spec), spec.dataset, host);
  const block = table.at(final.tick)!;
  const weights = namedWeights(spec, dataset.shape, final);
  const [anchorCount, probeCount] = [block.anchors.length, block.probes.length];
  return {
    ...Object.fromEntries(weights),
    anchor_inputs: { shape: [anchorCount, ...dataset.shape], data: dataset.read([...block.anchors]) },
    probe_inputs: { shape: [probeCount, ...dataset.shape], data: dataset.read([...block.probes]) },
    anchor_labels: { shape: [anchorCount], data: block.anchorLabels },
    probe_labels: { shape: [probeCount], data: block.probeLabels },
    step_sizes: { shape: [anchorCount], data: block.stepSize },
    probe_outputs_before: { shape: [probeCount, block.outputCount], data: block.before },
    probe_changes: { shape: [anchorCount, probeCount, block.outputCount], data: block.wholeChange! },
    anchor_own_changes: { shape: [anchorCount], data: block.ownChange },
  };
}

function writePieces(path: string, pieces: Iterable<string>): void {
  let text = "";
  writeFileSync(path, "");
  for (const piece of pieces) {
    text += piece;
    if (text.length < 2 ** 22) continue;
    writeFileSync(path, text, { flag: "a" });
    text = "";
  }
  writeFileSync(path, text, { flag: "a" });
}

function showProgress(chunk: Chunk, spec: ExperimentSpec): void {
  if (chunk.kind !== "progress") return;
  const { stage, epoch, done, total, unit, perSecond } = chunk.progress;
  const rate = perSecond > 0 ? `, ${perSecond.toFixed(0)} ${unit}/s` : "";
  const line = `seed ${spec.seed}  epoch ${Math.floor(epoch)} of ${spec.training.epochs}  ${stage} ${done}/${total} ${unit}${rate}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(78)}`);
  else if (done === total) process.stderr.write(`${line}\n`);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`lab: ${sentence.replaceAll(/\s+/g, " ")}\n`);
  process.exitCode = 1;
}
