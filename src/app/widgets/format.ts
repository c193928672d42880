// Numbers and times as the page writes them.

/** Three digits or so, with a true minus; an em dash where there is no number. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text =
    size === 0
      ? "0"
      : size >= 1e5 || size < 1e-3
        ? value.toExponential(1).replace("e+", "e")
        : size >= 100
          ? value.toFixed(0)
          : size >= 10
            ? value.toFixed(1)
            : size >= 0.01
              ? value.toFixed(2)
              : value.toFixed(4);
  return text.replaceAll("-", "−");
}

/** Four digits, for formulas with numbers filled in. */
export const exact = (value: number): string =>
  Number.isFinite(value) ? value.toPrecision(4).replace("e+", "e").replaceAll("-", "−") : "not measurable";

export const signed = (value: number): string => (value > 0 ? `+${exact(value)}` : exact(value));

/** Three digits with a sign, trailing zeros kept: two such numbers line up. */
export const signedShort = (value: number): string =>
  `${value > 0 ? "+" : ""}${Math.abs(value) < 1e-4 ? short(value) : value.toPrecision(3)}`.replaceAll("-", "−");

export const count = (value: number): string => Math.round(value).toLocaleString("en");

export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export const epochTitle = (epoch: number): string => `epoch ${Number.isInteger(epoch) ? epoch : epoch.toFixed(2)}`;

/** "a tiger", "an owl". */
export const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
