// A form drawn from declared parameters: what is typed stays, what is wrong is said, the last good value stays in force.
import { checkValue, type Param, type Params, type Value, type Values } from "../../lab/params.ts";
import { FlagField, SelectField, TextField } from "../widgets/Field.tsx";

export interface ParamFieldsProps {
  /** Names the form in sentences and in the drafts. */
  readonly path: string;
  readonly params: Params;
  readonly values: Values;
  /** What was typed, by path, where it differs from a value's own text. */
  readonly typed: Readonly<Record<string, string>>;
  readonly onType: (path: string, text: string) => void;
  readonly onChange: (name: string, value: Value) => void;
}

export function ParamFields({ path, params, values, typed, onType, onChange }: ParamFieldsProps) {
  return Object.entries(params).map(([name, param]) => {
    const at = `${path}.${name}`;
    const value = values[name] ?? param.byDefault;
    if (param.kind === "choice")
      return (
        <SelectField
          key={name}
          label={param.title}
          help={param.help}
          value={String(value)}
          options={param.options.map((option) => ({ value: option, title: option }))}
          onChange={(text) => onChange(name, text)}
        />
      );
    if (param.kind === "flag")
      return (
        <FlagField
          key={name}
          label={param.title}
          help={param.help}
          value={Boolean(value)}
          onChange={(flag) => onChange(name, flag)}
        />
      );
    const text = typed[at] ?? textOf(value);
    return (
      <TextField
        key={name}
        label={param.title}
        help={param.help ?? listHelp[param.kind]}
        value={text}
        problem={problemOf(at, param, text, value)}
        onChange={(next) => {
          onType(at, next);
          const read = readText(param, next);
          if (problem(at, param, read) === undefined) onChange(name, read as Value);
        }}
      />
    );
  });
}

const listHelp: Partial<Record<Param["kind"], string>> = {
  ints: "Whole numbers with commas between them.",
  words: "Words with commas between them.",
};

export const textOf = (value: Value): string => (Array.isArray(value) ? value.join(", ") : String(value));

/** What a text means; text that means nothing is handed on as it is, for the check to name it. */
export function readText(param: Param, text: string): unknown {
  if (param.kind === "words")
    return text
      .split(/[,;\n]/)
      .map((word) => word.trim())
      .filter(Boolean);
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const numberOf = (part: string): unknown =>
    /^[-+\d.e]+$/i.test(part) && !Number.isNaN(Number(part)) ? Number(part) : part;
  return param.kind === "ints" ? parts.map(numberOf) : numberOf(text.trim());
}

function problem(path: string, param: Param, value: unknown): string | undefined {
  try {
    checkValue(path, param, value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function problemOf(path: string, param: Param, text: string, inForce: Value): string | undefined {
  const sentence = problem(path, param, readText(param, text));
  return sentence && `${sentence.replace(path, param.title)} ${textOf(inForce) || "None"} stays in force.`;
}

/** Paths of the typed texts that are not in force. */
export const wrongPaths = (path: string, params: Params, typed: Readonly<Record<string, string>>): string[] =>
  Object.entries(params).flatMap(([name, param]) => {
    const text = typed[`${path}.${name}`];
    return text !== undefined && problem("", param, readText(param, text)) !== undefined ? [param.title] : [];
  });
