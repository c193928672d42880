// What training adds, and what labels add: differences from the start and from the tangent kernel, paired by seed, pair by pair.
import { differencesOf } from "../../lab/studies/labelAwareness/finding.ts";
import {
  methodTitles,
  quantityTitles,
  type EstimateId,
  type MethodId,
  type Quantity,
} from "../../lab/studies/labelAwareness/method.ts";
import { manifestOf, pairTitle, pairsOf, wordOf } from "../../lab/studies/labelAwareness/setting.ts";
import { interval } from "../../math/stats.ts";
import { blankIfNaN, type Axis, type Figure } from "./figure.ts";
import { lambdaSentence, type LabelAwarenessInput } from "./labelAwarenessGrid.ts";
import { classColour } from "./palette.ts";
import { niceAxis, shortNumber } from "./scale.ts";
import { plural } from "./wording.ts";

export interface GainsInput extends LabelAwarenessInput {
  readonly quantity: Quantity;
  /** Which label-aware kernel is held against the tangent kernel. */
  readonly estimate: EstimateId;
}

export function labelAwarenessGains(input: GainsInput): Figure {
  const { params, quantity, estimate, arrangement = "row" } = input;
  const pairs = pairsOf(params);
  const manifest = manifestOf(params);
  const asked: readonly (readonly [MethodId, MethodId])[] = [
    ["trained", quantity === "accuracy" ? "ntk" : "start"],
    [estimate, "ntk"],
  ];
  const all = asked.map((both) =>
    pairs.map((pair) => {
      const units = differencesOf(input, both, pair, quantity).filter((value) => !Number.isNaN(value));
      return { pair, units, value: interval(units) };
    }),
  );
  const titles = pairs.map((pair) => pairTitle(pair, manifest));
  const y: Axis = {
    title: "",
    low: pairs.length - 0.5,
    high: -0.5,
    ticks: titles.map((text, at) => ({ at, text })),
  };
  return {
    name: "label-awareness-gains",
    title: `What training and labels add: ${quantityTitles[quantity].toLowerCase()}`,
    caption: `Differences in percent points, paired by seed: bars are means over n = ${plural(params.seeds.length, "seed")}, whiskers 95 % Student-t intervals, points the single seeds. Panels have scales of their own. ${lambdaSentence(input.lambda)}`,
    arrangement,
    panels: asked.map(([method, reference], panel) => ({
      title: `${short(method)} − ${short(reference)}`,
      x: niceAxis(
        "Points",
        all[panel]!.flatMap(({ units, value }) => [...units, value.low, value.high]).filter(Number.isFinite),
        { tickCount: 3 },
      ),
      y,
      rules: [{ axis: "x", at: 0, title: "" }],
      ...(all[panel]!.every(({ units }) => units.length === 0) ? { note: "Not measured yet" } : {}),
    })),
    traces: all.flatMap((row, panel) =>
      row.flatMap(({ units, value }, category) =>
        units.length === 0
          ? []
          : [
              {
                type: "strip" as const,
                panel,
                title: titles[category]!,
                category,
                mean: value.mean,
                low: value.low,
                high: value.high,
                points: units,
                ids: units.map(() => category),
                colour: classColour(panel === 0 ? 0 : 5),
                hover: (point: number) => `${titles[category]!}: ${shortNumber(units[point]!)} points`,
              },
            ],
      ),
    ),
    data: () => ({
      columns: ["method", "reference", "pair", "quantity", "difference", "low", "high", "n"],
      rows: all.flatMap((row, panel) =>
        row.map(({ pair, value }) => [
          ...asked[panel]!,
          wordOf(pair),
          quantity,
          ...[value.mean, value.low, value.high].map(blankIfNaN),
          value.count,
        ]),
      ),
      dictionary: {
        method: "The method that the difference is of.",
        reference: "The method that is taken away, with the same images and seed.",
        pair: "The two classes.",
        quantity: "train-train, test-train: relative ratio × 100; accuracy: of test images, in percent.",
        difference: "Mean over seeds, in percent points.",
        low: "Lower bound of its 95 % Student-t interval; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        n: "Number of seeds.",
      },
    }),
  };
}

const short = (method: MethodId): string =>
  method === "ntk"
    ? "NTK"
    : methodTitles[method].replace(/^(Network|LANTK), /, "").replace(/^./, (first) => first.toUpperCase());
