// What moves when an image of each class is learned, class by class, in the network and in both kernel machines.
import { machines, type Machine } from "../../lab/studies/kernelRegression/measure.ts";
import { classesOf } from "../../lab/studies/kernelRegression/setting.ts";
import { overSeeds } from "../../lab/studies/kernelRegression/summary.ts";
import { blankIfNaN, type ColourScale, type Figure } from "./figure.ts";
import { epochShown, machineTitles, settingText, type RegressionInput } from "./kernelRegressionCurves.ts";
import { shortNumber } from "./scale.ts";
import { countRange, notMeasuredYet, plural } from "./wording.ts";

export function kernelRegressionClasses(input: RegressionInput): Figure {
  const { params, findings, arrangement } = input;
  const epoch = epochShown(input);
  const classes = classesOf(params);
  const titles = classes.map(({ title }) => title);
  const ids = classes.map((_, at) => at);
  const cells = (machine: Machine) =>
    ids.map((row) =>
      ids.map((column) =>
        overSeeds({ params, findings }, epoch, ({ response }) => response[machine][row * ids.length + column]!),
      ),
    );
  const all = machines.map(cells);
  const counts = countRange(all.flat(2).map(({ count }) => count));
  const isThere = counts !== "0";
  const largest = Math.max(0, ...all.flat(2).flatMap(({ mean }) => (Number.isNaN(mean) ? [] : [mean])));
  // Similarities above 1 get the colour of "more than".
  const scale: ColourScale = {
    kind: "sequential",
    low: 0,
    high: [0.1, 0.2, 0.3, 0.5, 0.75].find((limit) => limit >= largest) ?? 1,
  };
  return {
    name: "kernel-regression-classes",
    title: `What moves, class by class, epoch ${epoch}`,
    caption: isThere
      ? `Mean relative similarity of held-out images of the class of the column after one image of the class of the row is learned, epoch ${epoch}, means over n = ${plural(counts, "seed")}: of the network's step, and |K(a, p)| / K(a, a) of its kernel now and before training. One colour scale, from 0 to ${scale.high}. ${settingText(params)}`
      : "Nothing has been measured yet.",
    arrangement,
    panels: machines.map((machine) => ({
      title: machineTitles[machine][0]!.toUpperCase() + machineTitles[machine].slice(1),
      rowTitle: "Learned",
      columnTitle: "Watched",
      ...(isThere ? {} : { note: notMeasuredYet }),
    })),
    traces: isThere
      ? machines.map((_, panel) => {
          const values = all[panel]!.map((row) => row.map(({ mean }) => mean));
          return {
            type: "heatmap",
            panel,
            rows: titles,
            columns: titles,
            rowIds: ids,
            columnIds: ids,
            values,
            labels: values.map((row) => row.map((value) => (Number.isNaN(value) ? "" : shortNumber(value)))),
            scale,
            colourTitle: "Relative similarity",
          } as const;
        })
      : [],
    data: () => ({
      columns: ["epoch", "machine", "learned", "watched", "mean", "low", "high", "n"],
      rows: machines.flatMap((machine, panel) =>
        all[panel]!.flatMap((row, learned) =>
          row.map(({ mean, low, high, count }, watched) => [
            epoch,
            machine,
            titles[learned]!,
            titles[watched]!,
            ...[mean, low, high].map(blankIfNaN),
            count,
          ]),
        ),
      ),
      dictionary: {
        epoch: "Epochs of training done; 0 is before training.",
        machine: "network; now, frozen: its tangent kernel now, and before training.",
        learned: "Class of the image learned.",
        watched: "Class of the images watched.",
        mean: "Mean relative similarity over seeds. Blank: not measured or not measurable.",
        low: "Lower bound of its 95 % Student-t interval over seeds; the mean itself when n < 2.",
        high: "Upper bound of the same interval.",
        n: "Number of seeds.",
      },
    }),
  };
}
