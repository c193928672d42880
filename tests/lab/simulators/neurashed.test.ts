// The neurashed-style model against independent computation: its scores, what a step changes, its gradients, its graphs in words.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measures } from "../../../src/lab/catalogue.ts";
import type { ClassInfo, Examples, Response, StepRule } from "../../../src/lab/contracts.ts";
import { drawnScene, drawn } from "../../../src/lab/datasets/drawn.ts";
import { drawnFeatures } from "../../../src/lab/datasets/drawing/owners.ts";
import { isAnimal, type Scene } from "../../../src/lab/datasets/drawing/scene.ts";
import { defaults } from "../../../src/lab/params.ts";
import {
  carried,
  classNode,
  firedBy,
  firing,
  firstFactors,
  grown,
  made,
  participation,
  pathParticipation,
  scores,
  type Graph,
} from "../../../src/lab/simulators/neurashed.ts";
import { drawnWith, features, layered, sharings } from "../../../src/lab/simulators/neurashed/graphs.ts";
import { neurashedLearner } from "../../../src/lab/simulators/neurashed/learner.ts";
import { chosenGraph } from "../../../src/lab/simulators/neurashed/setting.ts";
import { graphOf, wordsOf } from "../../../src/lab/simulators/neurashed/words.ts";
import { rng } from "../../../src/math/rng.ts";

const classes: readonly ClassInfo[] = [
  { id: "tiger", title: "tiger", path: ["animal"] },
  { id: "cat", title: "cat", path: ["animal"] },
  { id: "plane", title: "plane", path: ["vehicle"] },
];
const graph = layered(features(classes, "super-class"), classes);
const labels = [0, 0, 1, 2, 1, 2];
const examples: Examples = { shape: [], outputCount: 3, labels, classes, read: () => new Float32Array() };
const growth = { most: 2, patience: 6 };
const learnerOf = (news: Partial<Parameters<typeof neurashedLearner>[0]> = {}) =>
  neurashedLearner({ graph, examples, fireChance: 0.8, growth, loss: "cross-entropy", seed: 4, ...news });

/** Straight from the definition, from the class down. */
function scoreOf({ nodes }: Graph, factors: ArrayLike<number>, fires: Uint8Array, at: number): number {
  if (!fires[at]) return 0;
  const { level, children } = nodes[at]!;
  if (level === 0) return factors[at]!;
  return (
    factors[at]! * children.reduce((sum, child) => sum + scoreOf({ nodes, classCount: 0 }, factors, fires, child), 0)
  );
}

const fires = (example: number): Uint8Array => firedBy(graph, labels[example]!, 0.8, 4, example);
const logitsOf = (factors: ArrayLike<number>, example: number): number[] =>
  classes.map((_, label) => scoreOf(graph, factors, fires(example), classNode(graph, label)));

async function responseOf(rule: StepRule, anchor = 0, probes: readonly number[] = [1, 2, 3]): Promise<Response> {
  const learner = learnerOf();
  const watch = await learner.watch(learner.start(), probes);
  for await (const response of watch.respond([anchor], rule)) return response;
  throw new Error("no response");
}

describe("the graph", () => {
  it("of a chain multiplies its factors, and grows as its closed form does", () => {
    const chain = graphOf(["a", "b@1:a", "c@2:b", "tiger@3:c"], ["tiger"]);
    const all = new Uint8Array(4).fill(1);
    const factors = Float64Array.of(0.5, 0.25, 2, 3);
    expect([...scores(chain, factors, all)]).toEqual([0.5, 0.125, 0.25, 0.75]);
    // Without a largest factor every step multiplies by 1 + g; what does not fire is multiplied by 1 - g / c.
    const how = { rate: 0.1, most: Infinity, patience: 4 };
    let now: Float64Array = factors;
    for (let step = 0; step < 20; step++) now = grown(now, Uint8Array.of(1, 0, 1, 1), how);
    [1.1, 0.975, 1.1, 1.1].forEach((factor, at) => expect(now[at]! / factors[at]!).toBeCloseTo(factor ** 20, 10));
  });

  it("makes only features of the own class fire, and all of them where the chance is 1", () => {
    for (const label of [0, 1, 2]) {
      const own = made(graph, label);
      const fired = firing(graph, label, 0.7, rng(3));
      const hidden = graph.nodes.length - 3;
      fired.subarray(0, hidden).forEach((value, at) => expect(value).toBeLessThanOrEqual(own[at]!));
      expect([...firing(graph, label, 1, rng(3)).subarray(0, hidden)]).toEqual([...own.subarray(0, hidden)]);
    }
    const many = Array.from({ length: 4000 }, (_, draw) => firing(graph, 0, 0.7, rng(3).fork(draw))[0]!);
    // Five standard deviations.
    expect(Math.abs(many.reduce((sum, value) => sum + value) / 4000 - 0.7)).toBeLessThan(5 * Math.sqrt(0.21 / 4000));
  });

  it("shares what its name says: all of a class's features, those of its super-class, or none", () => {
    const shared = (sharing: (typeof sharings)[number], a: number, b: number): number => {
      const whole = layered(features(classes, sharing), classes);
      const [one, other] = [made(whole, a), made(whole, b)];
      return one.subarray(0, -3).reduce((sum, value, at) => sum + (value && other[at]! ? 1 : 0), 0);
    };
    // 6 + 4 common, 1 + 1 of the super-class.
    expect([shared("super-class", 0, 1), shared("super-class", 0, 2)]).toEqual([12, 10]);
    expect([shared("none", 0, 1), shared("everything", 0, 1), shared("everything", 0, 2)]).toEqual([0, 14, 14]);
  });

  it("survives being written in words", () => {
    const names = ["stripes", "big cat's head", "eye", "wing", "fin 2", "ä"];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 2 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.boolean()),
        (some, cut, edges) => {
          const low = some.slice(0, Math.min(cut, some.length - 1));
          const high = some.slice(low.length);
          const chosen = (places: readonly number[]): number[] => places.filter(() => edges.next().value);
          const lows = low.map((_, at) => at);
          const highs = high.map((_, at) => low.length + at);
          const made: Graph = {
            nodes: [
              ...low.map((name) => ({ name, level: 0, children: [] })),
              ...high.map((name) => ({ name, level: 1, children: chosen(lows) })),
              ...["tiger", "cat"].map((name) => ({ name, level: 2, children: chosen(highs) })),
            ],
            classCount: 2,
          };
          expect(graphOf(wordsOf(made), ["tiger", "cat"])).toEqual(made);
          expect(
            graphOf(wordsOf(made).toReversed(), ["tiger", "cat"])
              .nodes.map(({ name }) => name)
              .toSorted(),
          ).toEqual(made.nodes.map(({ name }) => name).toSorted());
        },
      ),
    );
  });

  it("is refused in one sentence where it is none", () => {
    const refusal =
      (...words: string[]) =>
      () =>
        graphOf(words, ["tiger", "cat"]);
    expect(refusal("a", "a", "tiger@1", "cat@1")).toThrow('two nodes "a"');
    expect(refusal("a", "tiger@1:a")).toThrow('no class "cat"');
    expect(refusal("a", "tiger@1:b", "cat@1")).toThrow('"tiger" is made of "b", which is not in the graph');
    expect(refusal("a", "b@1:a", "tiger@2:a", "cat@2")).toThrow('"tiger" of level 2 is made of "a" of level 0');
    expect(refusal("a", "b@1:a", "tiger@1:a", "cat@1:a")).toThrow('"b" is in the last level, 1, but is no class');
    expect(refusal("a:b", "tiger@1", "cat@1")).toThrow('the node "a:b"');
  });
});

describe("what classes are drawn with", () => {
  const values = defaults(drawn.params);
  const all = drawn.manifest.classes;
  const scenesOf = (id: string): Scene[] =>
    Array.from({ length: 60 }, (_, index) => drawnScene(values, id, "train", index));
  /** What a scene says of itself. */
  const told: Readonly<Record<string, (scene: Scene) => boolean>> = {
    fur: isAnimal,
    paint: (scene) => !isAnimal(scene),
    stripes: (scene) => isAnimal(scene) && scene.stripes !== "none",
    mane: (scene) => isAnimal(scene) && scene.mane !== undefined,
    collar: (scene) => isAnimal(scene) && scene.collar !== undefined,
    "round ears": (scene) => isAnimal(scene) && scene.ears === "round",
    "pointed ears": (scene) => isAnimal(scene) && scene.ears === "pointed",
    "soft ears": (scene) => isAnimal(scene) && (scene.ears === "hanging" || scene.ears === "pricked"),
  };

  it.each(Object.keys(told))("is what the drawings have: %s", (name) => {
    const owners = drawnFeatures.find((feature) => feature.name === name)!.owners;
    const seen = all.map(({ id }) => id).filter((id) => scenesOf(id).some(told[name]!));
    expect(seen.toSorted()).toEqual([...owners].sort());
  });

  it("makes a graph of all seven classes or of some, and is not known of others", () => {
    const whole = layered(drawnWith(all), all);
    expect(whole.nodes.map(({ name }) => name).toSorted()).toEqual(
      [...drawnFeatures.map(({ name }) => name), ...all.map(({ id }) => id)].toSorted(),
    );
    // Nothing of an animal's is in a vehicle but what all have.
    const [tiger, car] = [made(whole, 0), made(whole, 6)];
    const both = whole.nodes.filter((_, at) => tiger[at] && car[at]).map(({ name }) => name);
    expect(both).toEqual(["outline", "light", "background", "figure", "scene"]);
    expect(() =>
      chosenGraph({ graph: "drawn features", nodes: [] }, [{ id: "frog", title: "frog", path: [] }]),
    ).toThrow("What frog is drawn with is not known");
  });
});

describe("the learner", () => {
  it("predicts the scores of the definition", async () => {
    const learner = learnerOf();
    const state = learner.start();
    const { data } = await learner.predict(state, [0, 1, 2, 3]);
    const expected = [0, 1, 2, 3].flatMap((example) => logitsOf(state.factors, example));
    expected.forEach((value, at) => expect(data[at]).toBeCloseTo(value, 12));
  });

  it("steps as the update says, any example of the batch firing, in single precision", async () => {
    const learner = learnerOf();
    const state = learner.start();
    const { state: next, loss } = learner.nudge(state, [0, 2], { stepSize: 0.1, momentum: 0 });
    const any = Uint8Array.from(fires(0), (value, at) => value | fires(2)[at]!);
    const expected = [...state.factors].map((factor, at) =>
      any[at] ? factor * (1 + 0.1 * (1 - factor / 2)) : factor * (1 - 0.1 / 6),
    );
    next.factors.forEach((value) => expect(value).toBe(Math.fround(value)));
    expected.forEach((value, at) => expect(next.factors[at]! / value).toBeCloseTo(1, 6));
    const crossEntropy = (example: number): number => {
      const f = logitsOf(state.factors, example);
      return Math.log(f.reduce((sum, value) => sum + Math.exp(value), 0)) - f[labels[example]!]!;
    };
    expect(await loss()).toBeCloseTo((crossEntropy(0) + crossEntropy(2)) / 2, 12);
    expect(learner.restore(await learner.weights(next))).toEqual(next);
  });

  it.each([
    ["finite", 0.3],
    ["finite", 1e-9],
    ["first", 0.3],
  ] as const)("answers a step exactly, %s at %s", async (order, eta) => {
    const response = await responseOf({ rule: "fixed", eta, order });
    const { factors } = learnerOf().start();
    // To first order: the derivative along the step, by central differences of the definition itself.
    const at = (rate: number, example: number): number[] => {
      const change = [...factors].map((factor, node) =>
        fires(0)[node] ? factor * rate * (1 - factor / 2) : (-factor * rate) / 6,
      );
      return logitsOf(
        [...factors].map((factor, node) => factor + change[node]!),
        example,
      );
    };
    const h = 1e-5;
    const expected = (example: number): number[] =>
      order === "first" || eta < 1e-6
        ? at(h, example).map((value, label) => ((value - at(-h, example)[label]!) / (2 * h)) * eta)
        : at(eta, example).map((value, label) => value - at(0, example)[label]!);
    const wanted = [1, 2, 3].flatMap(expected);
    wanted.forEach((value, place) => expect(response.change.data[place]! / eta).toBeCloseTo(value / eta, 7));
    expected(0).forEach((value, label) => expect(response.anchorChange.data[label]! / eta).toBeCloseTo(value / eta, 7));
    expect(response.anchorRounding[0]!).toBeLessThan(1e-11 * response.anchorChange.data[0]!);
  });

  it("finds the rate at which the own score rises by delta, and says where there is none", async () => {
    const found = await responseOf({ rule: "own rise", delta: 0.01 });
    expect(found.anchorChange.data[0]!).toBeCloseTo(0.01, 4);
    const none = await responseOf({ rule: "own rise", delta: 1000 });
    expect(none.stepSize[0]).toBeNaN();
    const measured = measures.find(({ id }) => id === "relative")!;
    expect(measured.denominator(none)[0]).toBeNaN();
  });

  it("has no loss slope: what divides by it is not measurable, all else is", async () => {
    const response = await responseOf({ rule: "fixed", eta: 0.1 });
    const isMeasurable = Object.fromEntries(
      measures.map((measure) => [measure.id, !Number.isNaN(measure.denominator(response)[0])]),
    );
    expect(isMeasurable).toEqual({
      relative: true,
      norm: true,
      sensitivity: true,
      kernelized: false,
      normalised: false,
      probability: true,
    });
  });

  it("is not measurable at rest: where all that fires is at its largest", async () => {
    const learner = learnerOf();
    const state = { factors: new Float64Array(graph.nodes.length).fill(2) };
    const watch = await learner.watch(state, [1]);
    for await (const response of watch.respond([0], { rule: "fixed", eta: 0.1 }))
      expect(measures[0]!.denominator(response)[0]).toBeNaN();
  });

  it("has the kernel of central differences, level by level", async () => {
    const learner = learnerOf();
    const state = learner.start();
    const gradient = (example: number, output: number): number[] =>
      graph.nodes.map((_, node) => {
        const moved = (by: number): number =>
          logitsOf(
            state.factors.map((factor, at) => factor + (at === node ? by : 0)),
            example,
          )[output]!;
        return (moved(1e-5) - moved(-1e-5)) / 2e-5;
      });
    const dot = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const one = await learner.kernel(state, [0, 2], [1, 3], { output: 1 });
    [0, 2].forEach((row, r) =>
      [1, 3].forEach((column, c) =>
        expect(one.data[r * 2 + c]).toBeCloseTo(dot(gradient(row, 1), gradient(column, 1)), 8),
      ),
    );
    const sum = await learner.kernel(state, [0], [3], { output: "sum" });
    expect(sum.data[0]).toBeCloseTo(
      [0, 1, 2].reduce((total, k) => total + dot(gradient(0, k), gradient(3, k)), 0),
      8,
    );
    const each = await learner.kernel(state, [0], [3], { output: "each" });
    expect([each.rows, each.columns]).toEqual([3, 3]);
    expect(each.data[5]).toBeCloseTo(dot(gradient(0, 1), gradient(3, 2)), 8);
    const { whole, parts } = await learner.kernelParts(state, [0], [3], { output: 2 });
    expect(parts.map(({ layer }) => layer)).toEqual([0, 1, 2]);
    expect(parts.reduce((total, { kernel }) => total + kernel.data[0]!, 0)).toBeCloseTo(whole.data[0]!, 12);
    await expect(learner.kernel(state, [0], [1], { output: 3 })).rejects.toThrow("There is no output 3");
    const response = await responseOf({ rule: "fixed", eta: 0.1 });
    const own = gradient(0, 0);
    expect(response.anchorSensitivity[0]).toBeCloseTo(Math.sqrt(dot(own, own)), 8);
  });

  it("tells what fires, which no training changes", async () => {
    const learner = learnerOf();
    const { data, columns } = await learner.patterns(learner.start(), [0, 3]);
    expect(columns).toBe(graph.nodes.length - 3);
    expect([...data]).toEqual([...fires(0).subarray(0, columns), ...fires(3).subarray(0, columns)]);
  });

  it("refuses what means nothing here", () => {
    const learner = learnerOf();
    const step = (options: object) => () =>
      learner.nudge(learner.start(), [0], { stepSize: 0.1, momentum: 0, ...options });
    expect(step({ momentum: 0.9 })).toThrow("no momentum, but momentum is 0.9; set it to 0.");
    expect(step({ decay: 0.1 })).toThrow("no weight decay, but decay is 0.1; set it to 0.");
    expect(step({ stepSize: 2 })).toThrow("The step size is 2, but as a growth rate");
    expect(() => learnerOf({ examples: { ...examples, labels: [0, 3] } })).toThrow("examples of no class");
  });
});

describe("how many matter", () => {
  it("of equal numbers are all, of one large one is one", () => {
    expect(participation([2, 2, 2, 2])).toBe(4);
    expect(participation([1, 0, 0])).toBe(1);
    expect(participation([0, 0])).toBe(0);
  });

  it("of paths is the ratio over all paths, one by one", () => {
    const factors = firstFactors(graph, { most: 3 }, rng(8));
    const weights = (at: number): number[] => {
      const { level, children } = graph.nodes[at]!;
      return level === 0
        ? [factors[at]!]
        : children.flatMap((child) => weights(child).map((weight) => weight * factors[at]!));
    };
    const all = [0, 1, 2].flatMap((label) => weights(classNode(graph, label)));
    expect(pathParticipation(graph, factors)).toBeCloseTo(participation(all), 9);
    expect(pathParticipation(graph, new Float64Array(graph.nodes.length).fill(3))).toBeCloseTo(all.length, 9);
  });

  it("carries changes of all sizes without subtracting", () => {
    const factors = firstFactors(graph, { most: 3 }, rng(9));
    const seen = { fires: fires(1), scores: scores(graph, factors, fires(1)) };
    const change = factors.map((_, at) => 0.2 * Math.sin(at));
    const moved = scores(
      graph,
      factors.map((factor, at) => factor + change[at]!),
      seen.fires,
    );
    carried(graph, factors, change, seen).forEach((value, at) =>
      expect(value).toBeCloseTo(moved[at]! - seen.scores[at]!, 12),
    );
  });
});
