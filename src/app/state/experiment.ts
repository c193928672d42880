// The experiment as a person shares it: the spec, the model beside it, what was done, and what is looked at.
import { type Command } from "../../lab/command.ts";
import { LabError } from "../../lab/error.ts";
import { checkValues, choice, type Values, type ValuesOf } from "../../lab/params.ts";
import { classesOf, numbering, parseSpec, type Catalogue, type ExperimentSpec } from "../../lab/spec.ts";

export const experimentVersion = 1;

export interface ModelChoice {
  readonly id: string;
  readonly params: Values;
}

export const viewParams = {
  heatmap: choice({ title: "Heatmap of", byDefault: "class", options: ["class", "image"] }),
  curves: choice({ title: "Curves of", byDefault: "elasticity", options: ["elasticity", "training"] }),
  grouping: choice({ title: "One curve for each", byDefault: "class", options: ["class", "relation"] }),
};

export type View = ValuesOf<typeof viewParams> & {
  readonly measure: string;
  /** Number of the picked example. */
  readonly anchor: number;
  /** Tick of a measured moment, or wherever the training stands. */
  readonly moment: number | "latest";
};

export interface Shared {
  readonly spec: ExperimentSpec;
  /** The model that runs on the same data, seed and anchors for comparison. */
  readonly beside: ModelChoice | undefined;
  readonly log: readonly Command[];
  readonly view: View;
}

export function defaultBeside(spec: ExperimentSpec, catalogue: Catalogue): ModelChoice | undefined {
  if (spec.model.id === "linear" || !catalogue.models.some(({ id }) => id === "linear")) return undefined;
  return parseSpec({ model: { id: "linear" } }, catalogue).model;
}

export function defaultView(spec: ExperimentSpec, catalogue: Catalogue): View {
  const values = checkValues("view", viewParams, {});
  const anchor = numbering(spec.dataset).idOf(0, spec.probing.anchorSplit, 0);
  return { ...values, measure: catalogue.measures[0]!.id, anchor, moment: "latest" };
}

/** The same experiment with the model of the twin in the place of its own. */
export const twinOf = (spec: ExperimentSpec, beside: ModelChoice): ExperimentSpec => ({ ...spec, model: beside });

const refuse = (sentence: string): never => {
  throw new LabError("spec-invalid", sentence);
};

function fieldsOf(path: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(`${path} is ${JSON.stringify(value)}; give an object.`);
  const foreign = Object.keys(value).find((name) => !known.includes(name));
  if (foreign !== undefined) refuse(`${path}.${foreign} is not known here; known are: ${known.join(", ")}.`);
  return value as Record<string, unknown>;
}

function wholeNumber(path: string, value: unknown, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max)
    return refuse(`${path} is ${JSON.stringify(value)}; give a whole number from 0 to ${max}.`);
  return value;
}

const lastTick = 1e9;
const longestLog = 10_000;

export function parseCommand(path: string, value: unknown, exampleCount: number): Command {
  const given = fieldsOf(path, value, ["do", "until", "anchor", "anchors", "at", "to"]);
  switch (given.do) {
    case "train":
      return { do: "train", until: wholeNumber(`${path}.until`, given.until, lastTick) };
    case "rewind":
      return { do: "rewind", to: wholeNumber(`${path}.to`, given.to, lastTick) };
    case "learn":
      return { do: "learn", anchor: wholeNumber(`${path}.anchor`, given.anchor, exampleCount - 1) };
    case "probe": {
      if (!Array.isArray(given.anchors) || given.anchors.length === 0)
        return refuse(`${path}.anchors is ${JSON.stringify(given.anchors)}; give a list of example numbers.`);
      const anchors = given.anchors.map((anchor) => wholeNumber(`${path}.anchors`, anchor, exampleCount - 1));
      return given.at === undefined
        ? { do: "probe", anchors }
        : { do: "probe", anchors, at: wholeNumber(`${path}.at`, given.at, lastTick) };
    }
    default:
      return refuse(`${path}.do is ${JSON.stringify(given.do)}; give one of: train, probe, learn, rewind.`);
  }
}

function parseLog(value: unknown, exampleCount: number): readonly Command[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > longestLog)
    return refuse(`log is not a list of at most ${longestLog} commands; export the experiment again.`);
  return value.map((command, at) => parseCommand(`log[${at}]`, command, exampleCount));
}

function parseView(value: unknown, spec: ExperimentSpec, catalogue: Catalogue): View {
  const usual = defaultView(spec, catalogue);
  if (value === undefined) return usual;
  const given = fieldsOf("view", value, [...Object.keys(viewParams), "measure", "anchor", "moment"]);
  const choices = Object.fromEntries(Object.keys(viewParams).flatMap((n) => (n in given ? [[n, given[n]]] : [])));
  const { trainCount, testCount } = numbering(spec.dataset);
  const measures = catalogue.measures.map(({ id }) => id);
  const measure = given.measure ?? usual.measure;
  if (typeof measure !== "string" || !measures.includes(measure))
    return refuse(`view.measure is ${JSON.stringify(measure)}; give one of: ${measures.join(", ")}.`);
  return {
    ...checkValues("view", viewParams, choices),
    measure,
    anchor: wholeNumber("view.anchor", given.anchor ?? usual.anchor, trainCount + testCount - 1),
    moment:
      given.moment === undefined || given.moment === "latest"
        ? "latest"
        : wholeNumber("view.moment", given.moment, lastTick),
  };
}

function parseBeside(value: unknown, spec: ExperimentSpec, catalogue: Catalogue): ModelChoice | undefined {
  if (value === undefined) return defaultBeside(spec, catalogue);
  if (value === null) return undefined;
  try {
    return parseSpec({ ...spec, model: value }, catalogue).model;
  } catch (error) {
    const { code, message } = LabError.from(error);
    throw new LabError(code, message.replace(/^model\b/, "beside"));
  }
}

/**
 * A complete, checked experiment from outside data: an experiment, or a spec alone.
 * @throws LabError `spec-invalid` with a sentence that names the value and the remedy.
 */
export function parseExperiment(value: unknown, catalogue: Catalogue): Shared {
  const isSpec = typeof value === "object" && value !== null && !("spec" in value) && !("log" in value);
  const given = isSpec ? { spec: value } : fieldsOf("experiment", value, ["version", "spec", "beside", "log", "view"]);
  const version = "version" in given ? given.version : experimentVersion;
  if (typeof version === "number" && version > experimentVersion)
    refuse(
      `This experiment is of version ${version}, but this lab reads ${experimentVersion}; open it with a newer lab.`,
    );
  if (version !== experimentVersion) refuse(`version is ${JSON.stringify(version)}; give ${experimentVersion}.`);
  const fields: Readonly<Record<string, unknown>> = given;
  const spec = parseSpec(fields.spec ?? {}, catalogue);
  const { trainCount, testCount } = numbering(spec.dataset);
  return {
    spec,
    beside: parseBeside(fields.beside, spec, catalogue),
    log: parseLog(fields.log, trainCount + testCount),
    view: parseView(fields.view, spec, catalogue),
  };
}

/** @throws LabError `spec-invalid` when the text is not JSON, or not an experiment. */
export function parseExperimentText(text: string, catalogue: Catalogue): Shared {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const start = text.trimStart().slice(0, 1);
    return refuse(
      start === "{"
        ? `This file ends too early or is damaged: it is not whole JSON (${text.length} characters). Export the experiment again.`
        : "This is not an experiment of the lab: it holds no JSON. Choose a file that the lab exported.",
    );
  }
  return parseExperiment(value, catalogue);
}

/** The experiment as a file's text. */
export const experimentText = ({ spec, beside, log, view }: Shared): string =>
  `${JSON.stringify({ version: experimentVersion, spec, beside: beside ?? null, log, view }, null, 2)}\n`;

/** How an example is called on the page: its class and its place in its split, counted from 1. */
export function nameOf(example: number, spec: ExperimentSpec, catalogue: Catalogue): string {
  const { classIndex, split, index } = numbering(spec.dataset).of(example);
  return `${classesOf(spec, catalogue)[classIndex]!.title} ${index + 1}${split === "test" ? " (held out)" : ""}`;
}
