// Where first order and the exact step part: the median relative error against the step size, a line an epoch.
import { partingOf, tolerance, type Parting } from "../../lab/studies/linearisation/measured.ts";
import { etasOf, type LinearisationParams } from "../../lab/studies/linearisation/setting.ts";
import { momentsFound } from "../../lab/studies/linearisation/tables.ts";
import { blankIfNaN, type Figure, type LineTrace } from "./figure.ts";
import type { LinearisationInput } from "./linearisationFigures.ts";
import { classStyle } from "./palette.ts";
import { axisNumber, logAxis, logTicks } from "./scale.ts";
import { epochText, notMeasuredYet } from "./wording.ts";

/** "part at η = 0.012" */
export function partingText(params: LinearisationParams, parting: Parting): string {
  const etas = etasOf(params);
  if ("at" in parting) return `part at η = ${axisNumber(parting.at)}`;
  return parting.beyond === "above"
    ? `do not part up to η = ${axisNumber(etas.at(-1)!)}`
    : `have parted at η = ${axisNumber(etas[0]!)} already`;
}

export function linearisationParting({ params, findings, look, arrangement }: LinearisationInput): Figure {
  const moments = momentsFound(params, findings);
  const etas = etasOf(params);
  const [low, high] = [etas[0]!, etas.at(-1)!];
  const shown = moments.find(({ epoch }) => epoch === look.epoch);
  const parting = shown && partingOf(etas, shown.found);
  const quartile = (errors: Float64Array, place: number): number[] => etas.map((_, at) => errors[3 * at + place]!);
  const percent = `${tolerance * 100} %`;
  return {
    name: "linearisation-parting",
    title: "Relative error of first order against step size",
    caption: [
      `Median over all pairs of an anchor and a probe of |first order − exact| / |exact|, changes of the score of the anchor's own`,
      `class after one step, against its size η, a line for each epoch; on logarithmic axes. Shaded: from quartile to quartile after`,
      `${epochText(look.epoch)}. First order and step part where the median passes ${percent}`,
      parting ? `(${epochText(look.epoch)}: they ${partingText(params, parting)}).` : ".",
      `Dotted: ${percent}, and the pictured step.`,
    ].join(" "),
    arrangement,
    panels: [
      {
        title: "",
        x: { title: "Step size η", scale: "log", low, high, ticks: logTicks(low, high, 6) },
        y: logAxis(
          "Median relative error",
          moments.flatMap(({ found }) => quartile(found.errors, 1)).filter((error) => error > 1e-9 && error < 1e3),
          { tickCount: 5 },
        ),
        rules: [
          { axis: "y", at: tolerance, title: percent },
          { axis: "x", at: params.eta, title: "pictured step" },
          ...(parting && "at" in parting ? [{ axis: "x", at: parting.at, title: "part here" } as const] : []),
        ],
        ...(moments.length > 0 ? {} : { note: notMeasuredYet }),
      },
    ],
    traces: moments.map(({ epoch, found }, at): LineTrace => {
      const medians = quartile(found.errors, 1);
      return {
        type: "line",
        panel: 0,
        title: epochText(epoch),
        x: etas,
        y: medians,
        ...classStyle(at),
        hover: medians.map((error, place) =>
          Number.isNaN(error)
            ? "not measurable"
            : `${axisNumber(error)}; own score rises by ${axisNumber(found.rises[place]!)}`,
        ),
        ...(epoch === look.epoch ? { band: { low: quartile(found.errors, 0), high: quartile(found.errors, 2) } } : {}),
      };
    }),
    data: () => ({
      columns: ["epoch", "eta", "lower_quartile", "median", "upper_quartile", "cells", "own_rise"],
      rows: moments.flatMap(({ epoch, found }) =>
        etas.map((eta, at) => [
          epoch,
          eta,
          ...[0, 1, 2].map((place) => blankIfNaN(found.errors[3 * at + place]!)),
          found.counts[at]!,
          blankIfNaN(found.rises[at]!),
        ]),
      ),
      dictionary: {
        epoch: "Epochs of training done; 0 is before training.",
        eta: "Step size.",
        lower_quartile:
          "Over pairs of an anchor and a probe, of |first order - exact| / |exact|. Blank: not measurable.",
        median: "The same: median.",
        upper_quartile: "The same: upper quartile.",
        cells: "Pairs; those of anchors whose own change is rounding are left out.",
        own_rise: "Median over anchors of the exact rise of the anchor's own score.",
      },
    }),
  };
}
