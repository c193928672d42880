// The recorded run that the page shows before anything is computed: results, images and last weights, from three files.
import { unpack } from "../../lab/archive.ts";
import type { Command } from "../../lab/command.ts";
import type { Snapshot } from "../../lab/lab.ts";
import { canonical, type Catalogue, type DatasetChoice, type ExperimentSpec } from "../../lab/spec.ts";
import { Table, type Chunk } from "../../lab/table.ts";
import type { ModelChoice, Shared } from "./experiment.ts";

export interface Recording {
  readonly spec: ExperimentSpec;
  readonly beside: ModelChoice;
  readonly catalogue: Catalogue;
  readonly backend: string;
  readonly runs: readonly { readonly chunks: readonly Chunk[] }[];
}

export interface RecordedImages {
  readonly dataset: DatasetChoice;
  readonly examples: Int32Array;
  readonly pixels: Uint8Array;
}

export interface RecordedWeights {
  readonly snapshots: readonly Snapshot[];
}

/** A file of the app by relative path, or undefined where there is none. */
export type FetchBytes = (path: string) => Promise<Uint8Array | undefined>;

/** Undefined where nothing was recorded, or what is there cannot be read: then the lab computes from the start. */
export async function fetchRecorded<T>(fetchBytes: FetchBytes, name: string): Promise<T | undefined> {
  try {
    const bytes = await fetchBytes(`recorded/${name}.bin`);
    return bytes && (unpack(bytes) as T);
  } catch {
    return undefined;
  }
}

export const recordedLog = ({ runs }: Recording): readonly Command[] =>
  runs[0]!.chunks.flatMap((chunk) => (chunk.kind === "log" ? [chunk.entry.command] : []));

/**
 * The commands that go beyond a recorded run; undefined when an experiment does not start with it, or looks back at
 * moments whose weights the recording does not hold.
 */
export function beyond(recording: Recording, { spec, beside, log }: Omit<Shared, "view">): Command[] | undefined {
  const recorded = recordedLog(recording);
  const agrees =
    canonical(spec) === canonical(recording.spec) &&
    canonical(beside ?? null) === canonical(recording.beside) &&
    canonical(log.slice(0, recorded.length)) === canonical(recorded);
  const { tick } = played(recording.runs[0]!.chunks);
  const tail = log.slice(recorded.length);
  const reachable = tail.every(
    (command) =>
      (command.do !== "rewind" || command.to >= tick) && (command.do !== "probe" || (command.at ?? tick) >= tick),
  );
  return agrees && reachable ? tail : undefined;
}

/** The state of a run after its chunks. */
export function played(chunks: readonly Chunk[]): {
  table: Table;
  tick: number;
  epoch: number;
  stepsPerEpoch: number;
  parameterCount: number;
  dataHash: string;
} {
  const table = new Table();
  for (const chunk of chunks) table.append(chunk);
  const opened = chunks.find((chunk) => chunk.kind === "opened");
  const last = table.training.at(-1);
  return {
    table,
    tick: last?.tick ?? 0,
    epoch: last?.epoch ?? 0,
    stepsPerEpoch: opened?.stepsPerEpoch ?? 1,
    parameterCount: opened?.parameterCount ?? 0,
    dataHash: opened?.dataHash ?? "",
  };
}
