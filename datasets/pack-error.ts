// The failure of packing that a person can act on: one clear sentence, shown without a stack.

export class PackError extends Error {
  override readonly name = "PackError";
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** A known trouble of the disk as a sentence; any other error as it is. */
export function withRemedy(error: unknown, folder: string, megabytes: number): unknown {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new PackError(`No space is left in ${folder}; free about ${megabytes} MB there and run this again.`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new PackError(`${folder} cannot be written; allow writing there and run this again.`);
    default:
      return error;
  }
}
