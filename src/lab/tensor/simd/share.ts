// A share of the probes: laid out here or in a helper's memory, and the steps on anchors carried to them. Who computes a probe
// does not change its bits, so any number of shares gives the same matrix.
import { Columns, type Block } from "./columns.ts";
import { Arena } from "./module.ts";
import {
  Propagator,
  type Anchors,
  type Examples,
  type Numbers,
  type Overlaps,
  type Plan,
  type Step,
} from "./propagator.ts";

export interface Share {
  /** Weights of a state, by layer. */
  begin(plan: Plan, weights: Numbers): Promise<void>;
  /** Some units of the first dense layer, in the place of those before. */
  hold(block: Block): Promise<void>;
  /** Their outputs. @param x [example, input] @returns [example, unit] */
  project(x: Float32Array, count: number): Promise<Float32Array>;
  /** Some more probes, before or after the anchors: the inputs of their layers. */
  lay(inputs: Numbers, count: number): Promise<void>;
  /** Forgets the probes; weights and anchors stay. So probes that do not fit at once pass by the same anchors in turn. */
  clear(): Promise<void>;
  /** Anchors in the place of those before: inputs and backward signals of their layers. */
  meet(inputs: Numbers, signals: Numbers, count: number): Promise<void>;
  /** By step: the change of every score at every probe of this share, in order. */
  changes(steps: readonly Step[]): Promise<Float32Array[]>;
  end(): Promise<void>;
}

/** Undefined where the platform has no wasm with SIMD. */
export function localShare(): Promise<LocalShare | undefined> {
  const [arena, another] = [Arena.borrow(), Arena.borrow()];
  return Promise.resolve(arena && another && new LocalShare(arena, new Columns(another)));
}

export class LocalShare implements Share {
  readonly #arena: Arena;
  readonly #columns: Columns;
  #propagator: Propagator | undefined;
  #probes: { readonly examples: Examples; overlaps: Overlaps }[] = [];
  #met: { readonly anchors: Anchors; readonly own: Overlaps } | undefined;
  /** How far up the memory weights, anchors and probes reach. */
  #ends = { weights: 0, anchors: 0, probes: 0 };

  constructor(arena: Arena, columns: Columns) {
    this.#arena = arena;
    this.#columns = columns;
  }

  begin(plan: Plan, weights: Numbers): Promise<void> {
    this.#propagator = new Propagator(this.#arena, plan, weights);
    this.#probes = [];
    this.#met = undefined;
    this.#ends.weights = this.#propagator.mark;
    return Promise.resolve();
  }

  hold(block: Block): Promise<void> {
    this.#columns.hold(block);
    return Promise.resolve();
  }

  project(x: Float32Array, count: number): Promise<Float32Array> {
    return Promise.resolve(this.#columns.project(x, count));
  }

  lay(inputs: Numbers, count: number): Promise<void> {
    if (count === 0) return Promise.resolve();
    const propagator = this.#propagator!;
    const examples = propagator.lay(inputs, count);
    this.#ends.probes = propagator.mark;
    this.#probes.push({ examples, overlaps: this.#met ? propagator.overlaps(this.#met.anchors, examples) : [] });
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#probes = [];
    this.#propagator!.cut(this.#met ? this.#ends.anchors : this.#ends.weights);
    return Promise.resolve();
  }

  meet(inputs: Numbers, signals: Numbers, count: number): Promise<void> {
    const propagator = this.#propagator!;
    propagator.cut(this.#probes.length > 0 ? this.#ends.probes : this.#ends.weights);
    const anchors = propagator.layAnchors(propagator.lay(inputs, count), signals);
    this.#met = { anchors, own: propagator.ownOverlaps(anchors) };
    this.#ends.anchors = propagator.mark;
    for (const probes of this.#probes) probes.overlaps = propagator.overlaps(anchors, probes.examples);
    return Promise.resolve();
  }

  changes(steps: readonly Step[]): Promise<Float32Array[]> {
    const { anchors } = this.#met!;
    const propagator = this.#propagator!;
    const { outputCount } = propagator;
    const probeCount = this.#probes.reduce((sum, { examples: { count } }) => sum + count, 0);
    const moved = steps.map(() => new Float32Array(probeCount * outputCount));
    let first = 0;
    for (const { examples, overlaps } of this.#probes) {
      const end = first + examples.count * outputCount;
      const own = moved.map((all) => all.subarray(first, end));
      propagator.change(anchors, steps, { examples, overlaps, from: 0, to: examples.count }, own);
      first = end;
    }
    return Promise.resolve(moved);
  }

  /** The change of every score at the anchor itself. */
  ownChange(step: Step): Float32Array {
    const { anchors, own } = this.#met!;
    return this.#propagator!.changeAt(anchors, step, anchors.examples, own, step.anchor);
  }

  end(): Promise<void> {
    this.#propagator = undefined;
    this.#probes = [];
    this.#met = undefined;
    this.#arena.giveBack();
    this.#columns.release();
    return Promise.resolve();
  }
}

/** One after another. */
export function concatenated(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// ---- a share in another worker

/** A helper's end of a channel, as a Worker has it. */
export interface HelperPort {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** The worker could not start, or threw. */
  addEventListener(type: "error", listener: () => void): void;
}

type Method = keyof Share;
type Value = Float32Array | readonly Float32Array[];
interface Request {
  readonly id: number;
  /** Which of the shares that this helper holds. */
  readonly share: number;
  readonly method: Method;
  readonly words: readonly unknown[];
}
interface Reply {
  readonly id: number;
  readonly value?: Value;
  readonly failure?: string;
}

/** What may be handed over; memory that is shared stays where it is. */
const buffersOf = (value: Value | undefined): ArrayBuffer[] =>
  (value instanceof Float32Array ? [value] : (value ?? [])).flatMap(({ buffer }) =>
    buffer instanceof ArrayBuffer ? [buffer] : [],
  );

/** What a helper does all its life. */
export function serveShares(port: HelperPort): void {
  const shares = new Map<number, Promise<Share | undefined>>();
  port.addEventListener("message", ({ data }) => {
    const { id, share, method, words } = data as Request;
    if (!shares.has(share)) shares.set(share, localShare());
    const own = shares.get(share)!;
    const answer = own.then(async (there): Promise<Reply> => {
      if (!there) throw new Error("no wasm with SIMD");
      const value = await (there[method] as (...given: readonly unknown[]) => Promise<Value | undefined>)(...words);
      if (method === "end") shares.delete(share);
      return { id, ...(value ? { value } : {}) };
    });
    // One after another: the next message waits until this share has done.
    shares.set(
      share,
      answer.then(
        () => own,
        () => own,
      ),
    );
    answer.then(
      (reply) => port.postMessage(reply, buffersOf(reply.value)),
      (error: unknown) => port.postMessage({ id, failure: String(error) } satisfies Reply),
    );
  });
}

const lost = (): Error => new Error("A helper was lost.");

/** A helper's desk on this side: hands out shares that live over there. */
export class Helper {
  readonly #port: HelperPort;
  readonly #waiting = new Map<number, { resolve(value: Value | undefined): void; reject(error: Error): void }>();
  #lastId = 0;
  #lastShare = 0;
  #isLost = false;

  constructor(port: HelperPort) {
    this.#port = port;
    port.addEventListener("message", ({ data }) => {
      const { id, value, failure } = data as Reply;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(failure));
    });
    port.addEventListener("error", () => {
      this.#isLost = true;
      for (const { reject } of this.#waiting.values()) reject(lost());
      this.#waiting.clear();
    });
  }

  share(): Share {
    const share = ++this.#lastShare;
    const ask = (method: Method, words: readonly unknown[], transfer: ArrayBuffer[] = []) =>
      new Promise<Value | undefined>((resolve, reject) => {
        if (this.#isLost) return reject(lost());
        const id = ++this.#lastId;
        this.#waiting.set(id, { resolve, reject });
        this.#port.postMessage({ id, share, method, words } satisfies Request, transfer);
      });
    return {
      begin: async (plan, weights) => void (await ask("begin", [plan, weights])),
      hold: async (block) => void (await ask("hold", [block], buffersOf([block.weights, block.bias]))),
      project: async (x, count) => (await ask("project", [x, count], buffersOf(x))) as Float32Array,
      lay: async (inputs, count) => void (await ask("lay", [inputs, count], buffersOf([...inputs.values()]))),
      clear: async () => void (await ask("clear", [])),
      meet: async (inputs, signals, count) =>
        void (await ask("meet", [inputs, signals, count], buffersOf([...inputs.values(), ...signals.values()]))),
      changes: async (steps) => (await ask("changes", [steps])) as Float32Array[],
      end: async () => void (await ask("end", [])),
    };
  }
}
