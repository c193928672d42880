// The line of epochs: how far the training has come, and which measured epoch the figures show.
import { useActions, useSubject, useLab, useMeasuredTick, useTables } from "../state/context.ts";
import { epochTitle } from "../widgets/format.ts";
import { Track } from "../widgets/Track.tsx";

export function Timeline() {
  const { look } = useActions();
  const { spec } = useSubject();
  const [leader] = useTables();
  const epoch = useLab((state) => state.runs[0]?.epoch ?? 0);
  const blocks = leader!.table.scheduled;
  const epochs = blocks.map((block) => block.epoch);
  const tick = useMeasuredTick();
  const chosen = blocks.findIndex((block) => block.tick === tick);
  const planned = spec.probing.epochs.filter((one) => one <= spec.training.epochs && !epochs.includes(one));
  return (
    <Track
      label="Epoch shown"
      max={Math.max(spec.training.epochs, Math.ceil(epoch))}
      filled={epoch}
      moments={epochs}
      planned={planned}
      chosen={chosen}
      valueText={chosen < 0 ? "nothing measured yet" : epochTitle(epochs[chosen]!)}
      onChoose={(index) => look({ moment: index === blocks.length - 1 ? "latest" : blocks[index]!.tick })}
    />
  );
}
