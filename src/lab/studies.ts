// The shelf of studies, one line each. It needs no engine, so the page reads it too.
import { clustering } from "./studies/clustering.ts";
import { comparison } from "./studies/comparison.ts";
import { geometry } from "./studies/geometry.ts";
import { imagePath } from "./studies/imagePath.ts";
import { sensitivity } from "./studies/sensitivity.ts";
import { stepSize } from "./studies/stepSize.ts";
import type { DescribedStudy, StudyPlugin } from "./study.ts";

export const studies = [
  geometry,
  clustering,
  stepSize,
  imagePath,
  comparison,
  sensitivity,
] as unknown as readonly StudyPlugin[];

export const describedStudies = (): readonly DescribedStudy[] =>
  studies.map(({ id, title, question, source, params, presets }) => ({ id, title, question, source, params, presets }));
