// A seeded stream of random numbers; every stream is a named fork of one seed, so that adding a stream never moves another.
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Rng {
  /** An independent stream, a function of this stream's own seed and `name` only (not of how much was drawn). */
  fork(name: string | number): Rng;
  /** Uniform in [low, high); [0, 1) by default. */
  uniform(low?: number, high?: number): number;
  /** Uniform integer in 0 .. count - 1. */
  below(count: number): number;
  /** Standard normal (Box and Muller, 1958). */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  /** A new array with the items in random order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[];
}

/** 32-bit FNV-1a of a string, mixed with a seed; names become seeds by it. */
function hash(seed: number, name: string): number {
  let h = (2166136261 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at++) h = Math.imul(h ^ name.charCodeAt(at), 16777619) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** @param seed any 32-bit unsigned integer. */
export function rng(seed: number): Rng {
  const generator = xoroshiro128plus(seed | 0);
  let spare: number | undefined;
  const self: Rng = {
    fork: (name) => rng(hash(seed, String(name))),
    uniform: (low = 0, high = 1) => low + (high - low) * uniformFloat64(generator),
    below: (count) => uniformInt(generator, 0, count - 1),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
      const angle = 2 * Math.PI * uniformFloat64(generator);
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    pick: (items) => items[self.below(items.length)]!,
    shuffled(items) {
      const copy = [...items];
      for (let at = copy.length - 1; at > 0; at--) {
        const other = self.below(at + 1);
        [copy[at], copy[other]] = [copy[other]!, copy[at]!];
      }
      return copy;
    },
  };
  return self;
}
