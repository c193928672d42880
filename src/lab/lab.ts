// The lab as whoever uses it sees it: here or on the far side of a port, the callers cannot tell.
import type { Inbox, Signal } from "./command.ts";
import type { Catalogue, DatasetChoice, ExperimentSpec } from "./spec.ts";
import type { StudyEvent, StudySpec } from "./study.ts";
import type { Chunk } from "./table.ts";

export const backendIds = ["webgpu", "webgl", "wasm", "cpu"] as const;
export type BackendId = (typeof backendIds)[number];

/** What responses may take beside the weights, unless the platform says otherwise; what does not fit is computed in parts. */
export const responseBytes = 512 * 2 ** 20;

/** Which backend runs, and why not a better one. */
export interface BackendReport {
  readonly id: BackendId;
  readonly title: string;
  /** In the order they were considered, the chosen one last or found among them. */
  readonly considered: readonly { readonly id: BackendId; readonly accepted: boolean; readonly reason: string }[];
}

/** The weights of one moment, in forward order (weight, bias, weight, bias, ...), and where in the training it was. */
export interface Snapshot {
  readonly tick: number;
  readonly epoch: number;
  readonly weights: readonly Float32Array[];
}

export interface RunOptions {
  readonly signal: Signal;
  /** Start from these weights instead of the seed's. */
  readonly start?: Snapshot;
  /** Blocks carry the change of every score, not of the anchor's class alone. */
  readonly whole?: boolean;
}

export interface StudyOptions {
  readonly signal: Signal;
  /** Keys of the findings that are there. */
  readonly known?: ReadonlySet<string>;
}

export interface Lab {
  describe(): Promise<Catalogue>;
  /** Chooses and tries the backend; `auto` takes the first of the ladder that passes its trial step. */
  chooseBackend(wanted: BackendId | "auto"): Promise<BackendReport>;
  /** Raw images, [example, row, column, channel] bytes. */
  images(dataset: DatasetChoice, examples: readonly number[]): Promise<Uint8Array>;
  /** Carries out commands until the inbox is closed or the signal raised. */
  run(spec: ExperimentSpec, inbox: Inbox, options: RunOptions): AsyncGenerator<Chunk, void>;
  /** Yields the findings of a study that are not known yet, with its progress between them. */
  study(spec: StudySpec, options: StudyOptions): AsyncGenerator<StudyEvent, void>;
}
