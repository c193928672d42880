// Which epoch of a study is looked at: side by side where they are few, else in a list.
import plots from "../panels/Plots.module.css";
import { useStudyActions } from "../state/context.ts";
import { Segmented } from "../widgets/Segmented.tsx";

const most = 8;

/** The wanted epoch; where there is none such, the last one below it, or the first. */
export const nearestEpoch = (epochs: readonly number[], wanted: number): number =>
  epochs.findLast((epoch) => epoch <= wanted) ?? epochs[0]!;

export interface EpochChoiceProps {
  readonly epochs: readonly number[];
  readonly value: number;
}

export function EpochChoice({ epochs, value }: EpochChoiceProps) {
  const { look } = useStudyActions();
  if (epochs.length <= most)
    return (
      <Segmented
        label="Epoch"
        value={String(value)}
        options={epochs.map((epoch, at) => ({
          value: String(epoch),
          title: at === 0 ? `epoch ${epoch}` : String(epoch),
        }))}
        onChange={(epoch) => look({ epoch: Number(epoch) })}
      />
    );
  return (
    <select
      aria-label="Epoch"
      className={plots.select}
      value={value}
      onChange={({ currentTarget }) => look({ epoch: Number(currentTarget.value) })}
    >
      {epochs.map((epoch) => (
        <option key={epoch} value={epoch}>
          epoch {epoch}
        </option>
      ))}
    </select>
  );
}
