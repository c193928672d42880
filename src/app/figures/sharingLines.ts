// Sharing against epoch: a pair of classes by features, signals and kernel; what each layer adds; and all relations of classes.
import type { Quantity, SharingFinding } from "../../lab/studies/sharing/measured.ts";
import { margin, momentsFound, onsetOf, pairOf, relationOf, type Place } from "../../lab/studies/sharing/summary.ts";
import { classesOf, epochsOf } from "../../lab/studies/tangent/moments.ts";
import { relations, type Relation } from "../../lab/relation.ts";
import type { Interval } from "../../math/stats.ts";
import { relationStyles, relationTitles } from "./elasticityCurves.ts";
import { blankIfNaN, type Axis, type Figure, type LineTrace, type Panel } from "./figure.ts";
import { classStyle, type LineStyle } from "./palette.ts";
import { epochAxis, niceAxis, shortNumber } from "./scale.ts";
import { quantityTitles, shownOf, type SharingInput } from "./sharingMatrix.ts";
import { notMeasuredYet } from "./wording.ts";

type Moments = ReturnType<typeof momentsFound>;

/** One line of one panel. */
interface Series {
  readonly panel: number;
  readonly layer: string;
  readonly title: string;
  readonly style: LineStyle;
  readonly hasBand: boolean;
  readonly values: readonly Interval[];
}

const styles: Readonly<Record<Exclude<Quantity, "share">, LineStyle>> = {
  kernel: { colour: "#d55e00", dash: "solid", marker: "circle" },
  features: { colour: "#0072b2", dash: "dash", marker: "square" },
  signals: { colour: "#009e73", dash: "dot", marker: "diamond" },
};
const unrelatedStyle: LineStyle = { colour: "#8f8f8f", dash: "dashdot", marker: "none" };
const wholeStyle: LineStyle = { colour: "#000000", dash: "solid", marker: "circle" };

const momentsOf = ({ params, findings }: SharingInput): Moments => momentsFound(params, findings);

/** The layers and the whole of whatever is known, or the whole alone. */
const panelsOf = (moments: Moments, quantity: Quantity): { title: string; place: Place }[] =>
  moments[0] ? shownOf(moments[0].found, quantity) : [{ title: "Whole kernel", place: "whole" }];

export const pairTitle = ({ params, look }: Pick<SharingInput, "params" | "look">): string => {
  const [one, other] = [look.one, look.other].map((at) => classesOf(params)[at]!.title);
  return one === other ? `${one} v other ${one}` : `${one} v ${other}`;
};

/** The picked pair: kernel, features and signals, beside the kernel of unrelated classes. */
export function sharingPair(input: SharingInput): Figure {
  const { params, look } = input;
  const moments = momentsOf(input);
  const classes = classesOf(params);
  const pair = [look.one, look.other] as const;
  const series = panelsOf(moments, "kernel").flatMap(({ title: layer, place }, panel): Series[] => {
    const line = (title: string, style: LineStyle, of: (found: SharingFinding) => Interval): Series => ({
      panel,
      layer,
      title,
      style,
      hasBand: title === "kernel",
      values: moments.map(({ found }) => of(found)),
    });
    const within = place === "whole" ? [] : (["features", "signals"] as const);
    return [
      line("kernel", styles.kernel, (found) => pairOf(found, place, pair)),
      ...within.map((quantity) =>
        line(quantity, styles[quantity], (found) => pairOf(found, { ...(place as { layer: number }), quantity }, pair)),
      ),
      line("unrelated", unrelatedStyle, (found) => relationOf(found, place, { name: "unrelated", classes })),
    ];
  });
  return figureOf(input, {
    name: "sharing-pair",
    title: `${pairTitle(input)}: features, signals and kernel against epoch`,
    caption: [
      `Mean cosines over the pairs of different images of ${pairTitle(input)}, layer by layer: of the kernel of the layer's own weights,`,
      `of its features (inputs) and of its signals. In a dense layer the kernel of two images is the product of features and signals;`,
      `in a convolution it adds up such products over pairs of positions, so its cosine is not the product of the other two. Grey: the`,
      `mean of unrelated classes. Bands: 95 % Student-t intervals over the images of the first class, which are not independent.`,
    ].join(" "),
    series,
    yTitle: "Cosine",
    panels: panelsOf(moments, "kernel").map(({ title }) => title),
    moments,
  });
}

/** What each layer adds to the cosine of the whole kernel, for the picked pair. */
export function sharingParts(input: SharingInput): Figure {
  const { params, look } = input;
  const moments = momentsOf(input);
  const groups: { title: string; of: (found: SharingFinding, place: Place) => Interval }[] = [
    { title: pairTitle(input), of: (found, place) => pairOf(found, place, [look.one, look.other]) },
    ...(["same", "unrelated"] as const).map((name) => ({
      title: relationTitles[name],
      of: (found: SharingFinding, place: Place) => relationOf(found, place, { name, classes: classesOf(params) }),
    })),
  ];
  const series = groups.flatMap(({ title: layer, of }, panel) =>
    panelsOf(moments, "share").map(({ title, place }, at): Series => ({
      panel,
      layer,
      title: place === "whole" ? "whole" : title,
      style: place === "whole" ? wholeStyle : classStyle([0, 4, 2, 6, 5, 1][at % 6]!),
      hasBand: place === "whole",
      values: moments.map(({ found }) => of(found, place)),
    })),
  );
  return figureOf(input, {
    name: "sharing-parts",
    title: `What each layer adds: ${pairTitle(input)}, the same class and unrelated classes`,
    caption: [
      `The parts of the layers in the cosine of the whole tangent kernel, K_l(a, b) / √(K(a, a) K(b, b)), which add up to it (black):`,
      `mean over pairs of different images of ${pairTitle(input)}, of the same class and of unrelated classes. Band: 95 % Student-t`,
      `interval of the whole over images, which are not independent.`,
    ].join(" "),
    series,
    yTitle: "Part of the cosine",
    panels: groups.map(({ title }) => title),
    moments,
  });
}

/** All relations of classes, for the chosen quantity. */
export function sharingRelations(input: SharingInput): Figure {
  const { params, look } = input;
  const moments = momentsOf(input);
  const classes = classesOf(params);
  const panels = panelsOf(moments, look.quantity);
  const some = (name: Relation): boolean =>
    moments.some(({ found }) => relationOf(found, "whole", { name, classes }).count > 0);
  const series = panels.flatMap(({ title: layer, place }, panel) =>
    relations.filter(some).map((name): Series => ({
      panel,
      layer,
      title: relationTitles[name],
      style: relationStyles[name],
      hasBand: true,
      values: moments.map(({ found }) => relationOf(found, place, { name, classes })),
    })),
  );
  const what = quantityTitles[look.quantity];
  return figureOf(input, {
    name: "sharing-relations",
    title: `${what} by relation against epoch`,
    caption: [
      `${what === "Share of the whole" ? what : `Cosine of the ${what.toLowerCase()}`}, layer by layer and of the whole kernel: mean over all held-out images of their means with other`,
      `images of the same class, of sibling classes and of unrelated classes. Bands: 95 % Student-t intervals over images, which are`,
      `not independent.`,
    ].join(" "),
    series,
    yTitle: look.quantity === "share" ? "Share of the cosine" : "Cosine",
    panels: panels.map(({ title }) => title),
    moments,
  });
}

interface Drawn extends Pick<Figure, "name" | "title" | "caption"> {
  readonly series: readonly Series[];
  readonly yTitle: string;
  readonly panels: readonly string[];
  readonly moments: Moments;
}

function figureOf(
  { params, look, arrangement }: SharingInput,
  { series, yTitle, panels, moments, ...words }: Drawn,
): Figure {
  const epochs = moments.map(({ epoch }) => epoch);
  const x = epochAxis(epochsOf(params));
  const y: Axis = niceAxis(
    yTitle,
    series.flatMap(({ values }) => values.map(({ mean }) => mean)),
  );
  return {
    ...words,
    arrangement,
    panels: panels.map((title): Panel => ({ title, x, y, ...(moments.length > 0 ? {} : { note: notMeasuredYet }) })),
    traces: moments.length === 0 ? [] : series.map((each) => traceOf(each, epochs)),
    mark: look.epoch,
    data: () => ({
      columns: ["panel", "line", "epoch", "mean", "low", "high", "n"],
      rows: series.flatMap(({ layer, title, values }) =>
        values.map(({ mean, low, high, count }, at) => [
          layer,
          title,
          epochs[at]!,
          ...[mean, low, high].map(blankIfNaN),
          count,
        ]),
      ),
      dictionary: {
        panel: "The layer whose weights the kernel is of, or the pairs that the mean goes over.",
        line: "What the mean is of, as the caption says.",
        epoch: "Epochs of training done; 0 is before training.",
        mean: "Mean over images.",
        low: "Lower bound of its 95 % Student-t interval over images; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        n: "Number of images.",
      },
    }),
  };
}

const traceOf = ({ panel, title, style, hasBand, values }: Series, epochs: readonly number[]): LineTrace => ({
  type: "line",
  panel,
  title,
  x: epochs,
  y: values.map(({ mean }) => mean),
  ...style,
  ...(hasBand ? { band: { low: values.map(({ low }) => low), high: values.map(({ high }) => high) } } : {}),
  hover: values.map(({ mean, low, high, count }) =>
    count < 2 ? shortNumber(mean) : `${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`,
  ),
});

/** From when on the picked pair is shared, layer by layer, in a sentence. */
export function onsetText(input: SharingInput): string {
  const { params, look } = input;
  const moments = momentsOf(input);
  const classes = classesOf(params);
  if (moments.length === 0) return "";
  const pair = [look.one, look.other] as const;
  const told = panelsOf(moments, "kernel").map(({ title, place }) => {
    const onset = onsetOf(moments, place, { pair, classes });
    const first = moments[0]!.epoch;
    const when = onset === undefined ? "not at the end" : onset === first ? "from the start" : `from epoch ${onset} on`;
    return `${title} ${when}`;
  });
  return `Kernel's cosine above that of unrelated classes by ${margin}: ${told.join(", ")}.`;
}
