// The shelf of studies, one line each; `themes.ts` says where on the page each lies. It needs no engine, so the page reads it too,
// once a study is asked for.
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
import { leSdeNetwork } from "./studies/leSdeNetwork.ts";
import { linearisation } from "./studies/linearisation.ts";
import { neurashed } from "./studies/neurashed.ts";
import { phaseDiagram } from "./studies/phaseDiagram.ts";
import { sensitivity } from "./studies/sensitivity.ts";
import { sharing } from "./studies/sharing.ts";
import { stepSize } from "./studies/stepSize.ts";
import type { DescribedStudy, StudyPlugin } from "./study.ts";

export const studies = [
  geometry,
  clustering,
  stepSize,
  imagePath,
  comparison,
  linearisation,
  sharing,
  infiniteWidth,
  kernelRegression,
  labelAwareness,
  labelAwarePart,
  labelSystems,
  sensitivity,
  bounds,
  neurashed,
  leSde,
  phaseDiagram,
  leSdeNetwork,
] as unknown as readonly StudyPlugin[];

export const describedStudies = (): readonly DescribedStudy[] =>
  studies.map(({ id, title, question, source, params, presets }) => ({ id, title, question, source, params, presets }));
