// Formulas on the page: TeX set by KaTeX as MathML, which browsers draw and read aloud by themselves, without fonts of its own.
import { lazy, Suspense } from "react";
import classes from "./Formula.module.css";

export interface FormulaProps {
  readonly tex: string;
  /** In words, for whoever listens. */
  readonly label: string;
}

const Set = lazy(async () => {
  const { renderToString } = await import("katex");
  return {
    default({ tex }: Pick<FormulaProps, "tex">) {
      const html = renderToString(tex, { displayMode: true, output: "mathml", strict: "error" });
      // oxlint-disable-next-line react/no-danger
      return <span dangerouslySetInnerHTML={{ __html: html }} />;
    },
  };
});

/** A formula that scrolls where it is wider than its place, by the keyboard as well. */
export const Formula = ({ tex, label }: FormulaProps) => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role
  <div className={classes.formula} tabIndex={0} role="group" aria-label={label}>
    <Suspense fallback={" "}>
      <Set tex={tex} />
    </Suspense>
  </div>
);
