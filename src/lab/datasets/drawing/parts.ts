// The parts of a subject, as bits: markings are kept to the parts they belong on.
export const PART = { body: 1, legs: 2, tail: 4, head: 8, mane: 16, glass: 32, wheels: 64 } as const;
