// One run of the neurashed-style model: trained step by step, and measured at its moments.
import { mutualInformation } from "../../../math/information.ts";
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import type { Examples, Learner } from "../../contracts.ts";
import { relativeSimilarity } from "../../similarity.ts";
import {
  firedBy,
  levelCount,
  participation,
  pathParticipation,
  scores,
  type Graph,
} from "../../simulators/neurashed.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import { accuracyOf } from "../../training.ts";
import type { NeurashedFinding } from "./finding.ts";
import {
  batchSizesOf,
  classesOf,
  graphOfStudy,
  momentsOf,
  neurashedKey,
  seedsOf,
  type NeurashedParams,
} from "./setting.ts";

/** Training examples first, class by class, then the probes. */
interface Table {
  readonly graph: Graph;
  readonly examples: Examples;
  readonly training: readonly number[];
  readonly anchors: readonly number[];
  readonly probes: readonly number[];
}

export async function* run(
  chosen: NeurashedParams,
  desk: Desk,
  known: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<NeurashedFinding>> {
  const table = tableOf(chosen);
  for (const batchSize of batchSizesOf(chosen))
    for (const seed of seedsOf(chosen)) {
      const key = neurashedKey(chosen, batchSize, seed);
      if (known.has(key)) continue;
      yield { kind: "progress", progress: { stage: `batch size ${batchSize}, seed ${seed}`, share: 0 } };
      const value = await measured(chosen, desk, table, { batchSize, seed });
      yield { kind: "finding", key, value };
    }
}

function tableOf(chosen: NeurashedParams): Table {
  const classes = classesOf(chosen);
  const { examplesPerClass, anchorsPerClass, probesPerClass } = chosen;
  const labels = [examplesPerClass, probesPerClass].flatMap((count) =>
    classes.flatMap((_, label) => Array.from({ length: count }, () => label)),
  );
  const all = labels.map((_, example) => example);
  const training = all.slice(0, classes.length * examplesPerClass);
  return {
    graph: graphOfStudy(chosen),
    examples: { shape: [], outputCount: classes.length, labels, classes, read: () => new Float32Array() },
    training,
    anchors: training.filter((example) => example % examplesPerClass < anchorsPerClass),
    probes: all.slice(training.length),
  };
}

interface Which {
  readonly batchSize: number;
  readonly seed: number;
}

async function measured(
  chosen: NeurashedParams,
  desk: Desk,
  table: Table,
  { batchSize, seed }: Which,
): Promise<NeurashedFinding> {
  const { graph, examples, training } = table;
  const { graph: sharing, nodes, fireChance, patience, most, rate } = chosen;
  const learner = desk.network({
    model: { id: "neurashed", params: { graph: sharing, nodes, fireChance, patience, most } },
    examples,
    loss: "cross-entropy",
    seed,
  });
  const fires = table.probes.map((probe) => firedBy(graph, examples.labels[probe]!, fireChance, seed, probe));
  const batches = batchesOf(training, batchSize, seed);
  const moments = momentsOf(chosen);
  const shots: Shot[] = [];
  let state = learner.start();
  for (let step = 0; ; step++) {
    if (step === moments[shots.length]) {
      shots.push(await shot(chosen, learner, state, { ...table, fires }));
      await desk.breathe();
    }
    if (step === chosen.steps) break;
    state = learner.nudge(state, batches.next().value!, { stepSize: rate, momentum: 0 }).state;
  }
  const list = (value: (one: Shot) => number): Float64Array => Float64Array.from(shots, value);
  return {
    steps: Int32Array.from(moments),
    factors: Float32Array.from(shots.flatMap(({ factors }) => [...factors])),
    pairs: Float64Array.from(shots.flatMap(({ pairs }) => pairs)),
    participation: list(({ factors }) => participation(factors)),
    paths: list(({ factors }) => pathParticipation(graph, factors)),
    inputInformation: Float64Array.from(shots.flatMap(({ input }) => input)),
    labelInformation: Float64Array.from(shots.flatMap(({ label }) => label)),
    accuracy: list(({ accuracy }) => accuracy),
  };
}

/** Epoch after epoch in a new order; the last batch of an epoch may be smaller. */
function* batchesOf(training: readonly number[], batchSize: number, seed: number): Generator<number[], never> {
  const orders = rng(seed).fork("training order");
  for (let epoch = 0; ; epoch++) {
    const order = orders.fork(epoch).shuffled(training);
    for (let first = 0; first < order.length; first += batchSize) yield order.slice(first, first + batchSize);
  }
}

interface Shot {
  readonly factors: Float32Array;
  readonly pairs: number[];
  readonly input: number[];
  readonly label: number[];
  readonly accuracy: number;
}

async function shot(
  { rate, bins }: NeurashedParams,
  learner: Learner<unknown>,
  state: unknown,
  { graph, examples, anchors, probes, fires }: Table & { readonly fires: readonly Uint8Array[] },
): Promise<Shot> {
  const [factors] = await learner.weights(state);
  const labels = probes.map((probe) => examples.labels[probe]!);
  const seen = fires.map((each) => scores(graph, factors!, each));
  const levels = Array.from({ length: levelCount(graph) }, (_, level) => binned(graph, seen, level, bins));
  return {
    factors: factors!,
    pairs: await pairsOf(learner, state, { examples, anchors, probes }, rate),
    // Each probe is a value of X of its own and T a function of it, so I(X; T) is the entropy of T over the probes.
    input: levels.map((cells) => mutualInformation(probes, cells)),
    label: levels.map((cells) => mutualInformation(labels, cells)),
    accuracy: await accuracyOf(learner, state, examples, probes),
  };
}

/** The scores of a level's nodes, each by its bin, as one word an example. */
function binned(graph: Graph, seen: readonly Float64Array[], level: number, bins: number): string[] {
  const places = graph.nodes.flatMap((node, at) => (node.level === level ? [at] : []));
  const highest = Math.max(...seen.flatMap((own) => places.map((at) => own[at]!))) || 1;
  return seen.map((own) => places.map((at) => Math.min(bins - 1, Math.floor((bins * own[at]!) / highest))).join(" "));
}

/**
 * An anchor whose own score rises by less than this share of g times itself is at rest: all that it fires is at its largest factor,
 * and what its step does is to let the rest decay. It is not measurable.
 */
const rest = 1e-3;

/** [anchor class, probe class], flat. */
async function pairsOf(
  learner: Learner<unknown>,
  state: unknown,
  { examples: { labels, outputCount }, anchors, probes }: Pick<Table, "examples" | "anchors" | "probes">,
  eta: number,
): Promise<number[]> {
  const means: number[][] = Array.from({ length: outputCount ** 2 }, () => []);
  const watch = await learner.watch(state, probes);
  let at = 0;
  for await (const response of watch.respond(anchors, { rule: "fixed", eta })) {
    const own = labels[anchors[at]!]!;
    const isAtRest = response.anchorChange.data[own]! < rest * eta * response.anchorBefore.data[own]!;
    const similarity = isAtRest ? new Float64Array(probes.length).fill(NaN) : relativeSimilarity(response);
    for (let label = 0; label < outputCount; label++)
      means[own * outputCount + label]!.push(mean(similarity.filter((_, probe) => labels[probes[probe]!] === label)));
    at += 1;
  }
  watch.release();
  return means.map(mean);
}
