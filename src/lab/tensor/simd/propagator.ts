// The exact response of rectified networks on the processor: the layers' rules in SIMD, with nothing of size anchors x probes
// x units ever in memory. Two dense layers take some anchors and a tile of probes at a time, deeper dense networks an anchor and
// a tile of probes, others one anchor after another at one probe.
import type { Layer } from "../layer.ts";
import { Arena } from "./module.ts";

/** Rows of four; padding is 0 in inputs and weights alike, and so changes nothing. */
const padded = (count: number): number => (count + 3) & ~3;

/** conv, max-pool and relu in a row. */
interface ConvStage {
  readonly kind: "conv";
  /** Which layer the convolution is. */
  readonly at: number;
  readonly rows: number;
  readonly width: number;
  readonly depth: number;
  readonly channels: number;
  readonly kernel: number;
  /** Of its output, for the next convolution. */
  readonly margin: number;
}

/** dense, with or without a relu behind it. */
interface DenseStage {
  readonly kind: "dense";
  readonly at: number;
  /** Its input is so many groups of `depth` numbers, each padded: pixels of an image, or all in one. */
  readonly groups: number;
  readonly depth: number;
  readonly width: number;
  readonly isRectified: boolean;
}

export interface Plan {
  readonly conv: readonly ConvStage[];
  readonly dense: readonly DenseStage[];
}

/** How the layers are carried out; undefined where some of them have no kernels here. */
export function planOf(layers: readonly Layer[]): Plan | undefined {
  const conv: Omit<ConvStage, "margin">[] = [];
  const kindAt = (at: number): string | undefined => layers[at]?.kind;
  let at = 0;
  for (; isFiltered(layers[at]) && isHalved(layers[at + 1]) && kindAt(at + 2) === "relu"; at += 3) {
    const [rows, width, depth] = layers[at]!.inputShape as [number, number, number];
    const [kernel, , , channels] = layers[at]!.weightShapes[0] as [number, number, number, number];
    conv.push({ kind: "conv", at, rows, width, depth, channels, kernel });
  }
  const isFlattened = kindAt(at) === "flatten";
  if (conv.length > 0 && !isFlattened) return undefined;
  const last = conv.at(-1);
  let groups = last ? (last.rows >> 1) * (last.width >> 1) : 1;
  if (isFlattened) at += 1;
  const dense: DenseStage[] = [];
  for (; kindAt(at) === "dense"; at += dense.at(-1)!.isRectified ? 2 : 1) {
    const [size, width] = layers[at]!.weightShapes[0] as [number, number];
    dense.push({ kind: "dense", at, groups, depth: size / groups, width, isRectified: kindAt(at + 1) === "relu" });
    groups = 1;
  }
  const isWhole =
    at === layers.length && dense.length > 0 && dense.every((stage, i) => stage.isRectified === i < dense.length - 1);
  if (!isWhole) return undefined;
  return {
    conv: conv.map((stage, i) => ({ ...stage, margin: ((conv[i + 1]?.kernel ?? 1) - 1) / 2 })),
    dense,
  };
}

/** A convolution with an odd kernel that keeps the size of the image. */
const isFiltered = (layer: Layer | undefined): boolean =>
  layer?.kind === "conv" &&
  layer.windows!.padding === "same" &&
  layer.windows!.stride === 1 &&
  layer.windows!.kernel % 2 === 1;

/** Max-pooling over 2 x 2 windows side by side. */
const isHalved = (layer: Layer | undefined): boolean =>
  layer?.kind === "max-pool" &&
  layer.windows!.padding === "valid" &&
  layer.windows!.stride === 2 &&
  layer.windows!.kernel === 2;

/** Two dense layers with a relu between. */
export const isPair = ({ conv, dense }: Plan): boolean => conv.length === 0 && dense.length === 2;

/** Dense layers alone, the first of them wide as a rule. */
export const isDeep = ({ conv, dense }: Plan): boolean => conv.length === 0 && dense.length > 1;

/** Layers whose input the propagator wants to see, and those whose backward signal. */
export const wantedInputs = (plan: Plan): number[] => [
  ...plan.conv.flatMap(({ at }) => [at, at + 1]),
  // What a pair's second layer sees is what is above 0 of the first one's output.
  ...(isPair(plan) ? plan.dense.slice(0, 1) : plan.dense).flatMap(({ at, isRectified }) =>
    isRectified ? [at, at + 1] : [at],
  ),
];
export const wantedSignals = ({ conv, dense }: Plan): number[] => [...conv, ...dense].map(({ at }) => at);

/** Those whose weights it wants: where nothing comes in changed, the rank-one step alone is enough. */
export const wantedWeights = (plan: Plan): number[] => {
  const [first] = plan.dense;
  return wantedSignals(plan).filter((at) => plan.conv.length > 0 || at !== first!.at);
};

/** Numbers by layer. */
export type Numbers = ReadonlyMap<number, Float32Array>;

/** Examples laid out in the memory: addresses by stage. */
export interface Examples {
  readonly count: number;
  readonly conv: readonly { readonly h: number; readonly z: number; readonly norms: number }[];
  readonly dense: readonly { readonly x: number; readonly z: number }[];
  /** Of a pair: a byte for each four hidden units, and the size of z. */
  readonly marks: number;
  readonly sizes: number;
}

/** Anchors laid out in the memory: they are examples, with the factors of their gradients. */
export interface Anchors {
  readonly examples: Examples;
  /** By dense stage: its input, [anchor, groups depth]. */
  readonly inputs: readonly number[];
  /** By stage: [anchor, gradient of filters and biases]. */
  readonly gradients: readonly number[];
  /** By stage: [anchor, backward signal]. */
  readonly deltas: readonly number[];
}

/** a . x + 1 of each dense stage's inputs, for all pairs. [anchor, example] */
export type Overlaps = readonly number[];

export class Propagator {
  readonly #arena: Arena;
  readonly #plan: Plan;
  readonly #weights: { conv: number[]; dense: number[] } = { conv: [], dense: [] };
  readonly #tile: Tile;
  readonly #pair: PairTile | undefined;
  readonly outputCount: number;

  /** Empties the memory and lays out the weights of a state. @param weights of the layers of `wantedWeights` */
  constructor(arena: Arena, plan: Plan, weights: Numbers) {
    this.#arena = arena;
    this.#plan = plan;
    this.outputCount = plan.dense.at(-1)!.width;
    arena.cut(0);
    for (const stage of plan.conv) this.#weights.conv.push(this.#layFilters(stage, weights.get(stage.at)!));
    for (const stage of plan.dense) {
      const own = weights.get(stage.at);
      this.#weights.dense.push(own ? this.#layMatrix(stage, own) : 0);
    }
    this.#tile = this.#layTile();
    this.#pair = isPair(plan) ? this.#layPairTile() : undefined;
  }

  /** From [kernel, kernel, depth, channel] to [channel, kernel, kernel, padded depth]. */
  #layFilters({ kernel, depth, channels }: ConvStage, weights: Float32Array): number {
    const deep = padded(depth);
    const taps = kernel * kernel;
    const address = this.#arena.blank(padded(channels) * taps * deep);
    const to = this.#arena.view(address, padded(channels) * taps * deep);
    for (let tap = 0; tap < taps; tap++)
      for (let d = 0; d < depth; d++)
        for (let c = 0; c < channels; c++) to[(c * taps + tap) * deep + d] = weights[(tap * depth + d) * channels + c]!;
    return address;
  }

  /** From [groups depth, width] to [groups padded depth, padded width]. */
  #layMatrix({ groups, depth, width }: DenseStage, weights: Float32Array): number {
    const [deep, wide] = [padded(depth), padded(width)];
    const address = this.#arena.blank(groups * deep * wide);
    const to = this.#arena.view(address, groups * deep * wide);
    for (let group = 0; group < groups; group++)
      for (let d = 0; d < depth; d++) {
        const from = (group * depth + d) * width;
        to.set(weights.subarray(from, from + width), (group * deep + d) * wide);
      }
    return address;
  }

  /** Room for what travels between the stages. */
  #layTile(): Tile {
    const { conv, dense } = this.#plan;
    const room = (count: number): number => this.#arena.room(count);
    const [first] = dense;
    const widest = Math.max(...dense.map(({ width }) => padded(width)));
    const listSize = first!.groups * padded(first!.depth) + 4;
    const probes = conv.length > 0 ? 1 : Math.max(1, Math.min(64, Math.floor(tileNumbers / widest)));
    return {
      probes,
      images: conv.map((stage) => room(outSize(stage))),
      steps: conv.map((stage) => room(most * stepSize(stage))),
      scratch: room(Math.max(0, ...conv.map(scratchSize))),
      wholeLists: { places: room(listSize), values: room(listSize), lengths: room(1) },
      lists: {
        places: room(probes * (widest + 4)),
        values: room(probes * (widest + 4)),
        lengths: room(probes),
      },
      c: room(probes),
      dz: room(probes * widest),
      groups: room(widest + 4),
    };
  }

  #layPairTile(): PairTile {
    const room = (count: number): number => this.#arena.room(count);
    const wide = padded(this.#plan.dense[0]!.width);
    const outputs = this.outputCount;
    const columns = columnsOf(outputs, most);
    const probes = Math.max(16, Math.min(1024, Math.floor(pairNumbers / columns)));
    return {
      probes,
      delta: room(wide * most),
      a: room(wide * most),
      top: room(outputs * most),
      widest: room(most),
      rates: room(most),
      c: room(probes * most),
      common: room(probes * most),
      isLarge: room(probes * most),
      sums: room(probes * columns),
      table: room(tableNumbers),
      crossed: room((outputs + 1) * most),
      out: room(probes * outputs * most),
    };
  }

  get mark(): number {
    return this.#arena.mark;
  }

  /** Forgets the examples and anchors that were laid out after the mark. */
  cut(mark: number): void {
    this.#arena.cut(mark);
  }

  /** @param inputs of the layers of `wantedInputs`, each [example, ...shape] */
  lay(inputs: Numbers, count: number): Examples {
    const { kernels } = this.#arena;
    const conv = this.#plan.conv.map((stage) => {
      const { at, rows, width, depth, channels, kernel } = stage;
      const h = this.#layImages(inputs.get(at)!, count, { rows, width, depth, margin: (kernel - 1) / 2 });
      const z = this.#layImages(inputs.get(at + 1)!, count, { rows, width, depth: channels, margin: 0 });
      const norms = this.#arena.room(count * rows * width);
      const size = imageSize(stage);
      for (let example = 0; example < count; example++)
        kernels.patchNorms(
          h + example * size * 4,
          rows,
          width,
          padded(depth),
          kernel,
          this.#tile.scratch,
          norms + example * rows * width * 4,
        );
      return { h, z, norms };
    });
    const dense = this.#plan.dense.map(({ at, groups, depth, width, isRectified }) => {
      const [x, z] = [inputs.get(at), isRectified ? inputs.get(at + 1)! : undefined];
      return { x: x ? this.#layRows(x, count * groups, depth) : 0, z: z ? this.#layRows(z, count, width) : 0 };
    });
    if (!isPair(this.#plan)) return { count, conv, dense, marks: 0, sizes: 0 };
    const wide = padded(this.#plan.dense[0]!.width);
    const [marks, sizes] = [this.#arena.room(count * markSize(wide)), this.#arena.room(count)];
    kernels.marks(dense[0]!.z, wide, count, marks, sizes);
    return { count, conv, dense, marks, sizes };
  }

  #layRows(numbers: Float32Array, rowCount: number, size: number): number {
    const stride = padded(size);
    const isFull = stride === size;
    const address = isFull ? this.#arena.room(rowCount * stride) : this.#arena.blank(rowCount * stride);
    const to = this.#arena.view(address, rowCount * stride);
    if (isFull) to.set(numbers.subarray(0, rowCount * size));
    else for (let row = 0; row < rowCount; row++) to.set(numbers.subarray(row * size, (row + 1) * size), row * stride);
    return address;
  }

  #layImages(
    numbers: Float32Array,
    count: number,
    { rows, width, depth, margin }: { rows: number; width: number; depth: number; margin: number },
  ): number {
    if (margin === 0) return this.#layRows(numbers, count * rows * width, depth);
    const deep = padded(depth);
    const [high, wide] = [rows + 2 * margin, width + 2 * margin];
    const address = this.#arena.blank(count * high * wide * deep);
    const to = this.#arena.view(address, count * high * wide * deep);
    for (let line = 0; line < count * rows; line++) {
      const [image, row] = [Math.floor(line / rows), line % rows];
      const start = ((image * high + row + margin) * wide + margin) * deep;
      const from = line * width * depth;
      if (deep === depth) to.set(numbers.subarray(from, from + width * depth), start);
      else
        for (let column = 0; column < width; column++)
          for (let d = 0; d < depth; d++) to[start + column * deep + d] = numbers[from + column * depth + d]!;
    }
    return address;
  }

  /** @param signals of the layers of `wantedSignals`, each [anchor, ...shape] */
  layAnchors(examples: Examples, signals: Numbers): Anchors {
    const { conv, dense } = this.#plan;
    const gradients = conv.map((stage, i) => {
      const { at, rows, width, depth, channels, kernel } = stage;
      const [deep, many] = [padded(depth), padded(channels)];
      const own = this.#arena.room(examples.count * gradientSize(stage));
      const start = this.#arena.mark;
      const signal = this.#layRows(signals.get(at)!, examples.count * rows * width, channels);
      const size = imageSize(stage);
      for (let anchor = 0; anchor < examples.count; anchor++)
        this.#arena.kernels.filterGradient(
          examples.conv[i]!.h + anchor * size * 4,
          signal + anchor * rows * width * many * 4,
          rows,
          width,
          deep,
          many,
          kernel,
          own + anchor * gradientSize(stage) * 4,
        );
      this.#arena.cut(start);
      return own;
    });
    const deltas = dense.map(({ at, width }) => this.#layRows(signals.get(at)!, examples.count, width));
    const inputs = examples.dense.map(({ x }) => x);
    if (isPair(this.#plan)) inputs[1] = this.#layRectified(examples);
    return { examples, inputs, gradients, deltas };
  }

  /** What the second layer of a pair sees. */
  #layRectified({ count, dense }: Examples): number {
    const size = count * padded(this.#plan.dense[0]!.width);
    const address = this.#arena.room(size);
    this.#arena.kernels.rectifiedRows(dense[0]!.z, size, address);
    return address;
  }

  /** Inner products of all pairs, which every step on these anchors shares. */
  overlaps(anchors: Anchors, examples: Examples): Overlaps {
    const { count } = anchors.examples;
    return this.#plan.dense.map((stage, i) => {
      const out = this.#arena.room(count * examples.count);
      const seen = this.#seenBy(examples, i);
      this.#multiply(stage, { a: anchors.inputs[i]!, count }, { x: seen.x, count: examples.count }, seen, out);
      return out;
    });
  }

  /** The same of each anchor with itself alone; the places of the other pairs are left as they are. */
  ownOverlaps(anchors: Anchors): Overlaps {
    const { count } = anchors.examples;
    return this.#plan.dense.map((stage, i) => {
      const row = stage.groups * padded(stage.depth) * 4;
      const out = this.#arena.room(count * count);
      const seen = this.#seenBy(anchors.examples, i);
      for (let at = 0; at < count; at++)
        this.#multiply(
          stage,
          { a: anchors.inputs[i]! + at * row, count: 1 },
          { x: seen.x + at * row, count: 1 },
          seen,
          out + at * (count + 1) * 4,
        );
      return out;
    });
  }

  /** The inputs of a dense stage; of a pair's second one, what is above 0 of these numbers. */
  #seenBy({ dense }: Examples, stage: number): { readonly x: number; readonly isRectified: boolean } {
    const isRectified = isPair(this.#plan) && stage === 1;
    return { x: isRectified ? dense[0]!.z : dense[stage]!.x, isRectified };
  }

  #multiply(
    { groups, depth }: DenseStage,
    anchors: { readonly a: number; readonly count: number },
    examples: { readonly x: number; readonly count: number },
    { isRectified }: { readonly isRectified: boolean },
    out: number,
  ): void {
    const start = this.#arena.mark;
    const scratch = this.#arena.room(overlapScratch(anchors.count));
    const size = groups * padded(depth);
    this.#arena.kernels.overlaps(anchors.a, anchors.count, examples.x, examples.count, size, isRectified, scratch, out);
    this.#arena.cut(start);
  }

  /**
   * f(example; w + dw) - f(example; w) for each of some steps dw = -rate * (an anchor's gradient), at most `most`.
   * @param moved where they go. By step: [example of the range, output]
   */
  change(anchors: Anchors, steps: readonly Step[], range: Range, moved: readonly Float32Array[]): void {
    if (this.#plan.conv.length > 0) this.#changeByStages(anchors, steps, range, moved);
    else if (this.#pair) this.#changeBySubsets(this.#pair, anchors, steps, range, moved);
    else steps.forEach((step, i) => this.#changeByRows(anchors, step, range, moved[i]!));
  }

  /** The same at a single example, where nothing is worth making ready. */
  changeAt(anchors: Anchors, step: Step, examples: Examples, overlaps: Overlaps, example: number): Float32Array {
    const range = { examples, overlaps, from: example, to: example + 1 };
    const moved = new Float32Array(this.outputCount);
    if (this.#pair) this.#changeByRows(anchors, step, range, moved);
    else this.change(anchors, [step], range, [moved]);
    return moved;
  }

  /** Two dense layers: all steps and a tile of probes at a time; pairs whose step is large by themselves. */
  #changeBySubsets(
    pair: PairTile,
    anchors: Anchors,
    steps: readonly Step[],
    range: Range,
    moved: readonly Float32Array[],
  ): void {
    const { kernels } = this.#arena;
    const { examples, overlaps, from, to } = range;
    const { delta, a, top, widest, rates, c, common, isLarge, sums, table, crossed, out } = pair;
    const [wide, outWide] = this.#plan.dense.map(({ width }) => padded(width)) as [number, number];
    const outputs = this.outputCount;
    const lanes = padded(steps.length);
    const columns = columnsOf(outputs, lanes);
    this.#packPair(pair, anchors, steps, lanes);
    const reaches = [...this.#arena.view(widest, steps.length)];
    for (let start = from; start < to; start += pair.probes) {
      const count = Math.min(pair.probes, to - start);
      const z = examples.dense[0]!.z + start * wide * 4;
      const mark = examples.marks + start * markSize(wide) * 4;
      const sizes = examples.sizes + start * 4;
      const large = steps.map(({ anchor, rate }, lane) => {
        const place = (anchor * examples.count + start) * 4;
        const [overlap, shared] = overlaps as [number, number];
        const flags = isLarge + lane * pair.probes * 4;
        const reach = reaches[lane]!;
        return kernels.layStep(
          overlap + place,
          shared + place,
          -rate,
          reach,
          sizes,
          count,
          lanes,
          lane,
          c,
          common,
          flags,
        );
      });
      const weights = this.#weights.dense[1]!;
      kernels.addSubsets(mark, count, delta, a, wide, lanes, weights, outWide, outputs, columns, table, sums);
      kernels.finish(
        z,
        mark,
        sizes,
        wide,
        count,
        delta,
        a,
        widest,
        rates,
        top,
        lanes,
        weights,
        outWide,
        outputs,
        sums,
        columns,
        c,
        common,
        crossed,
        out,
      );
      steps.forEach((step, lane) => {
        const size = count * outputs;
        const own = moved[lane]!.subarray((start - from) * outputs, (start - from) * outputs + size);
        own.set(this.#arena.view(out + lane * size * 4, size));
        if (large[lane] === 0) return;
        const flags = this.#arena.view(isLarge + lane * pair.probes * 4, count);
        for (const [first, end] of runsOf(flags))
          this.#changeByRows(
            anchors,
            step,
            { examples, overlaps, from: start + first, to: start + end },
            own.subarray(first * outputs, end * outputs),
          );
      });
    }
  }

  /** Anchors that are missing to a full four take a step of size 0. */
  #packPair(pair: PairTile, anchors: Anchors, steps: readonly Step[], lanes: number): void {
    const { kernels } = this.#arena;
    const { delta, a, top, widest, rates, c, common } = pair;
    const wide = padded(this.#plan.dense[0]!.width);
    if (lanes > steps.length)
      for (const [address, rows] of [
        [delta, wide],
        [a, wide],
        [top, this.outputCount],
        [widest, 1],
        [rates, 1],
        [c, pair.probes],
        [common, pair.probes],
      ] as const)
        this.#arena.clear(address, rows * lanes);
    steps.forEach(({ anchor, rate }, lane) => {
      const own = this.#delta(anchors, anchor, 0);
      kernels.intoLane(own, wide, lanes, lane, delta);
      kernels.intoLane(anchors.inputs[1]! + anchor * wide * 4, wide, lanes, lane, a);
      kernels.intoLane(this.#delta(anchors, anchor, 1), this.outputCount, lanes, lane, top);
      this.#arena.view(widest, lanes)[lane] = kernels.largestOf(own, wide);
      this.#arena.view(rates, lanes)[lane] = -rate;
    });
  }

  /** Deeper networks that begin with a dense layer: one anchor and a tile of probes at a time. */
  #changeByRows(anchors: Anchors, { anchor, rate }: Step, range: Range, moved: Float32Array): void {
    const { kernels } = this.#arena;
    const { probes, lists, c, dz, groups } = this.#tile;
    const { examples, overlaps, from, to } = range;
    const [first] = this.#plan.dense;
    const wide = padded(first!.width);
    const delta = this.#delta(anchors, anchor, 0);
    const groupCount = first!.isRectified ? kernels.groupsOf(delta, wide, groups) : 0;
    for (let start = from; start < to; start += probes) {
      const count = Math.min(probes, to - start);
      kernels.scaled(overlaps[0]! + (anchor * examples.count + start) * 4, -rate, count, c);
      if (first!.isRectified) {
        const z = examples.dense[0]!.z + start * wide * 4;
        kernels.rectifyStep(c, delta, groups, groupCount, z, wide, count, lists.places, lists.values, lists.lengths);
        this.#goOn(anchors, { anchor, rate }, { ...range, from: start, to: start + count }, { stage: 1, ...lists });
      } else kernels.outer(c, delta, wide, count, dz);
      this.#collect(moved, start - from, count);
    }
  }

  /** Networks that begin with convolutions: one probe and one step after the other, while the probe is in a core's own cache. */
  #changeByStages(anchors: Anchors, steps: readonly Step[], range: Range, moved: readonly Float32Array[]): void {
    const { conv, dense } = this.#plan;
    const { kernels } = this.#arena;
    const { images, wholeLists } = this.#tile;
    this.#packSteps(anchors, steps);
    const size = dense[0]!.groups * padded(dense[0]!.depth);
    for (let probe = range.from; probe < range.to; probe++) {
      const here = { ...range, from: probe, to: probe + 1 };
      steps.forEach((step, place) => {
        conv.forEach((_, i) => this.#convolve(i, range.examples, probe, place));
        const { places, values, lengths } = wholeLists;
        kernels.listAll(images.at(-1)!, size, places, values, lengths);
        this.#goOn(anchors, step, here, { stage: 0, places, values, lengths });
        this.#collect(moved[place]!, probe - range.from, 1);
      });
    }
  }

  /** One stage at one example, for one of the steps that are packed. */
  #convolve(i: number, examples: Examples, example: number, place: number): void {
    const { kernels } = this.#arena;
    const { images, steps, scratch } = this.#tile;
    const stage = this.#plan.conv[i]!;
    const { rows, width, depth, channels, kernel, margin } = stage;
    const own = examples.conv[i]!;
    const [deep, many] = [padded(depth), padded(channels)];
    kernels.convStage(
      own.h + example * imageSize(stage) * 4,
      i === 0 ? 0 : images[i - 1]!,
      own.z + example * rows * width * many * 4,
      own.norms + example * rows * width * 4,
      steps[i]! + place * stepSize(stage) * 4,
      rows,
      width,
      deep,
      many,
      kernel,
      scratch,
      images[i]!,
      margin,
    );
  }

  #packSteps(anchors: Anchors, steps: readonly Step[]): void {
    const { kernels } = this.#arena;
    this.#plan.conv.forEach((stage, i) => {
      // The margins of the changes are 0.
      this.#arena.clear(this.#tile.images[i]!, outSize(stage));
      steps.forEach(({ anchor, rate }, place) =>
        kernels.packStep(
          anchors.gradients[i]! + anchor * gradientSize(stage) * 4,
          this.#weights.conv[i]!,
          padded(stage.channels),
          filterSizeOf(stage),
          -rate,
          this.#tile.steps[i]! + place * stepSize(stage) * 4,
        ),
      );
    });
  }

  #delta(anchors: Anchors, anchor: number, stage: number): number {
    return anchors.deltas[stage]! + anchor * padded(this.#plan.dense[stage]!.width) * 4;
  }

  /** Through the dense layers from a stage on, from lists of what changes in its input; the last change is left in `dz`. */
  #goOn(anchors: Anchors, { anchor, rate }: Step, { examples, overlaps, from, to }: Range, start: Lists): void {
    const { dense } = this.#plan;
    const { kernels } = this.#arena;
    const { lists, dz } = this.#tile;
    let { places, values, lengths } = start;
    for (let i = start.stage; i < dense.length; i++) {
      const { groups, depth, width, isRectified } = dense[i]!;
      const size = groups * padded(depth);
      const wide = padded(width);
      kernels.spread(
        places,
        values,
        lengths,
        size,
        to - from,
        this.#weights.dense[i]!,
        wide,
        anchors.inputs[i]! + anchor * size * 4,
        overlaps[i]! + (anchor * examples.count + from) * 4,
        -rate,
        this.#delta(anchors, anchor, i),
        dz,
      );
      if (!isRectified) return;
      ({ places, values, lengths } = lists);
      kernels.rectify(dz, examples.dense[i]!.z + from * wide * 4, wide, to - from, places, values, lengths);
    }
  }

  #collect(moved: Float32Array, start: number, count: number): void {
    const outputs = this.outputCount;
    const wide = padded(outputs);
    const dz = this.#arena.view(this.#tile.dz, count * wide);
    for (let probe = 0; probe < count; probe++)
      for (let output = 0; output < outputs; output++)
        moved[(start + probe) * outputs + output] = dz[probe * wide + output]!;
  }
}

/** A step on one of some anchors: w changes by -rate times its gradient. */
export interface Step {
  readonly anchor: number;
  readonly rate: number;
}

/** Some of the examples that were laid out, and their inner products with the anchors. */
export interface Range {
  readonly examples: Examples;
  readonly overlaps: Overlaps;
  readonly from: number;
  readonly to: number;
}

/** What changes in the input of a dense stage. */
interface Lists {
  readonly stage: number;
  readonly places: number;
  readonly values: number;
  readonly lengths: number;
}

/** Steps that are taken together at most. */
export const most = 16;

/** Addresses of what travels between the stages. */
interface Tile {
  readonly probes: number;
  /** By stage: the changes of its output, with the margin that the next one wants. */
  readonly images: readonly number[];
  readonly steps: readonly number[];
  readonly scratch: number;
  /** What the last convolution leaves to the first dense layer; and what goes from dense to dense. */
  readonly wholeLists: ListRoom;
  readonly lists: ListRoom;
  readonly c: number;
  readonly dz: number;
  readonly groups: number;
}

interface ListRoom {
  readonly places: number;
  readonly values: number;
  readonly lengths: number;
}

/** Addresses of what some anchors share while they go through two dense layers, anchors being lanes. */
interface PairTile {
  readonly probes: number;
  /** [hidden unit, anchor] */
  readonly delta: number;
  readonly a: number;
  /** [output, anchor] */
  readonly top: number;
  /** [anchor] */
  readonly widest: number;
  readonly rates: number;
  /** [probe, anchor] */
  readonly c: number;
  readonly common: number;
  /** [anchor, probe] */
  readonly isLarge: number;
  /** [probe, output, anchor], with one more output for the second layer's own step. */
  readonly sums: number;
  readonly table: number;
  readonly crossed: number;
  /** [anchor, probe, output] */
  readonly out: number;
}

/** A tile stays in a core's own cache. */
const tileNumbers = 2 ** 16;
/** Of a pair: what is made ready for a tile is worth it where the tile is long. */
const pairNumbers = 2 ** 19;
const tableNumbers = 2 ** 14;

/** Columns of a pair's sums, in whole 16s. */
const columnsOf = (outputs: number, lanes: number): number => ((outputs + 1) * lanes + 15) & ~15;
/** A byte for each four units, in whole 16s, in numbers. */
const markSize = (width: number): number => ((width + 63) >> 6) << 2;
const overlapScratch = (anchors: number): number => 16 * 256 + 32 * anchors;

/** From where to where flags are set. */
function runsOf(flags: Float32Array): (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (let first = 0; first < flags.length; first++) {
    if (flags[first] === 0) continue;
    let end = first;
    while (end < flags.length && flags[end] !== 0) end++;
    runs.push([first, end]);
    first = end;
  }
  return runs;
}

const outSize = ({ rows, width, channels, margin }: ConvStage): number =>
  ((rows >> 1) + 2 * margin) * ((width >> 1) + 2 * margin) * padded(channels);
const filterSizeOf = ({ kernel, depth }: ConvStage): number => kernel * kernel * padded(depth);
const gradientSize = (stage: ConvStage): number => padded(stage.channels) * (filterSizeOf(stage) + 1);
const stepSize = (stage: ConvStage): number => padded(stage.channels) * (2 * filterSizeOf(stage) + 4);
const imageSize = ({ rows, width, depth, kernel }: ConvStage): number =>
  (rows + kernel - 1) * (width + kernel - 1) * padded(depth);
function scratchSize(stage: ConvStage): number {
  const { rows, width, kernel } = stage;
  const windows = (rows >> 1) * (width >> 1);
  const margined = (rows + kernel - 1) * (width + kernel - 1);
  return 2 * imageSize(stage) + rows * width + 50 * windows + 32 + margined;
}

/** Numbers that the memory holds for each example. */
export function exampleSize(plan: Plan): number {
  const { conv, dense } = plan;
  if (isPair(plan)) {
    const [depth, width] = [padded(dense[0]!.depth), padded(dense[0]!.width)];
    return depth + width + markSize(width) + 1;
  }
  const ofConv = conv.map(
    ({ rows, width, depth, channels, kernel }) =>
      (rows + kernel - 1) * (width + kernel - 1) * padded(depth) + rows * width * (padded(channels) + 1),
  );
  const ofDense = dense.map(
    ({ groups, depth, width, isRectified }) => groups * padded(depth) + (isRectified ? padded(width) : 0),
  );
  return [...ofConv, ...ofDense].reduce((sum, size) => sum + size, 0);
}
