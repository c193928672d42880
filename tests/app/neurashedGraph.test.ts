// Where the nodes of a graph lie, how one walks among them, and the figure that takes it home.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/app/export/svg.ts";
import { graphLayout, nodeAt, nodeBeside, ownersOf } from "../../src/app/figures/graphLayout.ts";
import { ownershipOf } from "../../src/app/figures/graphColours.ts";
import { neurashedGraph, neurashedShares, type GraphInput } from "../../src/app/figures/neurashedGraph.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { translation } from "../../src/app/plot/translation.ts";
import { frameOf } from "../../src/app/export/frame.ts";
import { curveOf, edgeAt, edgesOf, pointOn } from "../../src/app/studies/neurashed/paint.ts";
import { manifests } from "../../src/lab/manifests.ts";
import { graphOf } from "../../src/lab/simulators/neurashed/words.ts";
import { features, layered } from "../../src/lab/simulators/neurashed/graphs.ts";
import { askedOf, begun, exampleAt, sharesOf, type RunSetting } from "../../src/lab/simulators/neurashed/play.ts";
import { fc, forAll } from "../helpers/property.ts";
import { count, parse } from "./xml.ts";

const drawn = manifests.find(({ id }) => id === "drawn")!.classes;
const classes = drawn.filter(({ id }) => ["tiger", "cat", "plane", "ship"].includes(id));
const graph = layered(features(classes, "super-class"), classes);
const many = layered(
  features(drawn, "super-class", [
    { common: 20, perGroup: 12, perClass: 11 },
    { common: 14, perGroup: 8, perClass: 6 },
  ]),
  drawn,
);

describe("the layout of a graph", () => {
  const rooms = fc.record({ width: fc.integer({ min: 300, max: 1800 }), height: fc.integer({ min: 320, max: 900 }) });

  it("keeps nodes within the room and apart from each other, at any size and for 200 of them", () => {
    for (const each of [graph, many])
      forAll(rooms, (room) => {
        const { places, radius } = graphLayout(each, each === graph ? classes : drawn, room);
        for (const { x, y } of places) {
          expect(Math.min(x, room.width - x)).toBeGreaterThanOrEqual(radius);
          expect(Math.min(y, room.height - y)).toBeGreaterThanOrEqual(radius);
        }
        const nearest = Math.min(
          ...places.flatMap((a, at) => places.slice(at + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))),
        );
        expect(nearest).toBeGreaterThan(2 * radius);
      });
  });

  it("keeps nodes within the room and apart from each other, however many levels there are", () => {
    const areas = fc.record({ width: fc.integer({ min: 320, max: 1400 }), height: fc.integer({ min: 400, max: 560 }) });
    const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 99 });
    forAll(fc.tuple(counts, areas, fc.boolean()), ([each, room, isWide]) => {
      // The nodes that 200 leave room for stand in one level, or each level has as many as were drawn.
      const sizes = each.map((size, level) => {
        const spare = 200 - each.length - classes.length;
        if (isWide) return level === each.length - 1 ? Math.max(1, spare) : 1;
        return 200 - classes.length >= 4 * each.length ? size : 1;
      });
      const words = sizes.flatMap((size, level) =>
        Array.from({ length: size }, (_, at) => {
          const name = `feature ${level}.${at}`;
          return level === 0 ? name : `${name}@${level}:feature ${level - 1}.0`;
        }),
      );
      const tops = classes.map(({ id }) => `${id}@${sizes.length}:feature ${sizes.length - 1}.0`);
      const deep = graphOf(
        [...words, ...tops],
        classes.map(({ id }) => id),
      );
      const { places, radius } = graphLayout(deep, classes, room);
      expect(radius).toBeGreaterThan(0);
      for (const { x, y } of places) {
        expect(Math.min(x, room.width - x)).toBeGreaterThanOrEqual(radius);
        expect(Math.min(y, room.height - y)).toBeGreaterThanOrEqual(radius);
      }
      for (const [at, a] of places.entries())
        for (const b of places.slice(at + 1))
          if (Math.hypot(a.x - b.x, a.y - b.y) < 2 * radius - 1e-6) throw new Error(`Node ${at} lies on another.`);
    });
  });

  it("has simple features at the bottom and classes on top, or from left to right where it is narrow", () => {
    const wide = graphLayout(graph, classes, { width: 1000, height: 420 });
    const narrow = graphLayout(graph, classes, { width: 360, height: 560 });
    for (const [child, parent] of edgesOf(graph).map((edge) => [edge.child, edge.parent] as const)) {
      expect(wide.places[child]!.y).toBeGreaterThan(wide.places[parent]!.y);
      expect(narrow.places[child]!.x).toBeLessThan(narrow.places[parent]!.x);
    }
    expect([wide.named, narrow.named]).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
  });

  it("names classes only where there are many nodes", () => {
    expect(graphLayout(many, drawn, { width: 1000, height: 420 }).named).toEqual([false, false, true]);
  });

  it("lays each level out in the order of the classes that have its nodes", () => {
    const { levels, places } = graphLayout(graph, classes, { width: 1000, height: 420 });
    const owners = ownersOf(graph);
    for (const members of levels) {
      const own = members.filter((at) => owners[at]!.length === 1);
      expect(own.map((at) => owners[at]![0])).toEqual(own.map((at) => owners[at]![0]).toSorted((a, b) => a! - b!));
      const across = members.map((at) => places[at]!.x);
      expect(across).toEqual(across.toSorted((a, b) => a - b));
    }
  });

  it("leads the arrow keys to every node and back", () => {
    for (const room of [
      { width: 1000, height: 420 },
      { width: 360, height: 560 },
    ]) {
      const layout = graphLayout(graph, classes, room);
      const [on, back, up, down] = layout.upwards
        ? ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]
        : ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"];
      const seen = new Set([0]);
      for (let rest = [0]; rest.length > 0;) {
        const at = rest.pop()!;
        for (const key of [on!, back!, up!, down!]) {
          const next = nodeBeside(layout, at, key);
          if (next === undefined) continue;
          if (key === on) expect(nodeBeside(layout, next, back!)).toBe(at);
          const levels = Math.abs(graph.nodes[next]!.level - graph.nodes[at]!.level);
          expect(levels).toBe(key === up || key === down ? 1 : 0);
          if (!seen.has(next)) rest.push(next);
          seen.add(next);
        }
      }
      expect(seen.size).toBe(graph.nodes.length);
    }
  });

  it("finds the node and the edge under a pointer", () => {
    const layout = graphLayout(graph, classes, { width: 1000, height: 420 });
    const edges = edgesOf(graph);
    for (const [at, { x, y }] of layout.places.entries()) expect(nodeAt(layout, { x: x + 2, y: y - 2 }, 8)).toBe(at);
    expect(nodeAt(layout, { x: -50, y: -50 }, 8)).toBeUndefined();
    for (const edge of edges) {
      const [, , , end] = curveOf(layout, edge);
      expect(end).toEqual(layout.places[edge.parent]);
      expect(edgeAt([edge], layout, pointOn(curveOf(layout, edge), 0.3), 7)).toBe(edge);
    }
    expect(edgeAt(edges, layout, { x: -50, y: 0 }, 7)).toBeUndefined();
  });
});

const setting: RunSetting = {
  graph,
  classes,
  growth: { rate: 0.05, most: 1, patience: 8 },
  fireChance: 0.9,
  seed: 1,
};
const moment = begun(setting);
const example = exampleAt(setting, 0);
const shares = sharesOf(setting, moment.factors, askedOf(setting), 0);
const input: GraphInput = {
  graph,
  classes,
  most: 1,
  seed: 1,
  step: 0,
  factors: moment.factors,
  example,
  label: 0,
  history: [
    { step: 0, shares },
    { step: 4, shares },
  ],
};

describe("the figure of a graph", () => {
  const figure = neurashedGraph(input);
  const svg = svgOf(figure, { widthPx: 690, theme: lightTheme, fontFamily: "Arial" });

  it("has every node with its name, every edge, and a row a node", () => {
    parse(svg);
    for (const { name } of graph.nodes) expect(svg).toContain(`>${name}</text>`);
    expect(count(svg, /<circle /g)).toBe(graph.nodes.length);
    expect(count(svg, /stroke-opacity="0.45"/g)).toBe(edgesOf(graph).length);
    const { rows, columns, dictionary } = figure.data();
    expect(rows).toHaveLength(graph.nodes.length);
    expect(Object.keys(dictionary)).toEqual(columns);
    const factorAt = columns.indexOf("factor");
    expect(rows.map((row) => row[factorAt])).toEqual([...moment.factors]);
  });

  it("draws the area of a node by its factor, and rims what fires", () => {
    const nodes = figure.traces.filter((trace) => trace.type === "points");
    const areas = nodes.map(({ radius }) => radius ** 2);
    for (const [at, area] of areas.entries())
      expect(area / areas[0]!).toBeCloseTo(moment.factors[at]! / moment.factors[0]!, 8);
    expect(nodes.map(({ isMarked }) => isMarked)).toEqual([...example.fires].map((fires) => fires === 1));
  });

  it("tells Plotly the names as well", () => {
    const frame = frameOf(figure, { widthPx: 690 });
    const { traces } = translation({ figure, frame, theme: lightTheme, fontFamily: "Arial", isTouch: false });
    expect(traces.filter(({ mode }) => mode === "text").map(({ text }) => (text as string[])[0])).toEqual(
      graph.nodes.map(({ name }) => name),
    );
  });

  it("comes with the shares so far, for the relations there are", () => {
    const curves = neurashedShares(input);
    expect(curves.traces.map((trace) => "title" in trace && trace.title)).toEqual([
      "same class",
      "sibling",
      "unrelated",
    ]);
    expect(curves.data().rows).toHaveLength(6);
    parse(svgOf(curves, { widthPx: 690, theme: lightTheme, fontFamily: "Arial" }));
  });
});

describe("who has a feature", () => {
  it.each([
    [[], "none"],
    [[2], "class"],
    [[0, 1], "super-class"],
    [[2, 3], "super-class"],
    [[0, 2], "common"],
    [[0, 1, 2, 3], "common"],
  ] as const)("%j: %s", (owners, ownership) => {
    expect(ownershipOf(owners, classes)).toBe(ownership);
  });
});
