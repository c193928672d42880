// Synthetic geometry (He and Su, ICLR 2020, Figures 1, 4 and 7): does similarity fall with the distance along a shape?
import type { StudyPlugin } from "../study.ts";
import type { GeometryFinding } from "./geometry/finding.ts";
import { geometryPresets } from "./geometry/presets.ts";
import { run } from "./geometry/run.ts";
import { check, jobsOf, params, view, type GeometryParams } from "./geometry/setting.ts";
import { allSeeds, eachSeed } from "./geometry/tables.ts";

export {
  overSeeds,
  stableBelow,
  stiffness,
  type GeometryFinding,
  type GeometryTraining,
  type OverSeeds,
} from "./geometry/finding.ts";
export {
  geometryKey,
  momentsOf,
  pointSetOf,
  pointsOf,
  type GeometryLook,
  type GeometryParams,
} from "./geometry/setting.ts";

export const geometry: StudyPlugin<GeometryParams, GeometryFinding> = {
  id: "geometry",
  title: "Synthetic geometry",
  question: "Does similarity fall with the distance along a shape, and does it in a linear network?",
  source: "He and Su, ICLR 2020, Figures 1, 4 and 7",
  explanation: {
    words:
      "One step of gradient descent on x moves the score everywhere; the relative similarity is how far it moves at x' beside how far at x itself. A locally elastic network's falls with the distance along the shape.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}`,
    spoken: "relative similarity: the change of the score at x prime over the change at x, after one step on x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: geometryPresets,
  check,
  keys: (chosen) => jobsOf(chosen).map(({ key }) => key),
  run,
  // Patterns are four times as many numbers as kernels, and their statistics stay.
  lasting: ({ patterns: _patterns, ...rest }) => rest,
  tables: (chosen, findings) => [allSeeds(chosen, findings), eachSeed(chosen, findings)],
};
