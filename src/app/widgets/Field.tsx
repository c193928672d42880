// Form fields: a label, a control, help, and the sentence that says what is wrong; what is typed is never lost.
import { useId, type ReactNode } from "react";
import classes from "./Field.module.css";

interface Common {
  readonly label: string;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
}

function Frame({ label, help, problem, id, children }: Common & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      {children}
      {problem !== undefined && (
        <p className={classes.problem} id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {help !== undefined && problem === undefined && (
        <p className={classes.help} id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

const described = (id: string, { help, problem }: Common) =>
  problem !== undefined
    ? { "aria-invalid": true, "aria-describedby": `${id}-problem` }
    : help !== undefined
      ? { "aria-describedby": `${id}-help` }
      : {};

export interface TextFieldProps extends Common {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly numeric?: boolean;
  readonly placeholder?: string;
}

export function TextField({ value, onChange, numeric = true, placeholder, ...common }: TextFieldProps) {
  const id = useId();
  return (
    <Frame {...common} id={id}>
      <input
        id={id}
        className={classes.input}
        value={value}
        placeholder={placeholder}
        inputMode={numeric ? "decimal" : "text"}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...described(id, common)}
      />
    </Frame>
  );
}

export interface SelectFieldProps extends Common {
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly onChange: (value: string) => void;
}

export function SelectField({ value, options, onChange, ...common }: SelectFieldProps) {
  const id = useId();
  return (
    <Frame {...common} id={id}>
      <select
        id={id}
        className={`${classes.input} ${classes.select}`}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...described(id, common)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export interface FlagFieldProps extends Common {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function FlagField({ value, onChange, label, help }: FlagFieldProps) {
  return (
    <label className={classes.flag}>
      <input
        type="checkbox"

        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {help !== undefined && <span className={classes.help}>{help}</span>}
      </span>
    </label>
  );
}
