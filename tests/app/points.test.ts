// Points, clouds with equal scales and logarithmic axes: where they lie, what is hit, how one walks, what Plotly is told.
import { describe, expect, it } from "vitest";
import { xOf, yOf } from "../../src/app/export/box.ts";
import { pixelsOf, placedPoints } from "../../src/app/export/drawPoints.ts";
import { referenceLabels } from "../../src/app/export/drawReferences.ts";
import { frameOf } from "../../src/app/export/frame.ts";
import { svgOf, type SvgOptions } from "../../src/app/export/svg.ts";
import type { Figure, LineTrace, Panel, PointColours, PointsTrace, Trace } from "../../src/app/figures/figure.ts";
import { colourOf, darkTheme, lightTheme } from "../../src/app/figures/palette.ts";
import { equalAxes, logAxis, niceAxis } from "../../src/app/figures/scale.ts";
import { boxOf, described, hitAt, moved, settled, type Stop } from "../../src/app/plot/cursor.ts";
import { hitOf } from "../../src/app/plot/hit.ts";
import { translation } from "../../src/app/plot/translation.ts";
import { initialRanges, zoomOf, type LiveLayout } from "../../src/app/plot/zoom.ts";
import { count, parse } from "./xml.ts";

const sizes = { widthPx: 860, heightPx: 400 };
const options: SvgOptions = { ...sizes, theme: lightTheme, fontFamily: "Arial" };

const colours: PointColours = {
  values: [0.5, NaN, 2, 0, 0],
  scale: { kind: "sequential", low: 0, high: 1 },
  title: "Relative similarity",
};
const cloud: PointsTrace = {
  type: "points",
  panel: 0,
  title: "cloud",
  x: [-1, 0, 1, NaN, 0.5],
  y: [0, 1, 0, 0, NaN],
  ids: [10, 11, 12, 13, 14],
  colour: colours,
  marker: "circle",
  radius: 3,
  depth: [3, 1, 2, 0, 0],
  picked: 12,
};
const scatter: PointsTrace = {
  type: "points",
  panel: 1,
  title: "probes",
  x: [1, 10, 100, 1000, 0],
  y: [0.1, 0.4, 0.2, 0.3, 0.2],
  ids: [0, 1, 2, 3, 4],
  colour: "#0072b2",
  marker: "square",
  radius: 2,
  opacity: 0.3,
  hover: ["one", "ten", "hundred", "thousand", "nothing"],
};
const median: LineTrace = {
  type: "line",
  panel: 1,
  title: "median",
  x: [1, 100],
  y: [0.2, 0.25],
  band: { low: [0, 0.1], high: [0.3, 0.4] },
  colour: "#d55e00",
  dash: "solid",
  marker: "none",
  hover: ["0.20", "0.25"],
};
const equator: LineTrace = { ...median, panel: 0, title: "", x: [-1, 1], y: [0, 0], faint: true, hover: [] };

const panels: readonly Panel[] = [
  { title: "Torus", view: "equal", ...equalAxes(2) },
  { title: "Distance", x: logAxis("Geodesic distance", scatter.x), y: niceAxis("Relative similarity", scatter.y) },
];
const figureOf = (traces: readonly Trace[], more: Partial<Figure> = {}): Figure => ({
  name: "points",
  title: "Points",
  caption: "Points.",
  arrangement: "row",
  panels,
  traces,
  data: () => ({ columns: [], rows: [], dictionary: {} }),
  ...more,
});
const figure = figureOf([cloud, equator, median, scatter]);
const frame = frameOf(figure, sizes);

describe("panels of equal scales", () => {
  it("have the same pixels a unit in x and y, in the middle of their room, at every size", () => {
    for (const arrangement of ["row", "column"] as const)
      for (const widthPx of [300, 390, 860, 1440])
        for (const heightPx of [undefined, 300, 700]) {
          const shape = { x: { ...panels[0]!.x!, high: 6 }, y: panels[0]!.y! };
          const wide = figureOf([cloud], { arrangement, panels: [{ ...panels[0]!, ...shape }, panels[1]!] });
          const { plot, room } = frameOf(wide, { widthPx, heightPx }).panels[0]!;
          expect(plot.width / 8).toBeCloseTo(plot.height / 4, 8);
          expect(plot.left - room.left).toBeCloseTo(room.left + room.width - plot.left - plot.width, 8);
          expect(plot.top - room.top).toBeCloseTo(room.top + room.height - plot.top - plot.height, 8);
        }
  });

  it("leave the width that they cannot use to the others of their row", () => {
    const [left, right] = frame.panels as [(typeof frame.panels)[0], (typeof frame.panels)[0]];
    expect(left.plot.width).toBeCloseTo(left.room.width, 8);
    expect(right.plot.width).toBeGreaterThan(left.plot.width + 50);
    expect(right.plot.left + right.plot.width).toBeLessThan(860);
    expect(left.title.middle).toBe(right.title.middle);
  });

  it("have neither ticks nor grid", () => {
    const alone = figureOf([cloud], { panels: [panels[0]!] });
    const key = /<linearGradient.*/.exec(svgOf(alone, options))![0];
    expect(count(svgOf(alone, options), /<line /g)).toBe(count(key, /<line /g));
  });
});

describe("drawn points", () => {
  const svg = svgOf(figure, options);

  it("are whole XML in every theme, marker and size", () => {
    for (const marker of ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"] as const)
      for (const theme of [lightTheme, darkTheme])
        for (const arrangement of ["row", "column"] as const)
          for (const widthPx of [300, 860]) {
            const traces = [{ ...cloud, marker }, equator, median, { ...scatter, marker }];
            const text = svgOf(figureOf(traces, { arrangement }), { ...options, widthPx, theme });
            expect(() => parse(text)).not.toThrow();
            expect(text).not.toMatch(/NaN|undefined|Infinity|style=/);
          }
  });

  it("leave out what has no place, and lie deepest first", () => {
    expect([...svg.matchAll(/data-panel="0" data-id="(\d+)"/g)].map(([, id]) => id)).toEqual(["11", "12", "10"]);
    expect([...svg.matchAll(/data-panel="1" data-id="(\d+)"/g)].map(([, id]) => id)).toEqual(["0", "1", "2", "3"]);
  });

  it("are hollow where they are not measurable, and say so in the key with what lies over the scale", () => {
    expect(svg).toMatch(/fill="none" stroke="#a3abb7"[^>]*data-id="11"/);
    for (const label of ["not measurable", "above 1", "Relative similarity", "probes"])
      expect(svg).toContain(`>${label}</text>`);
    expect(svg).not.toContain(">cloud</text>");
  });

  it("name each kind of marker once in the key, also without a colour bar", () => {
    const twice = svgOf(figureOf([scatter, { ...scatter, x: [5] }, { ...scatter, title: "anchors" }]), options);
    expect(count(twice, />probes<\/text>/g)).toBe(1);
    expect(count(twice, />anchors<\/text>/g)).toBe(1);
    expect(twice).not.toContain("<linearGradient");
  });

  it("have a ring about the one that is picked", () => {
    const { plot } = frame.panels[0]!;
    const ring = new RegExp(
      `<circle cx="${Math.round(xOf(panels[0]!.x!, plot, 1) * 100) / 100}"[^>]*fill="none" stroke="${lightTheme.text}"`,
    );
    expect(svg).toMatch(ring);
    expect(svgOf(figureOf([{ ...cloud, picked: 13 }]), options)).not.toContain(
      `fill="none" stroke="${lightTheme.text}"`,
    );
  });

  it("are drawn fast by the ten thousand", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index / 10_000);
    const trace = { ...cloud, x: many.map((u) => Math.cos(99 * u)), y: many, ids: [...many.keys()], depth: many };
    const thousands = figureOf([{ ...trace, colour: { ...colours, values: many } }]);
    svgOf(thousands, options);
    const start = performance.now();
    const drawn = svgOf(thousands, options);
    expect(performance.now() - start).toBeLessThan(250);
    expect(count(drawn, /<circle /g)).toBeGreaterThanOrEqual(10_000);
    expect(drawn).not.toContain("data-id");
  });
});

describe("clicks", () => {
  it("hit the nearest point within reach", () => {
    const { plot } = frame.panels[0]!;
    const at = { left: xOf(panels[0]!.x!, plot, -1), top: yOf(panels[0]!.y!, plot, 0) };
    expect(hitOf(figure, frame, at.left + 6, at.top - 6)).toEqual({ kind: "point", id: 10 });
    expect(hitOf(figure, frame, at.left + 9, at.top + 9)).toBeUndefined();
  });

  it("hit the point on top where two lie on each other", () => {
    const pair = { ...cloud, x: [0, 0], y: [0, 0], ids: [1, 2] };
    const { plot } = frame.panels[0]!;
    const hit = (depth: readonly number[]): unknown =>
      hitOf(figureOf([{ ...pair, depth }]), frame, plot.left + plot.width / 2, plot.top + plot.height / 2);
    expect(hit([1, 0])).toEqual({ kind: "point", id: 1 });
    expect(hit([0, 1])).toEqual({ kind: "point", id: 2 });
  });

  it("hit moments of lines beside all points", () => {
    const { plot } = frame.panels[1]!;
    expect(hitOf(figure, frame, plot.left + 1, plot.top + 2)).toEqual({ kind: "moment", x: 1 });
  });

  it.each([
    { panel: 0, row: 0, column: 1 },
    { panel: 1, row: 0, column: 2 },
    { panel: 1, row: 1, column: 0 },
  ])("hit what the cursor encloses", (stop: Stop) => {
    const { left, top, width, height } = boxOf(figure, frame, stop);
    expect(hitOf(figure, frame, left + width / 2, top + height / 2)).toEqual(hitAt(figure, stop));
  });
});

describe("arrow keys", () => {
  const ids = (stops: readonly (Stop | undefined)[]): unknown[] => stops.map((stop) => stop && hitAt(figure, stop));
  const start: Stop = { panel: 1, row: 0, column: 0 };

  it("walk from left to right, and over to the next panel", () => {
    const second = moved(figure, start, "ArrowRight")!;
    expect(ids([start, second, moved(figure, second, "End")])).toEqual([
      { kind: "point", id: 0 },
      { kind: "point", id: 1 },
      { kind: "point", id: 3 },
    ]);
    expect(moved(figure, start, "ArrowLeft")).toEqual({ panel: 0, row: 0, column: 2 });
  });

  it("walk up and down to the nearest point, and below all points to the lines", () => {
    expect(moved(figure, start, "ArrowUp")).toEqual({ ...start, column: 1 });
    expect(moved(figure, { ...start, column: 1 }, "ArrowDown")).toEqual({ ...start, column: 2 });
    expect(moved(figure, start, "ArrowDown")).toEqual({ ...start, row: 1 });
    expect(moved(figure, { ...start, row: 1 }, "ArrowUp")).toEqual(start);
    expect(moved(figure, { panel: 0, row: 0, column: 1 }, "ArrowUp")).toEqual({ panel: 0, row: 0, column: 1 });
  });

  it("are answered in words", () => {
    expect(described(figure, start)).toBe("Distance, one");
    expect(described(figure, { panel: 0, row: 0, column: 1 })).toBe("Torus, cloud: 0.00, 1.00, not measurable");
    expect(described(figure, { ...start, row: 1, column: 1 })).toBe("Distance, geodesic distance 100: median 0.25");
  });

  it("stay on a place that is still there when points go", () => {
    const fewer = figureOf([{ ...cloud, x: [0] }]);
    expect(settled(fewer, { panel: 0, row: 0, column: 2 })).toEqual({ panel: 0, row: 0, column: 0 });
  });
});

describe("translation for Plotly", () => {
  const { traces, meanings, layout } = translation({
    figure,
    frame,
    theme: lightTheme,
    fontFamily: "Arial",
    isTouch: false,
  });
  const of = (mode: string, axis: string): number =>
    traces.findIndex((trace) => trace.mode === mode && trace.xaxis === axis);

  it("has the same points in the same order, which mean the same", () => {
    const points = traces[of("markers", "x")] as { x: number[]; marker: { color: string[] } };
    expect(points.x).toEqual([0, 1, -1]);
    expect(points.marker.color).toEqual(["rgba(0,0,0,0)", "#e8501a", colourOf(0.5, colours.scale)]);
    expect(meanings[of("markers", "x")]).toEqual({ kind: "point", ids: [11, 12, 10] });
    expect(meanings).toHaveLength(traces.length);
  });

  it("lays faint lines beneath points, and points beneath other lines", () => {
    expect(of("lines", "x")).toBeLessThan(of("markers", "x"));
    const [band, points] = [of("lines", "x2"), of("markers", "x2")];
    expect(band).toBeLessThan(points);
    expect(traces.findIndex(({ name }) => name === "median")).toBeGreaterThan(points);
  });

  it("has axes of the same kind and place", () => {
    const [x, y, x2] = [layout.xaxis, layout.yaxis, layout.xaxis2] as Record<string, unknown>[];
    expect([x!.type, x!.range, x!.tickvals, y!.scaleanchor]).toEqual(["linear", [-2, 2], [], "x"]);
    expect([x2!.type, x2!.range]).toEqual(["log", [0, 3]]);
    expect(x2!.tickvals).toEqual([1, 10, 100, 1000]);
    const { plot } = frame.panels[1]!;
    expect((x2!.domain as number[])[0]! * 860).toBeCloseTo(plot.left, 8);
    expect(layout.hovermode).toBe("closest");
  });

  it("labels lines where a logarithmic axis has them", () => {
    const log = figureOf([{ ...median, y: [1, 100] }], {
      panels: [panels[0]!, { ...panels[1]!, y: logAxis("Error", [1, 1000]) }],
    });
    const context = { figure: log, frame: frameOf(log, sizes), theme: lightTheme, fontFamily: "Arial", isTouch: false };
    const [note] = translation(context).layout.annotations as { y: number }[];
    expect(note!.y).toBe(2);
  });

  it("gives zoomed logarithmic axes ticks that fit", () => {
    const ranges = initialRanges(figure);
    const live = (name: string): LiveLayout[string] => ({ range: ranges[`${name}.range`] as [number, number] });
    const names = ["xaxis", "yaxis", "xaxis2", "yaxis2"];
    const layout = Object.fromEntries(names.map((name) => [name, live(name)]));
    expect(zoomOf(figure, layout).isZoomed).toBe(false);
    const zoom = zoomOf(figure, { ...layout, xaxis2: { range: [0, 1] } });
    expect(zoom.isZoomed).toBe(true);
    expect(zoom.update["xaxis2.tickvals"]).toEqual([1, 2, 5, 10]);
  });
});

describe("rules and spans", () => {
  const compared: readonly Panel[] = [
    {
      title: "Sweep",
      x: logAxis("Step size", [1e-8, 1]),
      y: niceAxis("Ratio", [0, 1]),
      spans: [
        { axis: "x", from: 1e-6, to: 1e-2, title: "plateau" },
        { axis: "y", from: 2, to: 3, title: "beyond" },
        { axis: "x", from: 1e-3, to: 1e3, title: "end" },
      ],
      rules: [
        { axis: "y", at: 1, title: "itself" },
        { axis: "x", at: 1e-4, title: "default" },
        { axis: "x", at: -1, title: "nowhere" },
      ],
    },
  ];
  const sweep = figureOf([{ ...median, panel: 0, x: [1e-7, 1e-4] }], { panels: compared });
  const frame = frameOf(sweep, sizes);
  const { plot } = frame.panels[0]!;
  const svg = svgOf(sweep, options);

  it("are drawn where the axes have them, as far as they do", () => {
    const spans = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*fill-opacity="0.06"/g)];
    expect(spans.map(([, x]) => Number(x) - plot.left)).toEqual([
      expect.closeTo(plot.width / 4, 1),
      expect.closeTo((plot.width * 5) / 8, 1),
    ]);
    expect(Number(spans[0]![2])).toBeCloseTo(plot.width / 2, 1);
    expect(Number(spans[1]![2])).toBeCloseTo((plot.width * 3) / 8, 1);
    expect(count(svg, /<line [^>]*stroke-dasharray="1.5 3"/g)).toBe(2);
  });

  it("bear names, none of which lies on another", () => {
    const { x, y } = compared[0]!;
    const labels = referenceLabels(compared[0]!, { x: x!, y: y! }, frame.panels[0]!, frame.font);
    expect(labels.map(({ text }) => text)).toEqual(["itself", "default", "plateau", "end"]);
    for (const { text, left, middle } of labels) {
      expect(svg).toContain(`>${text}</text>`);
      expect(left).toBeGreaterThan(plot.left);
      expect(left).toBeLessThan(plot.left + plot.width);
      expect(middle).toBeGreaterThan(plot.top);
    }
    const [, rule, span] = labels;
    expect(span!.middle - rule!.middle).toBeGreaterThan(frame.font.tick);
  });

  it("are the same for Plotly: shapes by value, notes by range", () => {
    const { shapes, annotations } = translation({
      figure: sweep,
      frame,
      theme: lightTheme,
      fontFamily: "Arial",
      isTouch: false,
    }).layout as { shapes: Record<string, unknown>[]; annotations: Record<string, unknown>[] };
    expect(shapes.map(({ type, x0, x1, y0 }) => [type, x0, x1, y0])).toMatchObject([
      ["rect", 1e-6, 1e-2, expect.any(Number)],
      ["rect", 1e-3, 1, expect.any(Number)],
      ["line", expect.any(Number), expect.any(Number), 1],
      ["line", 1e-4, 1e-4, expect.any(Number)],
    ]);
    expect(annotations.find(({ text }) => text === "default")!.x).toBeCloseTo(-4, 12);
    expect(annotations.find(({ text }) => text === "plateau")!.x).toBeCloseTo(-4, 12);
    expect(annotations.find(({ text }) => text === "itself")!.y).toBe(1);
  });

  it("are named where the keyboard comes by", () => {
    expect(described(sweep, { panel: 0, row: 0, column: 1 })).toBe("Sweep, step size 10⁻⁴, plateau: median 0.25");
    expect(described(sweep, { panel: 0, row: 0, column: 0 })).toBe("Sweep, step size 10⁻⁷: median 0.20");
  });
});

describe("lines on logarithmic axes", () => {
  it("are straight where a power law is, and break where there is no logarithm", () => {
    const axes = { x: logAxis("x", [1, 1000]), y: logAxis("y", [1e-6, 1]) };
    const box = { left: 0, top: 0, width: 300, height: 600 };
    expect([1, 10, 100, 1000].map((x) => Math.round(xOf(axes.x, box, x)))).toEqual([0, 100, 200, 300]);
    expect([1, 1e-3, 1e-6].map((y) => Math.round(yOf(axes.y, box, y)))).toEqual([0, 300, 600]);
    expect(xOf(axes.x, box, 0)).toBeNaN();
    expect(placedPoints({ ...scatter, x: [-1, 0, 10], y: [1, 1, 1e-3] }, axes).map(({ index }) => index)).toEqual([2]);
    expect(pixelsOf({ x: 0.5, y: 0.25 }, box)).toEqual({ left: 150, top: 450 });
  });

  it("keep a band whose lower bound has no logarithm whole, down to the axis", () => {
    const axes = { x: panels[1]!.x!, y: logAxis("y", [0.1, 1]) };
    const svg = svgOf(
      figureOf([median], {
        panels: [
          { title: "", ...axes },
          { title: "", ...axes },
        ],
      }),
      options,
    );
    const [, d] = /<path d="([^"]*)"[^>]*fill-opacity="0.14"/.exec(svg)!;
    expect(count(d!, /L/g)).toBe(3);
    expect(() => parse(svg)).not.toThrow();
  });
});
