// Pointer and keyboard on our own drawing, and what Plotly is told.
import { describe, expect, it } from "vitest";
import { frameOf } from "../../src/app/export/frame.ts";
import { anchorBars } from "../../src/app/figures/anchorBars.ts";
import { classHeatmap } from "../../src/app/figures/classHeatmap.ts";
import { elasticityCurves } from "../../src/app/figures/elasticityCurves.ts";
import { lightTheme } from "../../src/app/figures/palette.ts";
import { boxOf, described, hitAt, moved, settled, type Stop } from "../../src/app/plot/cursor.ts";
import { hitOf } from "../../src/app/plot/hit.ts";
import { translation } from "../../src/app/plot/translation.ts";
import { classes, measure, nameOf, small, tableOf } from "./tiny.ts";

const runs = ["CNN", "Linear"].map((title) => ({ title, table: tableOf(small(), small(10, 2)) }));
const input = { runs, classes, measure, nameOf, tick: 0 };
const heatmap = classHeatmap(input);
const curves = elasticityCurves({ ...input, grouping: "class", anchorClass: 0, mark: 2 });
const bars = anchorBars({ ...input, anchor: 0 });
const sizes = { widthPx: 860, heightPx: 400 };

/** The middle of what the cursor encloses is what a click there hits. */
it.each([
  [heatmap, { panel: 1, row: 0, column: 2 }],
  [heatmap, { panel: 0, row: 2, column: 0 }],
  [curves, { panel: 1, row: 0, column: 1 }],
  [bars, { panel: 0, row: 0, column: 1 }],
] as const)("a click hits what the cursor encloses", (figure, stop: Stop) => {
  const frame = frameOf(figure, sizes);
  const { left, top, width, height } = boxOf(figure, frame, stop);
  // The last moment lies on the plot's edge.
  expect(hitOf(figure, frame, left + width / 2 - 1, top + height / 2)).toEqual(hitAt(figure, stop));
});

it("nothing lies beside the plots", () => {
  expect(hitOf(heatmap, frameOf(heatmap, sizes), 5, 5)).toBeUndefined();
});

describe("arrow keys", () => {
  it("walk through cells and over to the next panel", () => {
    const end: Stop = { panel: 0, row: 1, column: 2 };
    expect(moved(heatmap, end, "ArrowLeft")).toEqual({ panel: 0, row: 1, column: 1 });
    expect(moved(heatmap, end, "ArrowRight")).toEqual({ panel: 1, row: 1, column: 0 });
    expect(moved(heatmap, { ...end, panel: 1 }, "ArrowRight")).toEqual({ ...end, panel: 1 });
    expect(moved(heatmap, { panel: 1, row: 1, column: 0 }, "ArrowLeft")).toEqual(end);
    expect(moved(heatmap, end, "ArrowDown")).toEqual({ ...end, row: 2 });
    expect(moved(heatmap, { ...end, row: 2 }, "ArrowDown")).toEqual({ ...end, row: 2 });
    expect(moved(heatmap, end, "a")).toBeUndefined();
  });

  it("stay on a place that is still there when the figure changes", () => {
    expect(settled(heatmap, { panel: 0, row: 9, column: 9 })).toEqual({ panel: 0, row: 2, column: 2 });
    const empty = classHeatmap({ ...input, tick: 999 });
    expect(settled(empty, undefined)).toBeUndefined();
  });

  it("are answered in words", () => {
    expect(described(heatmap, { panel: 0, row: 0, column: 1 })).toContain("CNN, tiger → cat: 0.38");
    expect(described(heatmap, { panel: 0, row: 1, column: 1 })).toBe("CNN, cat → cat: not measurable");
    expect(described(curves, { panel: 1, row: 0, column: 1 })).toMatch(/^Linear, epoch 2: tiger 0\.63 .*, cat 0\.38/);
    expect(described(bars, { panel: 0, row: 0, column: 1 })).toBe("CNN, tiger, mean 0.75; image 11: 1.00");
  });
});

describe("translation for Plotly", () => {
  const of = (figure: typeof heatmap): ReturnType<typeof translation> =>
    translation({ figure, frame: frameOf(figure, sizes), theme: lightTheme, fontFamily: "Arial", isTouch: false });

  it("has one meaning a trace", () => {
    for (const figure of [heatmap, curves, bars]) expect(of(figure).meanings).toHaveLength(of(figure).traces.length);
  });

  it("puts plots where our own drawing has them", () => {
    const { plot } = frameOf(heatmap, sizes).panels[1]!;
    const axis = of(heatmap).layout.xaxis2 as { domain: [number, number] };
    expect(axis.domain[0] * 860).toBeCloseTo(plot.left, 8);
    expect(axis.domain[1] * 860).toBeCloseTo(plot.left + plot.width, 8);
  });

  it("leaves what is not measurable as a gap", () => {
    const { z } = of(heatmap).traces[0] as { z: (number | null)[][] };
    expect(z).toEqual([
      [0.625, 0.375, 0.25],
      [null, null, null],
      [null, null, null],
    ]);
  });
});
