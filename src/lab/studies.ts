// The shelf of studies, by theme. It needs no engine, so the page reads it too.
import { bounds } from "./studies/bounds.ts";
import { clustering } from "./studies/clustering.ts";
import { comparison } from "./studies/comparison.ts";
import { geometry } from "./studies/geometry.ts";
import { imagePath } from "./studies/imagePath.ts";
import { infiniteWidth } from "./studies/infiniteWidth.ts";
import { kernelRegression } from "./studies/kernelRegression.ts";
import { labelAwarePart } from "./studies/labelAwarePart.ts";
import { labelAwareness } from "./studies/labelAwareness.ts";
import { labelSystems } from "./studies/labelSystems.ts";
import { leSde } from "./studies/leSde.ts";
import { linearisation } from "./studies/linearisation.ts";
import { phaseDiagram } from "./studies/phaseDiagram.ts";
import { sensitivity } from "./studies/sensitivity.ts";
import { sharing } from "./studies/sharing.ts";
import { stepSize } from "./studies/stepSize.ts";
import type { DescribedStudy, StudyPlugin } from "./study.ts";

export interface Theme {
  readonly id: string;
  readonly title: string;
  readonly studies: readonly StudyPlugin[];
}

const theme = (id: string, title: string, studies: readonly unknown[]): Theme => ({
  id,
  title,
  studies: studies as readonly StudyPlugin[],
});

export const themes: readonly Theme[] = [
  theme("elasticity", "Local elasticity", [geometry, clustering, stepSize, imagePath, comparison]),
  theme("kernels", "Kernels", [linearisation, sharing, infiniteWidth, kernelRegression]),
  theme("labels", "Labels", [labelAwareness, labelAwarePart, labelSystems]),
  theme("stability", "Stability", [sensitivity, bounds]),
  theme("models", "Models of elasticity", [leSde, phaseDiagram]),
];

export const studies: readonly StudyPlugin[] = themes.flatMap((each) => each.studies);

export const describedStudies = (): readonly DescribedStudy[] =>
  studies.map(({ id, title, question, source, params, presets }) => ({ id, title, question, source, params, presets }));
