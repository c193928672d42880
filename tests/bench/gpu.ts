// The engine on this machine's graphics device, in Node: `npm run bench -- gpu --module node_modules/webgpu/index.js --save
// FOLDER`, with a module that offers WebGPU as the npm package of that name does. How exact, how many dispatches, how fast beside
// this machine's cores, and what a lost device does.
import { cpus } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { BackendId } from "../../src/lab/lab.ts";
import { Helper } from "../../src/lab/tensor/simd/share.ts";
import { activate, adapterOf, tf } from "../../src/lab/tensor/tf.ts";
import { host } from "../../src/node.ts";
import { responsesOf, subjectOf } from "../helpers/subject.ts";
import { toyDataset, toyNetworks } from "../helpers/toy.ts";
import { workOf, type Work } from "../helpers/work.ts";
import { etas, exactness } from "./exactness.ts";
import { portOf } from "./gpuPort.ts";
import { etaTitle, json, markdownTable, median, save } from "./report.ts";
import { matrix, oneAnchor, trainStep, usual, type Helpers } from "./tasks.ts";

const rounds = 5;
const backends = ["webgpu", "wasm"] as const satisfies readonly BackendId[];

const tasks: Readonly<Record<string, (helpers: Helpers) => Promise<Readonly<Record<string, number>>>>> = {
  "mlp-512, 100 anchors": async (helpers) => ({ ...(await matrix({ network: 512, ...usual }, helpers)) }),
  "mlp-4096, 100 anchors": async (helpers) => ({ ...(await matrix({ network: 4096, ...usual }, helpers)) }),
  "cnn2, 100 anchors": async (helpers) => ({ ...(await matrix({ network: "cnn2", ...usual }, helpers)) }),
  "cnn2, one anchor": (helpers) => oneAnchor(usual.probeCount, helpers),
  "cnn2, training step": async () => ({ step: await trainStep() }),
};

/** A module that offers WebGPU outside of a browser. */
interface GpuModule {
  readonly globals: object;
  create(options: readonly string[]): object;
}

/** Offers what the module has the way a browser does: TensorFlow.js looks there. */
async function offerGpu(module: string): Promise<void> {
  const { create, globals } = (await import(pathToFileURL(resolve(module)).href)) as GpuModule;
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
}

/** A thread of Node does not inherit the loader of TypeScript. */
function helperThread(): Worker {
  const [script, from] = [new URL("./gpuHelper.ts", import.meta.url).href, import.meta.url].map((at) =>
    JSON.stringify(at),
  );
  return new Worker(`import("tsx/esm/api").then(({ tsImport }) => tsImport(${script}, ${from}))`, { eval: true });
}

/** Milliseconds by task, part and backend, one number a round. */
type Measured = Record<string, Record<string, Partial<Record<BackendId, number[]>>>>;

/** Round by round, the backends one after the other; the first round warms both up and does not count. */
async function times(helpers: Helpers): Promise<Measured> {
  const measured: Measured = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, task] of Object.entries(tasks))
      for (const backend of backends) {
        await activate(backend, host);
        for (const [part, ms] of Object.entries(await task(helpers)))
          if (round > 0) (((measured[name] ??= {})[part] ??= {})[backend] ??= []).push(ms);
      }
    console.error(round === 0 ? "warm" : `round ${round} of ${rounds}`);
  }
  return measured;
}

const silenceMs = 20_000;

/** Takes the device away while responses are computed: how many came before, how many of them wrong, and what error then came. */
async function loss(): Promise<{ before: number; wrong: number; error: string }> {
  const dataset = toyDataset({ shape: [8, 8, 3], classCount: 4, trainPerClass: 3, testPerClass: 3 });
  const subject = await subjectOf({ specs: toyNetworks.cnn!, dataset, loss: "cross-entropy" });
  const ask = async (): Promise<number[]> => {
    const responses = await responsesOf(subject, {
      anchors: [0, 7],
      probes: [12, 16],
      rule: { rule: "fixed", eta: 0.1 },
    });
    return responses.flatMap(({ change }) => [...change.data]);
  };
  const truth = await ask();
  const { device } = tf.backend() as unknown as { device: { destroy(): void } };
  setTimeout(() => device.destroy(), 300);
  const end = host.wait(silenceMs).then(() => Promise.reject(new Error("silence")));
  for (let [before, wrong] = [0, 0]; ; before++)
    try {
      const response = await Promise.race([ask(), end]);
      if (response.some((value, at) => value !== truth[at])) wrong += 1;
    } catch (error) {
      return { before, wrong, error: String(error) };
    }
}

const errorTable = (errors: Readonly<Record<string, readonly number[]>>): string =>
  markdownTable([
    ["relative error against float64", ...etas.map(etaTitle)],
    ...Object.entries(errors).map(([network, own]) => [network, ...own.map((error) => error.toExponential(1))]),
  ]);

const workTable = (work: Readonly<Record<string, Work>>): string =>
  markdownTable([
    ["network, one tile", "layers", "dispatches", "a layer", "readbacks"],
    ...Object.entries(work).map(([network, { layers, operations, readbacks }]) => [
      network,
      ...[layers, operations].map(String),
      (operations / layers).toFixed(1),
      String(readbacks),
    ]),
  ]);

const timeTable = (measured: Measured): string =>
  markdownTable([
    ["task, 1000 probes, ms", "part", ...backends],
    ...Object.entries(measured).flatMap(([name, parts]) =>
      Object.entries(parts).map(([part, own]) => [name, part, ...backends.map((id) => median(own[id]!).toFixed(1))]),
    ),
  ]);

export async function benchGpu(module: string | undefined, folder: string | undefined): Promise<void> {
  if (module === undefined)
    throw new Error("Name a module that offers WebGPU: --module PATH, after npm install webgpu.");
  await offerGpu(module);
  await activate("webgpu", host);
  const adapter = await adapterOf("webgpu");
  const setting = { adapter: adapter.name, processor: cpus()[0]!.model, cores: cpus().length, node: process.version };
  console.error(json(setting));
  const errors = await exactness();
  const dataset = toyDataset({ shape: [8, 8, 3], classCount: 4, trainPerClass: 3, testPerClass: 3 });
  const work: Record<string, Work> = {};
  for (const [name, specs] of Object.entries(toyNetworks)) work[name] = await workOf(specs, dataset);
  console.error([errorTable(errors), workTable(work)].join("\n\n"));
  const workers = Array.from({ length: setting.cores - 1 }, helperThread);
  const measured = await times(workers.map((worker) => new Helper(portOf(worker))));
  for (const worker of workers) await worker.terminate();
  await activate("webgpu", host);
  const lost = await loss();
  save(folder, { "gpu.json": json({ setting, errors, work, rounds, measured, lost }) });
  console.log([json(setting), errorTable(errors), workTable(work), timeTable(measured), json(lost)].join("\n\n"));
  // A lost device keeps Node alive.
  process.exit();
}
