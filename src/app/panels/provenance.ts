// What made a figure, for the file that carries it: the experiment, the data and the engine; no time, so that the same state
// gives the same bytes.
import { version } from "../../../package.json";
import type { Provenance } from "../export/svg.ts";
import { useActions, useLab } from "../state/context.ts";
import { computedOn } from "../state/stance.ts";

export function useProvenance(): Provenance {
  const { shared } = useActions();
  const backend = useLab(computedOn);
  const runs = useLab((state) => state.runs);
  const { spec, beside, log, view } = shared() ?? {};
  return {
    lab: `Local Elasticity Lab ${version}`,
    backend,
    dataHash: runs[0]?.dataHash ?? "",
    experiment: { spec, beside, log, view },
  };
}
