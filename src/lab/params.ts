// Parameters declared once: one declaration gives the type, the check, the form, the command-line help and the link.
import { LabError } from "./error.ts";

interface Common<T> {
  readonly title: string;
  readonly help?: string;
  readonly byDefault: T;
}
export interface RealParam extends Common<number> {
  readonly kind: "real";
  readonly min: number;
  readonly max: number;
  /** Sliders and steppers of a quantity that spans decades move in its logarithm. */
  readonly scale?: "linear" | "log";
}
export interface IntParam extends Common<number> {
  readonly kind: "int";
  readonly min: number;
  readonly max: number;
}
export interface ChoiceParam<T extends string = string> extends Common<T> {
  readonly kind: "choice";
  readonly options: readonly T[];
}
export interface FlagParam extends Common<boolean> {
  readonly kind: "flag";
}
/** A short list of whole numbers, such as the widths of hidden layers. */
export interface IntsParam extends Common<readonly number[]> {
  readonly kind: "ints";
  readonly min: number;
  readonly max: number;
  readonly minCount?: number;
  readonly maxCount: number;
}
/** A short list of short texts, none of them empty and none with a comma. */
export interface WordsParam extends Common<readonly string[]> {
  readonly kind: "words";
  /** The words there are, where not any will do. */
  readonly options?: readonly string[];
  readonly minCount?: number;
  readonly maxCount: number;
}
export type Param = RealParam | IntParam | ChoiceParam | FlagParam | IntsParam | WordsParam;

/** The declaration of every parameter of a plug-in, by name. */
export type Params = Readonly<Record<string, Param>>;

export type Value = number | string | boolean | readonly number[] | readonly string[];
export type Values = Readonly<Record<string, Value>>;

/** The type of the values that a declaration describes. */
export type ValuesOf<P extends Params> = {
  readonly [K in keyof P]: P[K] extends ChoiceParam<infer T>
    ? T
    : P[K] extends FlagParam
      ? boolean
      : P[K] extends IntsParam
        ? readonly number[]
        : P[K] extends WordsParam
          ? readonly string[]
          : number;
};

export const real = (options: Omit<RealParam, "kind">): RealParam => ({ kind: "real", ...options });
export const int = (options: Omit<IntParam, "kind">): IntParam => ({ kind: "int", ...options });
export const flag = (options: Omit<FlagParam, "kind">): FlagParam => ({ kind: "flag", ...options });
export const ints = (options: Omit<IntsParam, "kind">): IntsParam => ({ kind: "ints", ...options });
export const words = (options: Omit<WordsParam, "kind">): WordsParam => ({ kind: "words", ...options });
export const choice = <const T extends string>(options: Omit<ChoiceParam<T>, "kind">): ChoiceParam<T> => ({
  kind: "choice",
  ...options,
});

export function defaults<P extends Params>(params: P): ValuesOf<P> {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.byDefault])) as ValuesOf<P>;
}

/** A value as a sentence names it: as JSON, but NaN and Infinity, which JSON does not know, by their names. */
export const shown = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));

function checkNumber(path: string, value: unknown, { min, max }: { min: number; max: number }, whole: boolean): number {
  const range = `between ${min} and ${max}`;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new LabError("spec-invalid", `${path} is ${shown(value)}; give a ${whole ? "whole " : ""}number ${range}.`);
  if (whole && !Number.isInteger(value))
    throw new LabError("spec-invalid", `${path} is ${value}; give a whole number ${range}.`);
  if (value < min || value > max)
    throw new LabError("spec-invalid", `${path} is ${value}; give a ${whole ? "whole " : ""}number ${range}.`);
  return value;
}

/**
 * The value itself when it is allowed by its declaration.
 * @throws LabError `spec-invalid` with a sentence that names the value and the remedy.
 */
export function checkValue(path: string, param: Param, value: unknown): Value {
  switch (param.kind) {
    case "real":
      return checkNumber(path, value, param, false);
    case "int":
      return checkNumber(path, value, param, true);
    case "flag":
      if (typeof value === "boolean") return value;
      throw new LabError("spec-invalid", `${path} is ${shown(value)}; give true or false.`);
    case "choice":
      if (typeof value === "string" && param.options.includes(value)) return value;
      throw new LabError("spec-invalid", `${path} is ${shown(value)}; give one of: ${param.options.join(", ")}.`);
    case "ints":
      if (!Array.isArray(value) || value.length > param.maxCount || value.length < (param.minCount ?? 0))
        throw new LabError(
          "spec-invalid",
          `${path} is ${shown(value)}; give a list of ${countOf(param)} whole numbers.`,
        );
      return value.map((item, at) => checkNumber(`${path}[${at}]`, item, param, true));
    case "words":
      return checkWords(path, value, param);
  }
}

function checkWords(path: string, value: unknown, param: WordsParam): readonly string[] {
  const { options, minCount = 0, maxCount } = param;
  if (!Array.isArray(value) || value.length > maxCount || value.length < minCount)
    throw new LabError("spec-invalid", `${path} is ${shown(value)}; give a list of ${countOf(param)} words.`);
  for (const [at, word] of (value as unknown[]).entries()) {
    if (typeof word !== "string" || word.trim() === "" || word.includes(","))
      throw new LabError("spec-invalid", `${path}[${at}] is ${shown(word)}; give a short text without a comma.`);
    if (options && !options.includes(word))
      throw new LabError("spec-invalid", `${path}[${at}] is ${shown(word)}; give some of: ${options.join(", ")}.`);
    if (value.indexOf(word) !== at)
      throw new LabError("spec-invalid", `${path} has ${shown(word)} twice; give each once.`);
  }
  return value as string[];
}

const countOf = ({ minCount = 0, maxCount }: IntsParam | WordsParam): string =>
  minCount > 0 ? `${minCount} to ${maxCount}` : `at most ${maxCount}`;

/** Checked values for every declared parameter; the missing ones get their defaults, and a foreign name is refused. */
export function checkValues<P extends Params>(path: string, params: P, given: unknown): ValuesOf<P> {
  if (given !== undefined && (typeof given !== "object" || given === null || Array.isArray(given)))
    throw new LabError("spec-invalid", `${path} is ${shown(given)}; give an object of parameters by name.`);
  const values = (given ?? {}) as Record<string, unknown>;
  const foreign = Object.keys(values).find((name) => !Object.hasOwn(params, name));
  if (foreign !== undefined) {
    const known = Object.keys(params);
    throw new LabError(
      "spec-invalid",
      `${path}.${foreign} is not a parameter here; ${known.length ? `the parameters are: ${known.join(", ")}` : "there are none"}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      values[name] === undefined ? param.byDefault : checkValue(`${path}.${name}`, param, values[name]),
    ]),
  ) as ValuesOf<P>;
}
