// How far each way of computing is from first order: rounding falls with the step size, curvature rises with it.
import { ways, type Way } from "../../lab/studies/stepSize/findings.ts";
import { plateauTolerance, sweepOf, type Sweep } from "../../lab/studies/stepSize/sweep.ts";
import { blankIfNaN, type Axis, type Figure } from "./figure.ts";
import { axisNumber, logAxis } from "./scale.ts";
import { notMeasuredYet } from "./wording.ts";
import { className, etaAxis, gapSentence, nearestEta, wayTitles, type StepSizeInput } from "./stepSizeRatios.ts";

const wayStyles = {
  single: { colour: "#d55e00", dash: "solid", title: "single" },
  double: { colour: "#0072b2", dash: "dash", title: "double" },
  exact: { colour: "#009e73", dash: "dot", title: "exact" },
} as const satisfies Record<Way, object>;

export function stepSizeErrors({ params, findings, eta, arrangement }: StepSizeInput): Figure {
  const sweep = sweepOf(params, findings);
  const x = etaAxis(params);
  const y = errorAxis(sweep);
  const rules = [{ axis: "y", at: plateauTolerance, title: "1 %" }] as const;
  const probes = sweep?.subject.images.slice(1) ?? [];
  return {
    name: "step-size-errors",
    title: "Distance from first order against step size",
    caption: [
      `|ratio / first-order ratio − 1| for each probe, on logarithmic axes. Rounding falls with the step size, curvature`,
      `rises with it; both are distances from the derivative, though only rounding is an error. Below ${axisNumber(y.low)}`,
      `and 0: not shown. First order is from gradients in double precision; dotted: 1 %.`,
      ...(sweep ? [gapSentence(sweep)] : []),
    ].join(" "),
    arrangement,
    panels: params.probeClasses.map((_, probe) => ({
      title: probes[probe] ? className(probes[probe].title) : "",
      x,
      y,
      rules,
      ...(sweep && sweep.steps.length > 0 ? {} : { note: notMeasuredYet }),
    })),
    traces: probes.flatMap((_, probe) =>
      ways.map((way) => {
        const errors = errorsOf(sweep!, way, probe);
        return {
          type: "line",
          panel: probe,
          ...wayStyles[way],
          marker: "none",
          x: sweep!.etas,
          y: errors,
          hover: errors.map((error) => (Number.isNaN(error) ? "not measurable" : axisNumber(error))),
        } as const;
      }),
    ),
    ...(sweep && sweep.steps.length > 0 ? { mark: nearestEta(params, eta) } : {}),
    data: () => ({
      columns: ["way", "probe", "eta", "relative_error"],
      rows: probes.flatMap(({ title }, probe) =>
        ways.flatMap((way) =>
          errorsOf(sweep!, way, probe).map((error, at) => [wayTitles[way], title, sweep!.etas[at]!, blankIfNaN(error)]),
        ),
      ),
      dictionary: {
        way: "Subtracted: weights moved, two passes, subtracted. Exact: the change itself is computed.",
        probe: "Image that is watched.",
        eta: "Step size.",
        relative_error: "|ratio / first-order ratio - 1|. Blank: not measurable.",
      },
    }),
  };
}

const errorsOf = ({ ratios, truths }: Sweep, way: Way, probe: number): number[] =>
  ratios[way][probe]!.map((ratio) => Math.abs(ratio / truths[probe]! - 1));

/** Nothing below a ten-billionth or above a thousand changes what is seen. */
function errorAxis(sweep: Sweep | undefined): Axis {
  const all = sweep ? ways.flatMap((way) => sweep.truths.flatMap((_, probe) => errorsOf(sweep, way, probe))) : [];
  const shown = all.filter((error) => error > 1e-11 && error < 1e3);
  return logAxis("Relative distance from first order", [...shown, 1e-8, 1], { tickCount: 5 });
}
