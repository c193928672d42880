// A lab without an engine: plausible numbers from formulas (an elastic CNN, a flat linear model), the same every time.
import drawn from "../../datasets/drawn.json" with { type: "json" };
import { LabError } from "../../src/lab/error.ts";
import type { Command, Inbox, Signal } from "../../src/lab/command.ts";
import type { BackendReport, Lab, RunOptions, Snapshot } from "../../src/lab/lab.ts";
import { pack } from "../../src/lab/archive.ts";
import { choice, flag, int, ints } from "../../src/lab/params.ts";
import { relation } from "../../src/lab/relation.ts";
import { classesOf, numbering, parseSpec, type Catalogue, type ExperimentSpec } from "../../src/lab/spec.ts";
import type { Block, Chunk, Ratio } from "../../src/lab/table.ts";
import { cellsOf, type ClusteringParams } from "../../src/lab/studies/clustering.ts";
import { rng } from "../../src/math/rng.ts";
import { fakeClustering } from "./fakeClustering.ts";

const activation = choice({ title: "Activation", byDefault: "relu", options: ["relu", "tanh", "none"] });

export const fakeCatalogue: Catalogue = {
  datasets: [
    {
      manifest: { ...drawn, shape: [32, 32, 3] },
      params: {
        seed: int({ title: "Drawing seed", byDefault: 1, min: 0, max: 2 ** 31 - 1 }),
        stripes: choice({
          title: "Stripes",
          byDefault: "by class",
          options: ["by class", "nowhere", "on every animal"],
        }),
        noise: flag({ title: "Noise", byDefault: true }),
      },
    },
  ],
  models: [
    {
      id: "cnn",
      title: "CNN",
      description:
        "Convolutions with max-pooling and a hidden dense layer: features are learned and shared between images.",
      params: {
        channels: ints({ title: "Channels of each stage", byDefault: [16, 32], min: 1, max: 512, maxCount: 4 }),
        widths: ints({ title: "Hidden dense widths", byDefault: [64], min: 1, max: 8192, maxCount: 4 }),
        activation,
      },
    },
    {
      id: "mlp",
      title: "MLP",
      description: "Dense layers with an activation between them.",
      params: {
        widths: ints({ title: "Hidden widths", byDefault: [512], min: 1, max: 8192, maxCount: 6 }),
        activation,
      },
    },
    { id: "linear", title: "Linear", description: "One dense layer: the scores are linear in the image.", params: {} },
  ],
  measures: [
    {
      id: "relative",
      title: "Relative similarity",
      symbol: "|Δf_y(p)| / |Δf_y(a)|",
      formula: String.raw`S_{\mathrm{rel}}(a,p)=\frac{|f_y(p;w^+)-f_y(p;w)|}{|f_y(a;w^+)-f_y(a;w)|}`,
      unit: "ratio",
      signed: false,
    },
    {
      id: "kernelized",
      title: "Kernelized similarity",
      symbol: "−Δf_y(p) / (η ∂L/∂f_y)",
      formula: String.raw`S_{\mathrm{ker}}(a,p)=\frac{f_y(p;w)-f_y(p;w^+)}{\eta\,\partial L/\partial f_y(a)}`,
      unit: "squared gradient norm",
      signed: true,
    },
    {
      id: "probability",
      title: "Relative similarity, probabilities",
      symbol: "|Δp_y(p)| / |Δp_y(a)|",
      formula: String.raw`\frac{|p_y(p;w^+)-p_y(p;w)|}{|p_y(a;w^+)-p_y(a;w)|}`,
      unit: "ratio",
      signed: false,
      caution:
        "Probabilities divide by p(1 − p) of a confident anchor: late in training the ratio explodes and even a linear model looks elastic. Trust medians and the chance of order, not means.",
    },
  ],
};

export interface FakeOptions {
  /** A training step's time; 0 lets everything run as fast as it can. */
  readonly stepMs?: number;
  /** The batch at which a training diverges. */
  readonly divergesAt?: number;
  /** Seed of an experiment that cannot be opened: its model is too large. */
  readonly tooLargeSeed?: number;
  /** Class without which a data set's images are not there. */
  readonly missingClass?: string;
}

const report = (id: "wasm" | "cpu"): BackendReport => ({
  id,
  title: id === "wasm" ? "WebAssembly" : "CPU",
  considered: [
    { id: "webgpu", accepted: false, reason: "This browser has no WebGPU adapter." },
    { id: "webgl", accepted: false, reason: "Only a software renderer is there, which is slower than WebAssembly." },
    { id, accepted: true, reason: "The trial step agreed with the closed form to 3e-7." },
  ],
});

export function fakeLab({ stepMs = 0, divergesAt = Infinity, tooLargeSeed, missingClass }: FakeOptions = {}): Lab {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    describe: async () => fakeCatalogue,
    async chooseBackend(wanted) {
      await wait(stepMs * 20);
      if (wanted === "webgpu" || wanted === "webgl")
        throw new LabError("backend-unsupported", `${wanted} is not there in this browser; choose wasm or cpu.`);
      return report(wanted === "cpu" ? "cpu" : "wasm");
    },
    async *study({ study, params }, { signal, known = new Set() }) {
      if (study !== "clustering") throw new LabError("internal", "This lab has no engine for this study.");
      const chosen = params as unknown as ClusteringParams;
      const { rows, columns, key } = cellsOf(chosen);
      for (const seed of chosen.seeds)
        for (const task of columns)
          for (const method of rows) {
            const own = key(method, task, seed);
            if (known.has(own)) continue;
            yield { kind: "progress", progress: { stage: `${method.title}, seed ${seed}`, share: 0.5 } };
            await wait(stepMs * 10);
            signal.throwIfAborted();
            yield { kind: "finding", key: own, value: fakeClustering(chosen, { method, task, seed }) };
          }
    },
    async images({ classes, trainPerClass, testPerClass }, examples) {
      await wait(stepMs);
      if (missingClass !== undefined && !classes.includes(missingClass))
        throw new LabError("data-unavailable", `No ${missingClass} is there; pack the data set.`);
      const numbers = numbering({ id: "drawn", classes, trainPerClass, testPerClass, params: {} });
      const all = examples.map((example) => picture(numbers.of(example).classIndex, example));
      const bytes = new Uint8Array(all.length * 3072);
      all.forEach((image, at) => bytes.set(image, at * 3072));
      return bytes;
    },
    async *run(spec, inbox, options) {
      if (spec.seed === tooLargeSeed) throw new LabError("too-large", "This model is too large; make it narrower.");
      yield* course(spec, inbox, { ...options, stepMs, divergesAt, wait });
    },
  };
}

/** A blob in the colour of its class on a background of its own. */
function picture(classIndex: number, example: number): Uint8Array {
  const random = rng(1).fork(example);
  const hues = [
    [222, 120, 30],
    [214, 176, 104],
    [120, 110, 110],
    [140, 90, 50],
    [200, 210, 225],
    [60, 90, 140],
    [180, 40, 50],
  ];
  const [r, g, b] = hues[classIndex % hues.length]!;
  const ground = [random.uniform(90, 230), random.uniform(120, 230), random.uniform(100, 235)];
  const [cx, cy, rx, ry] = [
    random.uniform(12, 20),
    random.uniform(13, 20),
    random.uniform(7, 13),
    random.uniform(5, 10),
  ];
  const image = new Uint8Array(3072);
  for (let y = 0; y < 32; y++)
    for (let x = 0; x < 32; x++) {
      const inside = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
      const stripe = classIndex === 0 && inside && (x + (y >> 2)) % 4 === 0 ? 0.25 : 1;
      const colour = inside ? [r!, g!, b!].map((c) => c * stripe) : ground;
      colour.forEach((c, channel) => (image[(y * 32 + x) * 3 + channel] = c + random.uniform(-6, 6)));
    }
  return image;
}

interface CourseOptions extends RunOptions {
  readonly stepMs: number;
  readonly divergesAt: number;
  readonly wait: (ms: number) => Promise<void>;
}

/** The rules of the engine's own loop: urgent commands first, then the next training step, then whatever waits. */
async function* course(
  spec: ExperimentSpec,
  inbox: Inbox,
  { signal, start, stepMs, divergesAt, wait }: CourseOptions,
): AsyncGenerator<Chunk, void> {
  const classes = classesOf(spec, fakeCatalogue);
  const numbers = numbering(spec.dataset);
  const stepsPerEpoch = Math.ceil(numbers.trainCount / spec.training.batchSize);
  const probes = numbers.firstOfEach(spec.probing.probeSplit, spec.probing.probesPerClass);
  const elastic = spec.model.id !== "linear";
  let tick = start?.tick ?? 0;
  let batches = start ? Math.round(start.epoch * stepsPerEpoch) : 0;
  let target = batches;
  let training = false;
  let kept = [{ tick, batches }];

  const epochOf = (count: number): number => count / stepsPerEpoch;

  function evaluated(): Chunk {
    const done = epochOf(batches);
    const floor = elastic ? 0.05 : 0.75;
    const trainLoss = floor + (1.95 - floor) * Math.exp(-done / (elastic ? 3.2 : 4));
    const testLoss = trainLoss + (elastic ? 0.06 : 0.12) * (1 - Math.exp(-done / 5));
    const accuracy = (loss: number): number => Math.max(0.14, 1 - 0.44 * loss);
    return {
      kind: "training",
      row: {
        tick,
        epoch: done,
        trainLoss,
        testLoss,
        trainAccuracy: accuracy(trainLoss),
        testAccuracy: accuracy(testLoss),
      },
    };
  }

  function block(source: Block["source"], at: { tick: number; batches: number }, anchor: number): Block {
    const label = numbers.of(anchor).classIndex;
    const grown = elastic ? 1 - Math.exp(-epochOf(at.batches) / 4) : 0;
    const noise = rng(spec.seed).fork(`${anchor}`);
    const own = spec.probing.delta * (1 + 0.02 * noise.normal());
    const values = probes.map((probe) => {
      const theirs = numbers.of(probe).classIndex;
      const kin = relation(classes[label]!, classes[theirs]!);
      const near = classes[label]!.path[1] !== undefined && classes[label]!.path[1] === classes[theirs]!.path[1];
      const late = { same: 0.62, sibling: near ? 0.38 : 0.27, unrelated: 0.13 }[kin];
      const early = elastic ? { same: 0.66, sibling: 0.55, unrelated: 0.5 }[kin] : 0.52;
      const spread = Math.exp(0.25 * rng(spec.seed).fork(`${anchor}/${probe}`).normal());
      return probe === anchor ? 1 : (early + (late - early) * grown) * spread;
    });
    const ratio = (numerator: (value: number) => number, denominator: number): Ratio => ({
      numerator: Float32Array.from(values, numerator),
      denominator: Float64Array.of(anchor % 97 === 96 ? NaN : denominator),
    });
    return {
      tick: at.tick,
      epoch: epochOf(at.batches),
      source,
      anchors: Int32Array.of(anchor),
      probes: Int32Array.from(probes),
      anchorLabels: Uint8Array.of(label),
      probeLabels: Uint8Array.from(probes, (probe) => numbers.of(probe).classIndex),
      stepSize: Float64Array.of(0.002 + 0.01 * grown),
      ownChange: Float64Array.of(own),
      change: Float32Array.from(values, (value) => value * own),
      before: new Float32Array(probes.length * classes.length),
      outputCount: classes.length,
      measures: {
        relative: ratio((value) => value * own, own),
        kernelized: ratio((value) => value * own, 0.0045),
        probability: ratio((value) => value * own * (1 + 8 * grown), own),
      },
    };
  }

  async function* measured(source: Block["source"], at: { tick: number; batches: number }, anchors: readonly number[]) {
    let done = 0;
    for (const anchor of anchors) {
      yield { kind: "response", block: block(source, at, anchor) } as const;
      done += 1;
      if (source === "schedule") {
        const progress = { stage: "measuring", epoch: epochOf(at.batches), done, total: anchors.length } as const;
        yield { kind: "progress", progress: { ...progress, unit: "anchors", perSecond: 50 } } as const;
      }
      if (stepMs > 0) await wait(stepMs / 4);
      signal.throwIfAborted();
    }
  }

  async function* epochEnd(): AsyncGenerator<Chunk> {
    yield evaluated();
    if (!spec.probing.epochs.includes(epochOf(batches))) return;
    keep();
    const { anchorSplit, anchorsPerClass } = spec.probing;
    yield* measured("schedule", { tick, batches }, numbers.firstOfEach(anchorSplit, anchorsPerClass));
  }

  function keep(): void {
    if (!kept.some((moment) => moment.tick === tick)) kept.push({ tick, batches });
  }

  function* logTraining(): Generator<Chunk> {
    if (training) yield { kind: "log", entry: { command: { do: "train", until: batches }, tick } };
    training = false;
  }

  async function* obey(command: Command): AsyncGenerator<Chunk> {
    if (command.do === "train") {
      target = Math.max(batches, command.until);
      return;
    }
    yield* logTraining();
    if (command.do === "pause") target = batches;
    if (command.do === "learn") {
      tick += 1;
      keep();
      yield { kind: "log", entry: { command: { do: "learn", anchor: command.anchor }, tick } };
      yield evaluated();
    }
    if (command.do === "probe") {
      const { anchors, at } = command;
      yield* measured("probe", momentAt(at ?? tick), anchors);
      yield { kind: "log", entry: { command: { do: "probe", anchors, ...(at === undefined ? {} : { at }) }, tick } };
    }
    if (command.do === "rewind") {
      ({ tick, batches } = momentAt(command.to));
      kept = kept.filter((moment) => moment.tick <= tick);
      target = batches;
      yield { kind: "rewound", tick };
      yield { kind: "log", entry: { command: { do: "rewind", to: tick }, tick } };
    }
  }

  function momentAt(at: number): { tick: number; batches: number } {
    if (at === tick) return { tick, batches };
    const moment = kept.find((one) => one.tick === at);
    if (!moment) throw new LabError("spec-invalid", `The weights of tick ${at} are not kept.`);
    return moment;
  }

  await wait(stepMs * 5);
  yield { kind: "opened", tick, stepsPerEpoch, parameterCount: elastic ? 136_679 : 21_511, dataHash: "fa4e" };
  if (!start) yield* epochEnd();
  for (;;) {
    signal.throwIfAborted();
    const urgent = inbox.urgent();
    if (urgent) {
      yield* obey(urgent);
    } else if (batches < target) {
      await wait(elastic ? stepMs : stepMs / 5);
      signal.throwIfAborted();
      if (batches + 1 >= divergesAt) {
        const good = kept.at(-1)!;
        ({ tick, batches } = good);
        target = batches;
        training = false;
        const message = `Training diverged: the loss is not finite at step ${divergesAt}. The weights are those of epoch ${epochOf(batches)} again; lower the step size ${spec.training.stepSize} and train on.`;
        yield { kind: "diverged", step: divergesAt, tick, message };
        continue;
      }
      tick += 1;
      batches += 1;
      training = true;
      const perSecond = stepMs > 0 ? (1000 / stepMs) * spec.training.batchSize : 0;
      const done = Math.round((epochOf(batches) % 1) * numbers.trainCount);
      const progress = { stage: "training", epoch: epochOf(batches), done, total: numbers.trainCount } as const;
      if (batches % 3 === 0) yield { kind: "progress", progress: { ...progress, unit: "images", perSecond } };
      if (batches % stepsPerEpoch === 0) yield* epochEnd();
      if (batches === target) yield* logTraining();
    } else {
      yield { kind: "idle", tick, epoch: epochOf(batches), keptTicks: kept.map((moment) => moment.tick) };
      const command = await inbox.next(signal);
      if (!command) return;
      yield* obey(command);
    }
  }
}

/** All chunks of a whole script. */
export async function chunksOf(lab: Lab, spec: ExperimentSpec, inbox: Inbox, signal: Signal): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of lab.run(spec, inbox, { signal })) if (chunk.kind !== "progress") chunks.push(chunk);
  return chunks;
}

/** The files of a recorded run, made by the fake lab. */
export async function fakeRecording(
  inboxOf: (commands: readonly Command[]) => Inbox,
): Promise<Map<string, Uint8Array>> {
  const lab = fakeLab();
  const spec = parseSpec({}, fakeCatalogue);
  const beside = parseSpec({ model: { id: "linear" } }, fakeCatalogue).model;
  const numbers = numbering(spec.dataset);
  const until = Math.ceil(numbers.trainCount / spec.training.batchSize) * spec.training.epochs;
  const signal = new AbortController().signal;
  const runs = [];
  for (const own of [spec, { ...spec, model: beside }])
    runs.push({ chunks: await chunksOf(lab, own, inboxOf([{ do: "train", until }]), signal) });
  const snapshot: Snapshot = { tick: until, epoch: spec.training.epochs, weights: [] };
  const examples = Int32Array.from([...numbers.firstOfEach("train", 30), ...numbers.firstOfEach("test", 40)]);
  const results = { spec, beside, catalogue: fakeCatalogue, backend: "fake", runs };
  return new Map([
    ["recorded/results.bin", pack(results)],
    [
      "recorded/images.bin",
      pack({ dataset: spec.dataset, examples, pixels: await lab.images(spec.dataset, [...examples]) }),
    ],
    ["recorded/weights.bin", pack({ snapshots: [snapshot, snapshot] })],
  ]);
}
