// The graph by hand and in motion: every edit leaves a graph that its words give back, and classes that share everything are alike.
import { describe, expect, it } from "vitest";
import { LabError } from "../../../src/lab/error.ts";
import { manifests } from "../../../src/lab/manifests.ts";
import { classNode, grown, scores, type Graph } from "../../../src/lab/simulators/neurashed.ts";
import {
  isClass,
  renamed,
  toggled,
  topOf,
  withFeature,
  withoutFeature,
} from "../../../src/lab/simulators/neurashed/edit.ts";
import { features, layered, type Sharing } from "../../../src/lab/simulators/neurashed/graphs.ts";
import {
  askedOf,
  begun,
  exampleAt,
  sharesOf,
  stepped,
  type RunSetting,
} from "../../../src/lab/simulators/neurashed/play.ts";
import { graphOf, wordsOf } from "../../../src/lab/simulators/neurashed/words.ts";
import { modelParams } from "../../../src/lab/simulators/neurashed/setting.ts";
import { readText, textOf } from "../../../src/app/panels/ParamFields.tsx";
import { fc, forAll } from "../../helpers/property.ts";

const classes = manifests
  .find(({ id }) => id === "drawn")!
  .classes.filter(({ id }) => ["tiger", "cat", "plane", "ship"].includes(id));
const ids = classes.map(({ id }) => id);
const graphWith = (sharing: Sharing): Graph => layered(features(classes, sharing), classes);
const place = ({ nodes }: Graph, name: string): number => nodes.findIndex((node) => node.name === name);

/** Done, or refused in a sentence; then the graph stays. */
function tried(graph: Graph, edit: (graph: Graph) => Graph): Graph {
  try {
    return edit(graph);
  } catch (error) {
    expect(LabError.from(error).code).toBe("spec-invalid");
    expect(LabError.from(error).message).toMatch(/^.+[;,.] .+\.$/);
    return graph;
  }
}

const edits = fc.array(
  fc.tuple(
    fc.constantFrom("edge", "edge", "edge", "add", "delete", "rename"),
    fc.nat(1000),
    fc.nat(1000),
    fc.string({ maxLength: 8 }),
  ),
  { maxLength: 30 },
);

describe("a graph edited by hand", () => {
  it("is what its words say, whatever was done to it", () => {
    forAll(edits, (all) => {
      let graph = graphWith("super-class");
      for (const [kind, a, b, name] of all) {
        const [one, other] = [a % graph.nodes.length, b % graph.nodes.length];
        graph = tried(graph, (now) => {
          if (kind === "edge") return toggled(now, one, other);
          if (kind === "add") return withFeature(now, name, a % 4);
          return kind === "delete" ? withoutFeature(now, one) : renamed(now, one, name);
        });
        expect(graphOf(wordsOf(graph), ids)).toEqual(graph);
        expect(graph.nodes.slice(-ids.length).map(({ name: id }) => id)).toEqual(ids);
      }
    });
  });

  it("gets an edge and loses it again, between the very nodes that were named, in either order", () => {
    const graph = graphWith("super-class");
    const [child, parent] = [place(graph, "tiger 0a"), place(graph, "cat 1a")];
    const joined = toggled(graph, parent, child);
    expect(joined.nodes[parent]!.children).toEqual([...graph.nodes[parent]!.children, child].sort((a, b) => a - b));
    expect(joined.nodes.filter((node, at) => node !== graph.nodes[at])).toHaveLength(1);
    expect(toggled(joined, child, parent)).toEqual(graph);
  });

  it("keeps what every node is made of, by name, when features come and go", () => {
    const graph = graphWith("super-class");
    const madeOf = ({ nodes }: Graph) =>
      Object.fromEntries(nodes.map(({ name, children }) => [name, children.map((at) => nodes[at]!.name)]));
    const added = withFeature(graph, " whiskers ", 0);
    expect(madeOf(added)).toEqual({ ...madeOf(graph), whiskers: [] });
    expect(withoutFeature(added, place(added, "whiskers"))).toEqual(graph);
    const { "tiger 0a": _gone, ...rest } = madeOf(graph);
    const without = Object.entries(rest).map(([name, made]) => [name, made.filter((child) => child !== "tiger 0a")]);
    expect(madeOf(withoutFeature(graph, place(graph, "tiger 0a")))).toEqual(Object.fromEntries(without));
  });

  it.each([
    ["an edge within a level", (graph: Graph) => toggled(graph, 0, 1), /both of level 0/],
    ["an edge across two", (graph: Graph) => toggled(graph, 0, classNode(graph, 0)), /put a feature between them/],
    ["the loss of a class", (graph: Graph) => withoutFeature(graph, classNode(graph, 1)), /under Set up/],
    ["another name of a class", (graph: Graph) => renamed(graph, classNode(graph, 1), "lynx"), /keeps its name/],
    ["a name with a colon", (graph: Graph) => withFeature(graph, "a:b", 0), /has ":" in it/],
    ["a name with a semicolon", (graph: Graph) => renamed(graph, 0, "a;b"), /has ";" in it/],
    ["a name of two lines", (graph: Graph) => withFeature(graph, "a\nb", 0), /has a line break in it/],
    ["a name twice", (graph: Graph) => withFeature(graph, "tiger 0a", 1), /already/],
    ["no name", (graph: Graph) => renamed(graph, 0, " "), /no name/],
    ["a feature among the classes", (graph: Graph) => withFeature(graph, "x", topOf(graph)), /from 0 to 1/],
  ])("refuses %s in a sentence", (_what, edit, sentence) => {
    expect(() => edit(graphWith("super-class"))).toThrow(sentence);
  });

  it.each(["a;b", "a\nb", "a\rb", "a@1:b;c", "a@1:b\nc"])(
    "is not read from %j, which a form would tear apart",
    (word) => {
      expect(() => graphOf([word, ...ids.map((id) => `${id}@2`)], ids)).toThrow(/The graph has the node "a/);
    },
  );

  it("is what a form reads from its text, whatever its names", () => {
    forAll(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 10 }), (names) => {
      let graph = graphWith("none");
      for (const name of names) graph = tried(graph, (now) => withFeature(now, name, 0));
      const words = wordsOf(graph);
      expect(readText(modelParams.nodes, textOf(words))).toEqual(words);
    });
  });

  it("has no more nodes than its parameter holds", () => {
    let graph = graphWith("none");
    while (graph.nodes.length < 200) graph = withFeature(graph, `more ${graph.nodes.length}`, 0);
    expect(() => withFeature(graph, "one more", 0)).toThrow(/200 nodes/);
  });
});

const settingOf = (sharing: Sharing): RunSetting => ({
  graph: graphWith(sharing),
  classes,
  growth: { rate: 0.05, most: 1, patience: 8 },
  fireChance: 0.9,
  seed: 3,
});

function after(setting: RunSetting, steps: number, only?: number) {
  let moment = begun(setting);
  for (let step = 0; step < steps; step++) moment = stepped(setting, moment, exampleAt(setting, step, only));
  return moment;
}

describe("a graph in motion", () => {
  it("comes to the same factors from the same seed, and to others from another", () => {
    const setting = settingOf("super-class");
    expect(after(setting, 20)).toEqual(after(setting, 20));
    expect(after({ ...setting, seed: 4 }, 20).factors).not.toEqual(after(setting, 20).factors);
  });

  it("lights nothing of other classes alone, and lets exactly what fires grow", () => {
    const setting = settingOf("none");
    const { graph } = setting;
    for (let step = 0; step < 20; step++) {
      const { label, fires } = exampleAt(setting, step, 2);
      expect(label).toBe(2);
      const lit = graph.nodes.filter((_, at) => fires[at]);
      expect(lit.every(({ name }) => name.startsWith("plane"))).toBe(true);
      const [before, now] = [begun(setting), stepped(setting, begun(setting), { label, fires })];
      for (const at of graph.nodes.keys()) expect(now.factors[at]! > before.factors[at]!).toBe(fires[at] === 1);
    }
  });

  it("moves every class alike where everything is shared, and no other class where nothing is", () => {
    const all = settingOf("everything");
    const shares = sharesOf(all, after(all, 50).factors, askedOf(all), 0);
    expect(shares.sibling).toBeCloseTo(shares.same, 12);
    expect(shares.unrelated).toBeCloseTo(shares.same, 12);
    const none = settingOf("none");
    const { same, sibling, unrelated } = sharesOf(none, after(none, 50).factors, askedOf(none), 0);
    expect([sibling, unrelated]).toEqual([0, 0]);
    expect(same).toBeGreaterThan(0.5);
  });

  it("says the mean of |difference of scores| over the learned example's own, from the scores themselves", () => {
    const setting = settingOf("super-class");
    const { graph, growth } = setting;
    const { factors } = after(setting, 80);
    const { learned, asked } = askedOf(setting);
    const own = classNode(graph, 1);
    const ratios = learned[1]!.flatMap((fires) => {
      const next = grown(factors, fires, growth);
      const change = (at: Uint8Array) => Math.abs(scores(graph, next, at)[own]! - scores(graph, factors, at)[own]!);
      return asked[0]!.map((probe) => change(probe) / change(fires));
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(sharesOf(setting, factors, { learned, asked }, 1).sibling).toBeCloseTo(mean, 10);
  });

  it("has no share of a relation that no class has", () => {
    const setting = { ...settingOf("none"), classes: classes.map((info) => ({ ...info, path: [] })) };
    expect(sharesOf(setting, after(setting, 3).factors, askedOf(setting), 0).sibling).toBeNaN();
    expect(isClass(setting.graph, 0)).toBe(false);
  });
});
