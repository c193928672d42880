// A formula on the page: the little TeX that the measures are written in, as MathML, which every browser sets by itself.
import { createElement, type ReactNode } from "react";

const symbols: Readonly<Record<string, string>> = {
  Delta: "Δ",
  delta: "δ",
  eta: "η",
  partial: "∂",
  nabla: "∇",
  lVert: "‖",
  rVert: "‖",
  lvert: "|",
  rvert: "|",
  langle: "⟨",
  rangle: "⟩",
  sum: "∑",
  neq: "≠",
  cdot: "·",
  times: "×",
};

type Token = string;

/** Commands, braces and single characters; spaces mean nothing in TeX. */
const tokensOf = (tex: string): Token[] => tex.match(/\\[A-Za-z]+|\\.|[^\s]/g) ?? [];

/** A MathML element; React's types know only those of HTML and SVG. */
const math = (name: string, key: number, attributes: object, ...children: ReactNode[]): ReactNode =>
  createElement(name, { key, ...attributes }, ...children);

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #key = 0;

  constructor(tex: string) {
    this.#tokens = tokensOf(tex);
  }

  /** Everything up to a closing brace or the end. */
  row(): ReactNode[] {
    const items: ReactNode[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== "}") items.push(this.#scripted(this.#item()));
    return items;
  }

  /** A braced group, or one item. */
  #group(): ReactNode {
    if (this.#tokens[this.#at] !== "{") return this.#item();
    this.#at += 1;
    const row = this.row();
    this.#at += 1;
    return math("mrow", this.#key++, {}, ...row);
  }

  #scripted(base: ReactNode): ReactNode {
    let below: ReactNode;
    let above: ReactNode;
    for (let mark = this.#tokens[this.#at]; mark === "_" || mark === "^"; mark = this.#tokens[this.#at]) {
      this.#at += 1;
      if (mark === "_") below = this.#group();
      else above = this.#group();
    }
    const key = this.#key++;
    if (below !== undefined && above !== undefined) return math("msubsup", key, {}, base, below, above);
    if (below !== undefined) return math("msub", key, {}, base, below);
    return above === undefined ? base : math("msup", key, {}, base, above);
  }

  #item(): ReactNode {
    const token = this.#tokens[this.#at]!;
    const key = this.#key++;
    if (token === "{") return this.#group();
    this.#at += 1;
    if (token === "\\frac") return math("mfrac", key, {}, this.#group(), this.#group());
    if (token === "\\bar") return math("mover", key, { accent: "true" }, this.#group(), math("mo", 0, {}, "¯"));
    if (token === "\\mathrm") return math("mtext", key, {}, this.#text());
    if (/^\\[^A-Za-z]$/.test(token)) return math("mspace", key, { width: "0.17em" });
    if (token.startsWith("\\")) {
      const symbol = symbols[token.slice(1)] ?? token.slice(1);
      return math(/^\p{L}/u.test(symbol) ? "mi" : "mo", key, {}, symbol);
    }
    if (/\d/.test(token)) return math("mn", key, {}, token);
    if (/[A-Za-z]/.test(token)) return math("mi", key, {}, token);
    return math("mo", key, { stretchy: "false" }, token === "-" ? "−" : token);
  }

  #text(): string {
    if (this.#tokens[this.#at] !== "{") return this.#tokens[this.#at++] ?? "";
    const end = this.#tokens.indexOf("}", this.#at);
    const text = this.#tokens.slice(this.#at + 1, end).join("");
    this.#at = end + 1;
    return text;
  }
}

export const Formula = ({ tex, label }: { readonly tex: string; readonly label: string }): ReactNode =>
  createElement("math", { display: "block", "aria-label": label }, ...new Reader(tex).row());
