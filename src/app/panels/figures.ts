// The figures on the screen, each made from the tables and the view; panels draw them and the export dialog prints them.
import { useCallback, useMemo } from "react";
import { anchorBars } from "../figures/anchorBars.ts";
import { classHeatmap } from "../figures/classHeatmap.ts";
import { elasticityCurves } from "../figures/elasticityCurves.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { stepsSentence } from "../figures/wording.ts";
import { imageHeatmap } from "../figures/imageHeatmap.ts";
import { trainingCurves } from "../figures/trainingCurves.ts";
import { nameOf } from "../state/experiment.ts";
import { useExperiment, useLab, useMeasuredTick, useResponseTick, useTables } from "../state/context.ts";

export function useHeatmap(arrangement: Arrangement): Figure {
  const { classes, measure, view } = useExperiment();
  const runs = useTables();
  const tick = useMeasuredTick() ?? 0;
  const name = useName();
  const told = useStepsTold();
  const draw = view.heatmap === "class" ? classHeatmap : imageHeatmap;
  return useMemo(
    () => told(draw({ runs, classes, measure, tick, arrangement, nameOf: name })),
    [told, draw, runs, classes, measure, tick, arrangement, name],
  );
}

export function useCurves(arrangement: Arrangement): Figure {
  const { classes, measure, view, numbers } = useExperiment();
  const runs = useTables();
  const anchorClass = numbers.of(view.anchor).classIndex;
  const mark = useMarkedEpoch();
  const { grouping } = view;
  const told = useStepsTold();
  return useMemo(
    () => told(elasticityCurves({ runs, classes, measure, grouping, anchorClass, mark, arrangement })),
    [told, runs, classes, measure, grouping, anchorClass, mark, arrangement],
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
  const told = useStepsTold();
  return useMemo(
    () =>
      tick === undefined
        ? undefined
        : told(anchorBars({ runs, classes, measure, tick, anchor, arrangement, nameOf: name })),
    [told, runs, classes, measure, tick, anchor, arrangement, name],
  );
}

/** Figures speak of steps of SGD; a caption says where a model on the screen takes others. */
function useStepsTold(): (figure: Figure) => Figure {
  const { spec, catalogue } = useExperiment();
  const beside = useLab((state) => state.beside);
  return useCallback(
    (figure) => {
      const shown = catalogue.models.filter(({ id }) => id === spec.model.id || id === beside?.id);
      const sentence = stepsSentence(shown);
      return sentence === "" ? figure : { ...figure, caption: `${figure.caption} ${sentence}` };
    },
    [spec, catalogue, beside],
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
