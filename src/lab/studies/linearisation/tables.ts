// The tables of the tangent kernel's study: the errors by step size, and where first order and step part.
import type { Findings, StudyTable } from "../../study.ts";
import { partingOf, tolerance, type LinearisationFinding } from "./measured.ts";
import { epochsOf, etasOf, linearisationKey, type LinearisationParams } from "./setting.ts";

/** What is known, moment by moment. */
export const momentsFound = (
  chosen: LinearisationParams,
  findings: Findings<LinearisationFinding>,
): { epoch: number; found: LinearisationFinding }[] =>
  epochsOf(chosen).flatMap((epoch) => {
    const found = findings.get(linearisationKey(chosen, epoch));
    return found ? [{ epoch, found }] : [];
  });

export function sweepTable(chosen: LinearisationParams, findings: Findings<LinearisationFinding>): StudyTable {
  return {
    name: "linearisation",
    title: "Relative error of the first-order change against the exact one",
    columns: ["model", "epoch", "eta", "lower_quartile", "median", "upper_quartile", "cells", "own_rise"],
    rows: momentsFound(chosen, findings).flatMap(({ epoch, found: { errors, rises, counts } }) =>
      etasOf(chosen).map((eta, at) => [
        chosen.model,
        epoch,
        eta,
        ...[0, 1, 2].map((place) => known(errors[3 * at + place]!)),
        counts[at]!,
        known(rises[at]!),
      ]),
    ),
    dictionary: {
      model: "the model",
      epoch: "epochs of training done; 0 is before training",
      eta: "step size of one step of SGD on each anchor alone",
      lower_quartile:
        "over all anchors and probes, of |first order - exact| / |exact|, changes of the anchor's own score",
      median: "the same: median",
      upper_quartile: "the same: upper quartile",
      cells: "pairs of an anchor and a probe; those of anchors whose own change is rounding are left out",
      own_rise: "median over anchors of the exact rise of the anchor's own score",
    },
  };
}

export function partingTable(chosen: LinearisationParams, findings: Findings<LinearisationFinding>): StudyTable {
  return {
    name: "linearisation-parting",
    title: `Step size at which the median error passes ${tolerance * 100} %`,
    columns: ["model", "epoch", "parting_eta", "not_within", "slope", "accuracy"],
    rows: momentsFound(chosen, findings).map(({ epoch, found }) => {
      const parting = partingOf(etasOf(chosen), found);
      const place = "at" in parting ? [parting.at, ""] : ["", parting.beyond];
      return [chosen.model, epoch, ...place, found.slope, found.accuracy];
    }),
    dictionary: {
      model: "the model",
      epoch: "epochs of training done; 0 is before training",
      parting_eta: "step size, between two of the sweep by logarithms; blank where the median does not pass it within",
      not_within: "above: the median stays below at all step sizes; below: it is above at the smallest one already",
      slope:
        "median over anchors of the size of dL/df at the own score, 1 - p: the step's change is in proportion to it",
      accuracy: "share of the held-out probes that are classified rightly",
    },
  };
}

const known = (value: number): number | string => (Number.isNaN(value) ? "" : value);
