// Formulas on the page: TeX set by KaTeX, with its own fonts, since few machines have one for mathematics; MathML beside it is read aloud.
import { lazy, Suspense } from "react";
import classes from "./Formula.module.css";

export interface FormulaProps {
  readonly tex: string;
  /** In words, for whoever listens. */
  readonly label: string;
}

const Set = lazy(async () => {
  const [{ renderToString }] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  return {
    default({ tex }: Pick<FormulaProps, "tex">) {
      const html = renderToString(tex, { displayMode: true, strict: "error" });
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
