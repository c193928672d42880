// Mutual information of what is the same for some items and different for others, in bits.
import { log } from "./elementary.ts";

/** Entropy of the labels' frequencies. */
export function entropy(labels: Iterable<string | number>): number {
  const counts = new Map<string | number, number>();
  let total = 0;
  for (const label of labels) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    total += 1;
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * log(count / total);
  return bits / Math.LN2;
}

/** I(A; B) = H(A) + H(B) - H(A, B) of frequencies, never below 0. */
export function mutualInformation(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const both = a.map((label, at) => `${label} ${b[at]}`);
  return Math.max(0, entropy(a) + entropy(b) - entropy(both));
}
