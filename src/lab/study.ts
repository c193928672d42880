// A study: a question that many small runs answer together. Its findings come one by one, each under a key that names all
// that decides it, so that a study can be stopped, changed and taken up again without losing or repeating anything.
import type { Signal } from "./command.ts";
import type { DatasetManifest, Examples, FeatureSource, Learner, LossId, ModelPlugin } from "./contracts.ts";
import type { Dataset, Pictures } from "./dataset.ts";
import { LabError } from "./error.ts";
import { checkValues, shown, type Params, type Values } from "./params.ts";
import type { DatasetChoice } from "./spec.ts";

export const studyVersion = 1;

/** Everything that decides the findings. */
export interface StudySpec {
  readonly version: typeof studyVersion;
  readonly study: string;
  readonly params: Values;
}

export interface StudyProgress {
  /** What is being done, in words for the page, for instance "5 v 8: training the ReLU network". */
  readonly stage: string;
  /** Share of the piece of work under way, from 0 to 1; where several are under way, all added up. */
  readonly share: number;
}

/** What a study yields. Typed arrays of a value are handed over: whoever yields them does not use them any more. */
export type StudyEvent<V = unknown> =
  | { readonly kind: "progress"; readonly progress: StudyProgress }
  | { readonly kind: "finding"; readonly key: string; readonly value: V };

export type Findings<V = unknown> = ReadonlyMap<string, V>;

/** How large a setting is, and what it takes. */
export interface Setting {
  /** What differs from the study's defaults. */
  readonly params: Values;
  /** For instance "width 1024, 250 images a class, 1 seed". */
  readonly size: string;
  /** About how long it takes on two cores without a GPU. */
  readonly minutes: number;
}

/** A figure or table of a paper, ready to run. */
export interface StudyPreset {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** What differs from the paper, in the small setting. */
  readonly caption: string;
  /** What is looked at, where that makes the preset: it differs from the view's defaults. */
  readonly view?: Values;
  readonly small: Setting;
  readonly paper?: Setting;
}

/** Rows for a file: one observation a row, and what each column means. */
export interface StudyTable {
  /** Stem of its file. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  /** What is not known is the empty string. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly dictionary: Readonly<Record<string, string>>;
}

/** What a study measures: two sentences and one formula. */
export interface Explanation {
  readonly words: string;
  readonly tex: string;
  /** The formula in words, for whoever listens. */
  readonly spoken: string;
  /** Where the equation is from. */
  readonly source: string;
}

/** A shelf item: `lab/studies/`. `C` are its parameters' values, `V` what its findings hold. */
export interface StudyPlugin<C = Values, V = unknown> {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** The paper and the place in it that the study follows. */
  readonly source: string;
  readonly explanation: Explanation;
  readonly params: Params;
  /** What is looked at: nothing of it decides a number. */
  readonly view: Params;
  readonly presets: readonly StudyPreset[];
  /** What no parameter alone can be checked for. @throws LabError `spec-invalid` */
  check?(params: C): void;
  /** The keys of all findings of these parameters, in the order in which they come. */
  keys(params: C): readonly string[];
  /** The same keys, those together whose findings share their work; each by itself unless given. */
  together?(params: C): readonly (readonly string[])[];
  /** Yields the findings that are not known yet. @throws LabError */
  run(params: C, desk: Desk, known: ReadonlySet<string>): AsyncGenerator<StudyEvent<V>, void>;
  /** What is there so far, as rows. */
  tables(params: C, findings: Findings<V>): readonly StudyTable[];
  /** What of a finding is worth keeping in a file; all of it unless given. */
  lasting?(value: V): V;
}

export interface NetworkOptions {
  readonly model: { readonly id: string; readonly params: Values };
  readonly examples: Examples;
  readonly loss: LossId;
  readonly seed: number;
}

/** All that a study works with: whatever it needs of the engine and of the platform comes from here. */
export interface Desk {
  /** Lets messages in; a long loop calls it once a step. @throws the signal's reason when the study was stopped */
  breathe(): Promise<void>;
  readonly signal: Signal;
  manifest(dataset: string): DatasetManifest;
  /** Raw images by example number, in the numbering of the choice. @throws LabError `data-unavailable` */
  pictures(choice: DatasetChoice): Promise<Pictures>;
  /** The images normalised on the training ones; parameters that are not given are as usual. @throws LabError `data-unavailable` */
  dataset(choice: DatasetChoice): Promise<Dataset>;
  /** Redraws images with one feature changed; undefined where images are not drawn. @throws LabError `data-unavailable` */
  features(choice: DatasetChoice): Promise<FeatureSource | undefined>;
  model(id: string): Pick<ModelPlugin, "id" | "title" | "params">;
  /** A network with its data and loss. @throws LabError `too-large`, `spec-invalid` */
  network(options: NetworkOptions): Learner<unknown>;
}

/** What a page and a command line must know of a study, as plain data. */
export type DescribedStudy = Pick<StudyPlugin, "id" | "title" | "question" | "source" | "params" | "presets">;

type Checked = Pick<StudyPlugin, "id" | "params" | "check">;

/**
 * A complete, checked spec from outside data; what is missing gets its default.
 * @throws LabError `spec-invalid` with a sentence that names the value and the remedy.
 */
export function parseStudy(value: unknown, studies: readonly Checked[]): StudySpec {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new LabError("spec-invalid", `The study is ${shown(value)}; give an object with "study" and "params".`);
  const given = value as Readonly<Record<string, unknown>>;
  const foreign = Object.keys(given).find((name) => !["version", "study", "params", "view"].includes(name));
  if (foreign !== undefined)
    throw new LabError("spec-invalid", `${foreign} is not known here; known are: version, study, params, view.`);
  const { version = studyVersion } = given;
  if (version !== studyVersion)
    throw new LabError(
      "spec-invalid",
      typeof version === "number" && version > studyVersion
        ? `version is ${version}, but this lab reads studies of version ${studyVersion}; open it with a newer lab.`
        : `version is ${shown(version)}; give ${studyVersion}.`,
    );
  const study = studies.find(({ id }) => id === given.study);
  if (!study)
    throw new LabError(
      "spec-invalid",
      `study is ${shown(given.study)}; give one of: ${studies.map(({ id }) => id).join(", ")}.`,
    );
  const params = checkValues("params", study.params, given.params);
  study.check?.(params);
  return { version: studyVersion, study: study.id, params };
}
