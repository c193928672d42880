// The experiment itself: commands in, chunks of the table out. A loop that obeys a command when there is one and else takes
// one more training step towards its target.
import { rng } from "../math/rng.ts";
import { measures } from "./catalogue.ts";
import type { Command, Inbox, Signal } from "./command.ts";
import type { ExampleId, Host, Learner, LossId, Response, StepRule, Watch } from "./contracts.ts";
import type { Dataset } from "./dataset.ts";
import { LabError } from "./error.ts";
import type { Snapshot } from "./lab.ts";
import { numbering, type ExperimentSpec } from "./spec.ts";
import type { Block, Chunk, Progress, TrainingRow } from "./table.ts";
import { evaluate } from "./tensor/loss.ts";

/** Everything one experiment runs on. */
export interface Bench<S> {
  readonly spec: ExperimentSpec;
  readonly dataset: Dataset;
  readonly learner: Learner<S>;
  readonly start?: Snapshot;
}

interface Platform {
  readonly host: Host;
  readonly signal: Signal;
  readonly whole: boolean;
}

/** A moment of the trajectory whose weights are kept. */
interface Moment<S> {
  readonly state: S;
  /** Weight updates since the start. */
  readonly tick: number;
  /** Training batches since the start. */
  readonly batches: number;
}

/** Weights kept for looking back, in bytes over all moments of one experiment. */
const keptBytes = 256 * 2 ** 20;
/** Loss and accuracy are taken on at most this many images of each split, evenly over the classes. */
export const evaluationCount = 2000;
const progressIntervalMs = 100;

/** @throws LabError; the signal's reason when it is raised. */
export async function* perform<S>(bench: Bench<S>, inbox: Inbox, platform: Platform): AsyncGenerator<Chunk, void> {
  const course = new Course(bench, inbox, platform);
  try {
    yield* course.open();
    for (;;) {
      const urgent = inbox.urgent();
      if (urgent) yield* course.attempt(urgent);
      else if (course.behind) yield* course.advance();
      else {
        yield* course.rest();
        const command = await inbox.next(platform.signal);
        if (!command) return;
        yield* course.attempt(command);
      }
    }
  } finally {
    course.close();
  }
}

/** Where an experiment stands: its live state, its kept moments, and how far it has been asked to train. */
class Course<S> {
  readonly #bench: Bench<S>;
  readonly #inbox: Inbox;
  readonly #host: Host;
  readonly #signal: Signal;
  readonly #whole: boolean;
  readonly #numbers;
  readonly #probes: readonly ExampleId[];
  readonly #stepsPerEpoch: number;
  #now: Moment<S>;
  #target: number;
  /** True between the first step of a training and its entry in the log. */
  #training = false;
  #kept: Moment<S>[] = [];
  #order: { epoch: number; ids: ExampleId[] } = { epoch: -1, ids: [] };
  #losses: { step: number; loss(): Promise<number> }[] = [];
  #pace = { at: 0, images: 0, perSecond: 0 };
  /** The probes at the state that was measured last, for the next anchor there. */
  #watched: { state: S; watch: Watch } | undefined;

  constructor(bench: Bench<S>, inbox: Inbox, { host, signal, whole }: Platform) {
    this.#bench = bench;
    this.#inbox = inbox;
    this.#host = host;
    this.#signal = signal;
    this.#whole = whole;
    this.#numbers = numbering(bench.spec.dataset);
    this.#probes = this.#numbers.firstOfEach(bench.spec.probing.probeSplit, bench.spec.probing.probesPerClass);
    this.#stepsPerEpoch = Math.ceil(bench.dataset.trainCount / bench.spec.training.batchSize);
    const { learner, start } = bench;
    const batches = start ? Math.round(start.epoch * this.#stepsPerEpoch) : 0;
    this.#now = { state: start ? learner.restore(start.weights) : learner.start(), tick: start?.tick ?? 0, batches };
    this.#target = batches;
  }

  get behind(): boolean {
    return this.#now.batches < this.#target;
  }

  async *open(): AsyncGenerator<Chunk> {
    const { learner, dataset, start } = this.#bench;
    yield {
      kind: "opened",
      tick: this.#now.tick,
      stepsPerEpoch: this.#stepsPerEpoch,
      parameterCount: learner.parameterCount,
      dataHash: dataset.hash,
    };
    this.#keep();
    if (!start) yield* this.#epochEnd();
  }

  /** A live command that cannot be carried out is refused and the experiment goes on; one of a script ends it. */
  async *attempt(command: Command): AsyncGenerator<Chunk> {
    try {
      yield* this.#obey(command);
    } catch (error) {
      if (!command.now || !(error instanceof LabError) || error.code !== "spec-invalid") throw error;
      yield { kind: "refused", command, message: error.message };
    }
  }

  async *#obey(command: Command): AsyncGenerator<Chunk> {
    if (command.do === "train") {
      this.#target = Math.max(this.#now.batches, wholeNumber("train.until", command.until));
      return;
    }
    yield* this.#logTraining();
    switch (command.do) {
      case "pause":
        this.#target = this.#now.batches;
        break;
      case "learn":
        yield* this.#learn(command.anchor);
        break;
      case "probe":
        yield* this.#probe(command.anchors, command.at);
        break;
      case "rewind":
        yield* this.#rewind(command.to);
        break;
      case "save":
        yield { kind: "snapshot", snapshot: await this.#snapshot() };
        break;
    }
  }

  /** One training step; at the end of an epoch also the evaluation and, where the schedule says so, the measuring. */
  async *advance(): AsyncGenerator<Chunk> {
    const { spec, learner } = this.#bench;
    const { batchSize, stepSize, momentum } = spec.training;
    const epoch = Math.floor(this.#now.batches / this.#stepsPerEpoch);
    const first = (this.#now.batches % this.#stepsPerEpoch) * batchSize;
    const examples = this.#epochOrder(epoch).slice(first, first + batchSize);
    const { state, loss } = learner.nudge(this.#now.state, examples, { stepSize, momentum });
    this.#move({ state, tick: this.#now.tick + 1, batches: this.#now.batches + 1 });
    this.#training = true;
    this.#losses.push({ step: this.#now.batches, loss });
    this.#pace.images += examples.length;
    await this.#breathe();
    const ended = this.#now.batches % this.#stepsPerEpoch === 0;
    const due = this.#host.now() - this.#pace.at > progressIntervalMs;
    if (due || ended || !this.behind) {
      const troubled = await this.#troubledStep();
      if (troubled !== undefined) return yield* this.#retreat(troubled);
    }
    if (due) yield this.#trainingProgress(first + examples.length);
    if (ended) yield* this.#epochEnd();
    if (!this.behind) yield* this.#logTraining();
  }

  async *rest(): AsyncGenerator<Chunk> {
    yield { kind: "idle", tick: this.#now.tick, epoch: this.#epoch, keptTicks: this.#kept.map(({ tick }) => tick) };
  }

  close(): void {
    this.#unwatch();
    const states = new Set([...this.#kept.map(({ state }) => state), this.#now.state]);
    for (const state of states) this.#bench.learner.release(state);
    this.#kept = [];
    for (const { loss } of this.#losses) void loss();
  }

  get #epoch(): number {
    return this.#now.batches / this.#stepsPerEpoch;
  }

  #epochOrder(epoch: number): ExampleId[] {
    if (this.#order.epoch !== epoch) {
      const all = Array.from({ length: this.#bench.dataset.trainCount }, (_, id) => id);
      this.#order = { epoch, ids: rng(this.#bench.spec.seed).fork("training order").fork(epoch).shuffled(all) };
    }
    return this.#order.ids;
  }

  /** Goes on to another state and frees the one before unless it is kept. */
  #move(next: Moment<S>): void {
    this.#unwatch();
    const before = this.#now.state;
    this.#now = next;
    if (before !== next.state && !this.#kept.some(({ state }) => state === before)) this.#bench.learner.release(before);
  }

  /** Keeps the current weights; beyond the budget the oldest go first, but never the start. */
  #keep(): void {
    if (this.#kept.some(({ tick }) => tick === this.#now.tick)) return;
    this.#kept.push(this.#now);
    const most = Math.max(2, Math.floor(keptBytes / this.#bench.learner.stateBytes));
    while (this.#kept.length > most) {
      const [dropped] = this.#kept.splice(1, 1);
      if (dropped && dropped.state !== this.#now.state) this.#bench.learner.release(dropped.state);
    }
  }

  async *#logTraining(): AsyncGenerator<Chunk> {
    if (!this.#training) return;
    this.#training = false;
    yield { kind: "log", entry: { command: { do: "train", until: this.#now.batches }, tick: this.#now.tick } };
  }

  async *#learn(anchor: ExampleId): AsyncGenerator<Chunk> {
    const { learner } = this.#bench;
    this.#numbers.of(anchor);
    const eta = await this.#etaOf(anchor);
    const { state, loss } = learner.nudge(this.#now.state, [anchor], { stepSize: eta, momentum: 0 });
    await loss();
    this.#move({ state, tick: this.#now.tick + 1, batches: this.#now.batches });
    this.#keep();
    yield { kind: "log", entry: { command: { do: "learn", anchor }, tick: this.#now.tick } };
    yield { kind: "training", row: await this.#evaluated() };
  }

  /** The eta of a permanent step is the one a probe would have taken, by its finite change. */
  async #etaOf(anchor: ExampleId): Promise<number> {
    const watch = await this.#bench.learner.watch(this.#now.state, [anchor]);
    try {
      for await (const { stepSize } of watch.respond([anchor], { ...this.#rule, order: "finite" })) {
        if (Number.isFinite(stepSize[0])) return stepSize[0]!;
      }
    } finally {
      watch.release();
    }
    throw new LabError(
      "spec-invalid",
      `No step makes the own score of example ${anchor} rise by ${this.#bench.spec.probing.delta}; choose the fixed step rule.`,
    );
  }

  async *#probe(anchors: readonly ExampleId[], at: number | undefined): AsyncGenerator<Chunk> {
    for (const anchor of anchors) this.#numbers.of(anchor);
    const moment = at === undefined ? this.#now : this.#momentAt(at);
    yield* this.#measured("probe", moment, anchors);
    yield {
      kind: "log",
      entry: { command: { do: "probe", anchors, ...(at === undefined ? {} : { at }) }, tick: this.#now.tick },
    };
  }

  async *#rewind(to: number): AsyncGenerator<Chunk> {
    const moment = this.#momentAt(to);
    this.#move(moment);
    for (const later of this.#kept.filter(({ tick }) => tick > to)) this.#bench.learner.release(later.state);
    this.#kept = this.#kept.filter(({ tick }) => tick <= to);
    this.#target = moment.batches;
    yield { kind: "rewound", tick: to };
    yield { kind: "log", entry: { command: { do: "rewind", to }, tick: to } };
  }

  async #snapshot(): Promise<Snapshot> {
    const weights = await this.#bench.learner.weights(this.#now.state);
    return { tick: this.#now.tick, epoch: this.#epoch, weights };
  }

  #momentAt(tick: number): Moment<S> {
    const moment = tick === this.#now.tick ? this.#now : this.#kept.find((kept) => kept.tick === tick);
    if (moment) return moment;
    const there = this.#kept.map((kept) => kept.tick).join(", ");
    throw new LabError("spec-invalid", `The weights of tick ${tick} are not kept; kept are: ${there}.`);
  }

  async *#epochEnd(): AsyncGenerator<Chunk> {
    const { epochs } = this.#bench.spec.probing;
    yield { kind: "training", row: await this.#evaluated() };
    if (!epochs.includes(this.#epoch)) {
      this.#keepLast();
      return;
    }
    this.#keep();
    yield* this.#measured("schedule", this.#now, this.#scheduledAnchors());
  }

  /** The last whole epoch is where a diverged training goes back to; between measured epochs only the newest is kept. */
  #keepLast(): void {
    const { epochs } = this.#bench.spec.probing;
    const stale = this.#kept.findLast(
      ({ tick, batches }) => tick > 0 && !epochs.includes(batches / this.#stepsPerEpoch),
    );
    if (stale && stale.tick === stale.batches) {
      this.#kept = this.#kept.filter((kept) => kept !== stale);
      this.#bench.learner.release(stale.state);
    }
    this.#keep();
  }

  #scheduledAnchors(): ExampleId[] {
    const { anchorSplit, anchorsPerClass } = this.#bench.spec.probing;
    return this.#numbers.firstOfEach(anchorSplit, anchorsPerClass);
  }

  async #watch(state: S): Promise<Watch> {
    if (this.#watched?.state !== state) {
      this.#unwatch();
      this.#watched = { state, watch: await this.#bench.learner.watch(state, this.#probes) };
    }
    return this.#watched.watch;
  }

  #unwatch(): void {
    this.#watched?.watch.release();
    this.#watched = undefined;
  }

  /** Responses at a moment. Whoever clicks while the scheduled anchors are measured is answered before the rest of them. */
  async *#measured(source: Block["source"], moment: Moment<S>, anchors: readonly ExampleId[]): AsyncGenerator<Chunk> {
    const started = this.#host.now();
    try {
      for (let done = 0; done < anchors.length;) {
        const watch = await this.#watch(moment.state);
        let click: Command | undefined;
        for await (const response of watch.respond(anchors.slice(done), this.#rule)) {
          yield this.#response(response, { source, moment, anchor: anchors[done]! });
          done += 1;
          if (source === "schedule")
            yield progressOf("measuring", this.#epoch, {
              done,
              total: anchors.length,
              unit: "anchors",
              perSecond: (1000 * done) / Math.max(1, this.#host.now() - started),
            });
          await this.#breathe();
          click = source === "schedule" ? this.#inbox.urgent("probe") : undefined;
          if (click) break;
        }
        if (click) yield* this.attempt(click);
      }
    } finally {
      this.#pace = { at: this.#host.now(), images: 0, perSecond: this.#pace.perSecond };
    }
  }

  #response(
    response: Response,
    { source, moment, anchor }: { source: Block["source"]; moment: Moment<S>; anchor: ExampleId },
  ): Chunk {
    const { dataset } = this.#bench;
    const probes = this.#probes;
    return {
      kind: "response",
      block: blockOf(response, {
        tick: moment.tick,
        epoch: moment.batches / this.#stepsPerEpoch,
        source,
        anchors: Int32Array.of(anchor),
        probes: Int32Array.from(probes),
        probeLabels: Uint8Array.from(probes, (id) => dataset.labels[id]!),
        ...(this.#whole ? { wholeChange: Float32Array.from(response.change.data) } : {}),
      }),
    };
  }

  get #rule(): StepRule {
    const { rule, eta, delta, order } = this.#bench.spec.probing;
    return rule === "fixed" ? { rule, eta, order } : { rule: "own rise", delta, order };
  }

  async #evaluated(): Promise<TrainingRow> {
    const train = await this.#evaluate("train");
    const test = await this.#evaluate("test");
    return {
      tick: this.#now.tick,
      epoch: this.#epoch,
      trainLoss: train.loss,
      trainAccuracy: train.accuracy,
      testLoss: test.loss,
      testAccuracy: test.accuracy,
    };
  }

  async #evaluate(split: "train" | "test"): Promise<{ loss: number; accuracy: number }> {
    const { spec, learner, dataset } = this.#bench;
    const perClass = split === "train" ? spec.dataset.trainPerClass : spec.dataset.testPerClass;
    const most = Math.max(1, Math.floor(evaluationCount / dataset.classes.length));
    const examples = this.#numbers.firstOfEach(split, Math.min(perClass, most));
    const scores = await learner.predict(this.#now.state, examples);
    await this.#breathe();
    return evaluate(
      spec.training.loss as LossId,
      scores,
      examples.map((id) => dataset.labels[id]!),
    );
  }

  /** The first training step since the last look whose mean loss is not a finite number. */
  async #troubledStep(): Promise<number | undefined> {
    let troubled: number | undefined;
    for (const { step, loss } of this.#losses.splice(0)) if (!Number.isFinite(await loss())) troubled ??= step;
    return troubled;
  }

  /** Back to the last whole epoch after a divergence. */
  async *#retreat(step: number): AsyncGenerator<Chunk> {
    const { spec } = this.#bench;
    const good = this.#kept.at(-1)!;
    this.#move(good);
    this.#target = good.batches;
    yield* this.#logTraining();
    const epoch = good.batches / this.#stepsPerEpoch;
    yield {
      kind: "diverged",
      step,
      tick: good.tick,
      message: `Training diverged: the loss is not finite at step ${step}. The weights are those of epoch ${+epoch.toFixed(2)} again; lower the step size ${spec.training.stepSize} and train on.`,
    };
  }

  #trainingProgress(done: number): Chunk {
    const now = this.#host.now();
    const perSecond = (1000 * this.#pace.images) / Math.max(1, now - this.#pace.at);
    this.#pace = {
      at: now,
      images: 0,
      perSecond: this.#pace.perSecond ? 0.7 * this.#pace.perSecond + 0.3 * perSecond : perSecond,
    };
    const total = this.#bench.dataset.trainCount;
    return progressOf("training", this.#epoch, { done, total, unit: "images", perSecond: this.#pace.perSecond });
  }

  async #breathe(): Promise<void> {
    await this.#host.breathe();
    this.#signal.throwIfAborted();
  }
}

function progressOf(stage: Progress["stage"], epoch: number, rest: Omit<Progress, "stage" | "epoch">): Chunk {
  return { kind: "progress", progress: { stage, epoch, ...rest } };
}

function wholeNumber(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new LabError("spec-invalid", `${name} is ${value}; give a whole number from 0 on.`);
}

/** A response and where it belongs, as a block of the table. */
function blockOf(
  response: Response,
  place: Pick<Block, "tick" | "epoch" | "source" | "anchors" | "probes" | "probeLabels" | "wholeChange">,
): Block {
  const outputCount = response.before.columns;
  const probeCount = response.before.rows;
  const own = (row: number): number => response.anchorLabels[row]!;
  return {
    ...place,
    anchorLabels: response.anchorLabels,
    stepSize: response.stepSize,
    ownChange: Float64Array.from(
      response.anchorLabels,
      (label, row) => response.anchorChange.data[row * outputCount + label]!,
    ),
    change: Float32Array.from({ length: response.anchorLabels.length * probeCount }, (_, at) => {
      const row = Math.floor(at / probeCount);
      return response.change.data[at * outputCount + own(row)]!;
    }),
    before: Float32Array.from(response.before.data),
    outputCount,
    measures: Object.fromEntries(
      measures.map((measure) => [
        measure.id,
        { numerator: measure.numerator(response).data as Float32Array, denominator: measure.denominator(response) },
      ]),
    ),
  };
}
