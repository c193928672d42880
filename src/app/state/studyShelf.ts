// What the page does with a study once it knows the shelf of studies, which is large and stays away until one is asked for: opened
// from a file or a link, counted, written as text.
import { checkValues, defaults, type Values } from "../../lab/params.ts";
import { canonical, parseSpec, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";
import { studies } from "../../lab/studies.ts";
import { parseStudy, type StudyPlugin, type StudySpec } from "../../lab/study.ts";
import { difference, nonEmpty, sealed, unsealed } from "./link.ts";
import type { OpenStudy, StudyShared } from "./studies.ts";

export const studyOf = (id: string): StudyPlugin => studies.find((study) => study.id === id)!;

/** What a link or a file says, checked. @throws LabError `spec-invalid` */
export function sharedStudy(spec: unknown, view: unknown = {}): StudyShared {
  const parsed = parseStudy(spec, studies);
  return { spec: parsed, view: checkValues("view", studyOf(parsed.study).view, view) };
}

/** The study of a file; undefined where the file is something else. @throws LabError `spec-invalid` */
export function studyInText(text: string): StudyShared | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("study" in value)) return undefined;
  const { view, ...spec } = value as { view?: unknown };
  return sharedStudy(spec, view);
}

/** The study as a file's text; the command line reads it too. */
export const studyText = ({ spec, view }: StudyShared): string => `${JSON.stringify({ ...spec, view }, null, 2)}\n`;

/** Keys of the open study that are there, and all that its parameters ask for. */
export function counted({ spec, findings }: Pick<OpenStudy, "spec" | "findings">): { done: number; total: number } {
  const keys = studyOf(spec.study).keys(spec.params);
  return { done: keys.filter((key) => findings.has(key)).length, total: keys.length };
}

/** The parameters of a setting, complete. */
export const paramsOf = (id: string, params: Values): Values => ({ ...defaults(studyOf(id).params), ...params });

/** The spec under other parameters. @throws LabError `spec-invalid` when they do not go together */
export const changed = (spec: StudySpec, params: Values): StudySpec => parseStudy({ ...spec, params }, studies);

/** `s1.<length>.<checksum>.<payload>`, without the "#": a study by its differences from the defaults, and the view of it. */
export function encodeStudy({ spec, view }: StudyShared): string {
  const params = difference(spec.params, paramsOf(spec.study, {}));
  return sealed("s", {
    study: spec.study,
    ...nonEmpty("p", params),
    ...nonEmpty("w", difference(view, defaults(studyOf(spec.study).view))),
  });
}

/** @throws LabError `spec-invalid` as `decode` does */
export function decodeStudy(hash: string): StudyShared {
  const { study, p = {}, w = {} } = unsealed(hash);
  return sharedStudy({ study, params: p }, w);
}

/**
 * The study of the tangent kernel of the very network that is trained in the live lab; undefined where it is one that studies of
 * tangent kernels do not have: other classes, switches of the images, sizes of the model, a loss or momentum of its own.
 */
export function kernelStudyOf(live: ExperimentSpec, catalogue: Catalogue): StudyShared | undefined {
  const { dataset, model, training, seed } = live;
  const usual = parseSpec({ dataset: { id: dataset.id }, model: { id: model.id } }, catalogue);
  const facts = ({ dataset: { classes, params }, model: { params: size } }: ExperimentSpec) =>
    canonical({ classes, params, size });
  if (facts(live) !== facts(usual) || training.loss !== "cross-entropy" || training.momentum !== 0) return undefined;
  const { batchSize, stepSize, epochs } = training;
  const { trainPerClass } = dataset;
  // A handful of anchors is enough for a matrix that can be read.
  const anchorsPerClass = Math.min(6, trainPerClass);
  const moments = [0, 1, 2, 4, 8, epochs].filter((epoch, at, all) => epoch <= epochs && all.indexOf(epoch) === at);
  try {
    const params = {
      model: model.id,
      dataset: dataset.id,
      seed,
      trainPerClass,
      anchorsPerClass,
      batchSize,
      stepSize,
    };
    return sharedStudy({ study: "linearisation", params: { ...params, epochs: moments } });
  } catch {
    return undefined;
  }
}
