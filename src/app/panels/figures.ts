// The figures on the screen, each made from the tables and the view; panels draw them and the export dialog prints them.
import { useCallback, useMemo } from "react";
import { anchorBars } from "../figures/anchorBars.ts";
import { classHeatmap } from "../figures/classHeatmap.ts";
import { elasticityCurves } from "../figures/elasticityCurves.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { imageHeatmap } from "../figures/imageHeatmap.ts";
import { trainingCurves } from "../figures/trainingCurves.ts";
import { nameOf } from "../state/experiment.ts";
import { useExperiment, useMeasuredTick, useResponseTick, useTables } from "../state/context.ts";

export function useHeatmap(arrangement: Arrangement): Figure {
  const { classes, measure, view } = useExperiment();
  const runs = useTables();
  const tick = useMeasuredTick() ?? 0;
  const name = useName();
  const draw = view.heatmap === "class" ? classHeatmap : imageHeatmap;
  return useMemo(
    () => draw({ runs, classes, measure, tick, arrangement, nameOf: name }),
    [draw, runs, classes, measure, tick, arrangement, name],
  );
}

export function useCurves(arrangement: Arrangement): Figure {
  const { classes, measure, view, numbers } = useExperiment();
  const runs = useTables();
  const anchorClass = numbers.of(view.anchor).classIndex;
  const mark = useMarkedEpoch();
  const { grouping } = view;
  return useMemo(
    () => elasticityCurves({ runs, classes, measure, grouping, anchorClass, mark, arrangement }),
    [runs, classes, measure, grouping, anchorClass, mark, arrangement],
  );
}

export function useTrainingCurves(arrangement: Arrangement): Figure {
  const runs = useTables("training");
  const mark = useMarkedEpoch();
  return useMemo(() => trainingCurves({ runs, mark, arrangement }), [runs, mark, arrangement]);
}

/** Undefined while the anchor has no response at the moment that the page looks at. */
export function useAnchorBars(arrangement: Arrangement): Figure | undefined {
  const { classes, measure, view } = useExperiment();
  const runs = useTables("responses");
  const tick = useResponseTick();
  const { anchor } = view;
  const name = useName();
  return useMemo(
    () =>
      tick === undefined ? undefined : anchorBars({ runs, classes, measure, tick, anchor, arrangement, nameOf: name }),
    [runs, classes, measure, tick, anchor, arrangement, name],
  );
}

/** What an example is called everywhere on the page. */
function useName(): (example: number) => string {
  const { spec, catalogue } = useExperiment();
  return useCallback((example) => nameOf(example, spec, catalogue), [spec, catalogue]);
}

/** The epoch that the page is scrubbed to; none while it follows the training. */
function useMarkedEpoch(): number | undefined {
  const { view } = useExperiment();
  const runs = useTables();
  return view.moment === "latest" ? undefined : runs[0]!.table.at(view.moment)?.epoch;
}
