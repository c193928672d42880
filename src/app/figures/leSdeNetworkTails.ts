// Tail indices, and how well held-out images are classified, against the share of corrupted labels, beside what the paper shows.
import {
  isPublished,
  publishedSource,
  published,
  tolerance,
  type PublishedPoint,
} from "../../lab/studies/leSdeNetwork/published.ts";
import { classesOf, corruptionsOf } from "../../lab/studies/leSdeNetwork/setting.ts";
import { summaryOf, type Summary } from "../../lab/studies/leSdeNetwork/summary.ts";
import type { Interval } from "../../math/stats.ts";
import { blankIfNaN, type Axis, type Figure, type LineTrace, type Panel, type Rule } from "./figure.ts";
import { corruptionShown, divergedSentence, held, unmeasured, type LeSdeNetworkInput } from "./leSdeNetworkCourse.ts";
import type { LineStyle } from "./palette.ts";
import { niceAxis, shortNumber } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

interface Series {
  readonly panel: number;
  readonly quantity: string;
  readonly title: string;
  readonly style: LineStyle;
  readonly of: (found: Summary) => Interval;
  /** Where the paper shows the same. */
  readonly published?: (point: PublishedPoint) => number | undefined;
}

const alphaStyle = { colour: "#d55e00", dash: "solid", marker: "circle" } as const;
const betaStyle = { colour: "#0072b2", dash: "dash", marker: "square" } as const;

const series: readonly Series[] = [
  {
    panel: 0,
    quantity: "tail height alpha",
    title: "α",
    style: alphaStyle,
    of: ({ tailIntervals }) => tailIntervals["height alpha"],
    published: ({ tailAlpha }) => tailAlpha,
  },
  {
    panel: 0,
    quantity: "tail height beta",
    title: "β",
    style: betaStyle,
    of: ({ tailIntervals }) => tailIntervals["height beta"],
    published: ({ tailBeta }) => tailBeta,
  },
  {
    panel: 1,
    quantity: "tail fitted alpha",
    title: "α",
    style: alphaStyle,
    of: ({ tailIntervals }) => tailIntervals["fitted alpha"],
  },
  {
    panel: 1,
    quantity: "tail fitted beta",
    title: "β",
    style: betaStyle,
    of: ({ tailIntervals }) => tailIntervals["fitted beta"],
  },
  {
    panel: 2,
    quantity: "accuracy",
    title: "network",
    style: alphaStyle,
    of: ({ accuracy }) => accuracy,
    published: ({ accuracy }) => accuracy,
  },
];

const panelTitles = ["Tail index by height, as the authors’", "Tail index by fit", "Held-out accuracy"];

const asShare = (value: number): number => Math.min(1, Math.max(0, value));

export function leSdeNetworkTails(input: LeSdeNetworkInput): Figure {
  const { params, model, arrangement } = input;
  const found = corruptionsOf(params).flatMap(({ text, share }) => {
    const summary = summaryOf(input, share, model);
    return summary ? [{ text, share, summary }] : [];
  });
  const isBeside = isPublished(params) && found.length > 0;
  const lines = series.map(({ panel, title, style, of }): LineTrace => {
    const values = found.map(({ summary }) => of(summary));
    return {
      type: "line",
      panel,
      title,
      x: found.map(({ share }) => share),
      y: values.map(({ mean }) => mean),
      band: { low: values.map(({ low }) => low), high: values.map(({ high }) => high) },
      ...style,
      hover: values.map(({ mean, low, high, count }) =>
        Number.isNaN(mean)
          ? "not measurable"
          : `${shortNumber(mean)}${count < 2 ? "" : ` (${shortNumber(low)} to ${shortNumber(high)})`}`,
      ),
    };
  });
  const printed = series.flatMap(({ panel, title, style, published: value }): LineTrace[] => {
    const points = published.flatMap((point) => {
      const y = value?.(point);
      return y === undefined ? [] : [{ x: point.share, y }];
    });
    if (!isBeside || points.length === 0) return [];
    return [
      {
        type: "line",
        panel,
        title: panel === 0 ? `paper, ${title}` : "paper",
        x: points.map(({ x }) => x),
        y: points.map(({ y }) => y),
        colour: style.colour === alphaStyle.colour ? "#8f8f8f" : "#56b4e9",
        dash: "dot",
        marker: style.marker === "circle" ? "diamond" : "triangle-up",
      },
    ];
  });
  const traces = found.length > 0 ? [...lines, ...printed] : [];
  const K = classesOf(params).length;
  const noise: Rule = { axis: "x", at: (K - 1) / K, title: "pure noise" };
  const x: Axis = niceAxis("Share of corrupted labels, p", [1, ...found.map(({ share }) => share)], { tickCount: 5 });
  const rules: readonly Rule[][] = [
    [{ axis: "y", at: 1, title: "" }, noise],
    [{ axis: "y", at: 1, title: "" }, noise],
    [{ axis: "y", at: 1 / K, title: "chance" }, noise],
  ];
  const diverged = corruptionsOf(params)
    .map((each) => divergedSentence(input, each))
    .join("");
  const lacks = found.flatMap(({ text, summary: { lack } }) => (lack ? [`at p = ${text}: ${lack}`] : []));
  const lacking = lacks.length > 0 ? ` Not measurable in part ${lacks.join("; ")}.` : "";
  const counts = countRange(found.map(({ summary }) => summary.trials.length));
  return {
    name: "le-sde-network-tails",
    title: "Tail index against label corruption",
    caption:
      found.length === 0
        ? diverged
          ? `Not measurable.${diverged}`
          : "Nothing has been measured yet."
        : `Left: 1 − log |A| / log t, mean over the last tenth of the iterations, as the authors compute it (where A has come to rest this tells its height, not how α falls); then r of the power law c t⁻ʳ whose integral fits best after the burn-in; missing where none from −1 to 4 does, with all trials or without one. ${model}-model; dotted: 1, below which the equation separates classes, and the share at which labels are pure noise. Right: held-out images classified rightly at the end. Bands are 95 % intervals over n = ${plural(counts, "trial")}: jackknife, and Student-t for accuracy; what lies beyond the axes is cut.${isBeside ? ` Grey and light blue: ${publishedSource}; tail indices ± ${tolerance.tail}, accuracy ± ${tolerance.accuracy}.` : ""}${lacking}${diverged}`,
    arrangement,
    panels: panelTitles.map((title, panel): Panel => {
      const own = traces.filter((trace) => trace.panel === panel);
      return {
        title,
        x,
        y: niceAxis(
          panel < 2 ? "Tail index" : "Share classified rightly",
          panel < 2 ? held(own) : held(own).map(asShare),
          {
            fromZero: panel > 1,
          },
        ),
        rules: rules[panel]!,
        ...(found.length > 0
          ? unmeasured(own, found.find(({ summary }) => summary.lack)?.summary.lack ?? "")
          : { note: diverged ? "Not measurable: all trials diverged" : notMeasuredYet }),
      };
    }),
    traces,
    ...(found.length > 1
      ? { mark: corruptionShown(input).share, markTitle: `p = ${corruptionShown(input).text}, shown above` }
      : {}),
    data: () => ({
      columns: ["quantity", "corruption", "mean", "low", "high", "n", "source"],
      rows: [
        ...series.flatMap(({ quantity, of }) =>
          found.map(({ share, summary }) => {
            const { mean, low, high, count } = of(summary);
            return [quantity, share, ...[mean, low, high].map(blankIfNaN), count, "computed"];
          }),
        ),
        ...(isBeside
          ? series.flatMap(({ quantity, published: value }) =>
              published.flatMap((point) => {
                const shown = value?.(point);
                return shown === undefined ? [] : [[quantity, point.share, shown, "", "", "", "published"]];
              }),
            )
          : []),
      ],
      dictionary: {
        quantity:
          "tail height: 1 - mean of log |integral of the effect| / log t over the last tenth; tail fitted: r of the power law whose integral fits best after the burn-in; accuracy: of held-out images at the end",
        corruption: "share of the training labels that are changed to another class",
        mean: "estimate from the mean over trials; of accuracy, the mean",
        low: "lower bound of the 95 % interval over trials: jackknife, Student-t for accuracy",
        high: "upper bound of the same interval",
        n: "number of trials",
        source: "computed here, or published: read off the paper's figures by eye",
      },
    }),
  };
}
