// The one error of the lab: a code that survives the port to the worker, and one clear sentence.

export const errorCodes = [
  "spec-invalid",
  "data-unavailable",
  "backend-unsupported",
  "too-large",
  "diverged",
  "cancelled",
  "worker-lost",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: ErrorCode;

  /** @param message one sentence that names the value and the remedy. */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  static from(error: unknown): LabError {
    if (error instanceof LabError) return error;
    if (error instanceof Error && error.name === "AbortError") return new LabError("cancelled", "Stopped as asked.");
    return new LabError("internal", error instanceof Error ? error.message : String(error));
  }
}
