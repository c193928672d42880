// The shelf of studies, one line each. It needs no engine, so the page reads it too.
import { geometry } from "./studies/geometry.ts";
import { stepSize } from "./studies/stepSize.ts";
import type { DescribedStudy, StudyPlugin } from "./study.ts";

export const studies = [geometry, stepSize] as unknown as readonly StudyPlugin[];

export const describedStudies = (): readonly DescribedStudy[] =>
  studies.map(({ id, title, question, source, params, presets }) => ({ id, title, question, source, params, presets }));
