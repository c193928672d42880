// The step-size rule of He and Su's own code: multiply by three until it moves.

/** Their constants: eta begins at 1e-6, and the last try is the last one below 1e4. */
export const firstEta = 1e-6;
export const etaLimit = 1e4;
export const etaFactor = 3;

export interface Try {
  readonly eta: number;
  /** What the step changed at the anchor. */
  readonly change: number;
}

/**
 * All tries, the last one being that at which the anchor moved at last, or, where it never does, the last one below the limit.
 * The test is that of the code, exactly 0.0: a change of one unit in the last place passes.
 */
export async function untilMoved(changeAt: (eta: number) => Promise<number>): Promise<Try[]> {
  const tries: Try[] = [];
  for (let eta = firstEta; eta < etaLimit; eta *= etaFactor) {
    const change = await changeAt(eta);
    tries.push({ eta, change });
    if (change !== 0) break;
  }
  return tries;
}

/** Undefined where the anchor never moved: the authors' code then says "not update". */
export const movedAt = (tries: readonly Try[]): Try | undefined => tries.find(({ change }) => change !== 0);

/** The distance of single-precision numbers of this size: a unit in the last place. */
export function unitInLastPlace(value: number): number {
  const size = Math.abs(Math.fround(value));
  return 2 ** (Math.max(-126, Math.floor(Math.log2(size))) - 23);
}
