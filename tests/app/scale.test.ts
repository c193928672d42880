// Ticks, limits and the writing of numbers.
import { describe, expect, it } from "vitest";
import {
  colourOf,
  coloursOf,
  contrast,
  darkTheme,
  lightTheme,
  classColour,
  readable,
  shown,
  textOn,
} from "../../src/app/figures/palette.ts";
import {
  axisNumber,
  colourScale,
  colourTicks,
  epochAxis,
  logAxis,
  logTicks,
  niceAxis,
  niceTicks,
  shortNumber,
  spread,
} from "../../src/app/figures/scale.ts";

const texts = (ticks: readonly { readonly text: string }[]): string[] => ticks.map(({ text }) => text);

describe("ticks", () => {
  it("are nice multiples within the limits, with as many decimals as they need", () => {
    expect(texts(niceTicks(0, 1, 5))).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    expect(texts(niceTicks(-1, 1, 4))).toEqual(["−1.0", "−0.5", "0", "0.5", "1.0"]);
    expect(texts(niceTicks(0, 0.0003, 3))).toEqual(["0", "0.0001", "0.0002", "0.0003"]);
  });

  it("widen an axis to nice ends that hold 0 and all finite values", () => {
    const { low, high } = niceAxis("", [0.13, NaN, 0.87, Infinity]);
    expect([low, high]).toEqual([0, 1]);
    expect(niceAxis("", []).high).toBe(1);
    expect(niceAxis("", [-0.7, 0.2]).low).toBe(-0.8);
  });

  it("of epochs are whole and reach the last epoch where a step does", () => {
    expect(texts(epochAxis([0, 15]).ticks)).toEqual(["0", "5", "10", "15"]);
    expect(texts(epochAxis([0, 8]).ticks)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(texts(epochAxis([0, 11]).ticks)).toEqual(["0", "2", "4", "6", "8", "10"]);
    expect(texts(epochAxis([]).ticks)).toEqual(["0", "1"]);
  });
});

describe("colour scales", () => {
  it("are fixed for unsigned and symmetric for signed measures", () => {
    expect(colourScale([0.2, 3], { signed: false })).toEqual({ kind: "sequential", low: 0, high: 1 });
    expect(colourScale([-0.42, 0.1, NaN], { signed: true })).toEqual({ kind: "diverging", low: -0.5, high: 0.5 });
    expect(texts(colourTicks({ kind: "diverging", low: -0.5, high: 0.5 }))).toEqual([
      "−0.50",
      "−0.25",
      "0",
      "0.25",
      "0.50",
    ]);
  });

  it("run through their stops, with colours of their own beyond the limits and none for NaN", () => {
    const scale = { kind: "sequential", low: 0, high: 1 } as const;
    expect(colourOf(0, scale)).toBe("#440154");
    expect(colourOf(1, scale)).toBe("#fde725");
    expect(colourOf(1.01, scale)).toBe("#e8501a");
    expect(colourOf(NaN, scale)).toBeUndefined();
  });

  it("leave text readable on every colour", () => {
    for (let value = 0; value <= 1.02; value += 0.02) {
      const colour = colourOf(value, { kind: "sequential", low: 0, high: 1 })!;
      expect(contrast(textOn(colour), colour)).toBeGreaterThan(4.5);
    }
  });
});

describe("class colours", () => {
  it("differ for ten classes, stand out from the paper, and make readable labels in both themes", () => {
    const colours = Array.from({ length: 10 }, (_, index) => classColour(index));
    expect(new Set(colours).size).toBe(10);
    for (const theme of [lightTheme, darkTheme])
      for (const colour of colours) {
        expect(contrast(shown(colour, theme), theme.paper)).toBeGreaterThan(2);
        expect(contrast(readable(colour, theme), theme.paper)).toBeGreaterThanOrEqual(4.5);
      }
  });
});

it("writes numbers short, with a true minus", () => {
  expect([0, 0.234, -0.5, 12.34, 234.5, 0.0004, 123456, NaN].map(shortNumber)).toEqual([
    "0.00",
    "0.23",
    "−0.50",
    "12.3",
    "235",
    "4.0e−4",
    "1.2e5",
    "not measurable",
  ]);
});

it("writes values of axes in sentences", () => {
  expect([0, 12, 0.35, 0.1234, 2e-6, -1e-7, 4000, 3e6].map(axisNumber)).toEqual([
    "0",
    "12",
    "0.35",
    "0.123",
    "2·10⁻⁶",
    "−10⁻⁷",
    "4000",
    "3·10⁶",
  ]);
});

it("spreads points evenly and the same each time", () => {
  expect([0, 1, 2, 3].map(spread)).toEqual([0, -0.25, 0.25, -0.375]);
});

describe("logarithmic axes", () => {
  it("have all decades, with texts on as many as there is room for", () => {
    const { low, high, ticks } = logAxis("Step size", [2e-12, 0.7]);
    expect([low, high]).toEqual([1e-12, 1]);
    expect(ticks.map(({ at }) => at)).toEqual(Array.from({ length: 13 }, (_, index) => Number(`1e${index - 12}`)));
    expect(texts(ticks).filter(Boolean)).toEqual(["10⁻¹²", "10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
  });

  it("have 2 and 5 where decades are few, and nice numbers within one", () => {
    expect(texts(logAxis("", [0.03, 0.4]).ticks)).toEqual(["0.02", "0.05", "0.1", "0.2", "0.5"]);
    expect(texts(logAxis("", [3e-6, 3e-5]).ticks)).toEqual(["2·10⁻⁶", "5·10⁻⁶", "10⁻⁵", "2·10⁻⁵", "5·10⁻⁵"]);
    expect(texts(logAxis("", [1, 1000]).ticks)).toEqual(["1", "10", "100", "1000"]);
    expect(texts(logTicks(1.2, 1.6, 4))).toEqual(["1.2", "1.3", "1.4", "1.5", "1.6"]);
  });

  it("hold all values above 0, and only those", () => {
    expect(logAxis("", [-3, 0, NaN, Infinity, 7])).toMatchObject({ scale: "log", low: 5, high: 10 });
    expect(logAxis("", [10])).toMatchObject({ low: 10, high: 100 });
    expect(logAxis("", [])).toMatchObject({ low: 0.1, high: 10 });
  });
});

it("rounds the colours of many values to steps that no eye tells, and keeps those beyond the limits", () => {
  const scale = { kind: "sequential", low: 0, high: 1 } as const;
  expect(coloursOf([0, 1, 1.01, -1, NaN, 0.5, 0.5001], scale)).toEqual(
    [0, 1, 1.01, -1, NaN, 0.5, 0.5].map((value) => colourOf(value, scale)),
  );
});
