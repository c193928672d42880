// The words that cross the port between the page and the worker.
import type { Command } from "../lab/command.ts";
import type { ErrorCode } from "../lab/error.ts";
import type { BackendId, Lab, Snapshot } from "../lab/lab.ts";
import type { DatasetChoice, ExperimentSpec } from "../lab/spec.ts";
import type { StudySpec } from "../lab/study.ts";

/** A call of the lab: its method and what it is given. */
export type Call =
  | { readonly method: "describe" }
  | { readonly method: "chooseBackend"; readonly wanted: BackendId | "auto" }
  | { readonly method: "images"; readonly dataset: DatasetChoice; readonly examples: readonly number[] }
  | { readonly method: "run"; readonly spec: ExperimentSpec; readonly start?: Snapshot; readonly whole?: boolean }
  | { readonly method: "study"; readonly spec: StudySpec; readonly known?: ReadonlySet<string> };

/** To the worker. `send` without a command closes the inbox; `credit` lets one more item come. */
export type Request =
  | { readonly kind: "open"; readonly id: number; readonly call: Call }
  | { readonly kind: "send"; readonly id: number; readonly command?: Command }
  | { readonly kind: "credit"; readonly id: number }
  | { readonly kind: "cancel"; readonly id: number };

/** From the worker. Of `end` and `fail` exactly one comes for each call, last. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "item"; readonly id: number; readonly value: unknown }
  | { readonly kind: "end"; readonly id: number; readonly value?: unknown }
  | { readonly kind: "fail"; readonly id: number; readonly code: ErrorCode; readonly message: string };

/** Items that may be under way before the first credit: enough that a busy page does not stall the worker. */
export const initialCredit = 16;

/** What both a Worker, a worker's own scope and a MessagePort offer. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** The buffers of all typed arrays in a value, for handing over instead of copying. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (value !== null && typeof value === "object") for (const item of Object.values(value)) buffersOf(item, found);
  return [...found];
}

export type Answer<M extends keyof Lab> = Awaited<ReturnType<Lab[M]>>;
