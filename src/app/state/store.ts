// What the page knows: the experiment, the session around it, and where the results lie; nothing derived is stored.
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Command } from "../../lab/command.ts";
import type { LabError } from "../../lab/error.ts";
import type { BackendReport } from "../../lab/lab.ts";
import type { Catalogue, ExperimentSpec } from "../../lab/spec.ts";
import type { Progress, Table } from "../../lab/table.ts";
import type { ModelChoice, View } from "./experiment.ts";

export type Engine =
  | { readonly at: "starting"; readonly sentence?: string }
  | { readonly at: "ready"; readonly report: BackendReport }
  | { readonly at: "failed"; readonly error: LabError };

/** Counts of the news of the tables, by the part that grew: what did not grow need not be drawn again. */
export interface Revisions {
  readonly training: number;
  /** Measurements of the schedule. */
  readonly scheduled: number;
  /** Those, and what a person asked for. */
  readonly responses: number;
  readonly log: number;
}

/** One of the two runs on the screen. Its table grows outside React; the revisions say when. */
export interface RunState {
  readonly title: string;
  readonly spec: ExperimentSpec;
  readonly table: Table;
  /** `recorded`: shown from a file, no weights behind it. */
  readonly phase: "recorded" | "opening" | "working" | "idle" | "ended";
  readonly tick: number;
  readonly epoch: number;
  readonly stepsPerEpoch: number;
  readonly parameterCount: number;
  readonly dataHash: string;
  /** Moments whose weights are kept, so that a probe works there. */
  readonly keptTicks: readonly number[];
  readonly progress: Progress | undefined;
}

/** What the lab is busy with on a person's behalf, beyond single probes. */
export type Intent =
  | { readonly do: "train"; readonly until: number }
  /** `rest`: what is under way and what waits. */
  | { readonly do: "replay"; readonly rest: readonly Command[]; readonly total: number };

export interface Notice {
  readonly error: LabError;
  /** Whose trouble it is: what helps a live experiment would not help a study. */
  readonly source: "experiment" | "study";
}

export interface LabState {
  readonly catalogue: Catalogue | undefined;
  readonly spec: ExperimentSpec | undefined;
  readonly beside: ModelChoice | undefined;
  readonly view: View | undefined;
  readonly engine: Engine;
  /** Whether the first results came from a recorded run and none has been computed from the seed since. */
  readonly origin: "recorded" | "live";
  /** Backend that the recorded run was computed on. */
  readonly recordedOn: string | undefined;
  readonly runs: readonly RunState[];
  readonly revisions: Revisions;
  readonly intent: Intent | undefined;
  /** Where a pause left a training; absent once it is finished or stopped. */
  readonly pausedUntil: number | undefined;
  readonly notice: Notice | undefined;
}

export type LabStore = StoreApi<LabState>;

export const createLabStore = (): LabStore =>
  createStore<LabState>(() => ({
    catalogue: undefined,
    spec: undefined,
    beside: undefined,
    view: undefined,
    engine: { at: "starting" },
    origin: "live",
    recordedOn: undefined,
    runs: [],
    revisions: { training: 0, scheduled: 0, responses: 0, log: 0 },
    intent: undefined,
    pausedUntil: undefined,
    notice: undefined,
  }));
