// What was done to the weights and measured, in order; one click does it all again from the seed.
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Command } from "../../lab/command.ts";
import { nameOf } from "../state/experiment.ts";
import { useActions, useLab, useSubject, useTables } from "../state/context.ts";
import { IconButton } from "../widgets/Button.tsx";
import { epochTitle } from "../widgets/format.ts";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./Log.module.css";

export function Log() {
  const { spec, catalogue } = useSubject();
  const { replay } = useActions();
  const [leader] = useTables("log");
  const stepsPerEpoch = useLab((state) => state.runs[0]?.stepsPerEpoch ?? 1);
  const list = useRef<HTMLOListElement>(null);
  const [copied, setCopied] = useState(false);
  const { log } = leader!.table;
  // Figures come first.
  const count = useDeferredValue(log.length);
  const sentences = useMemo(() => {
    const epochAt = (tick: number): string => epochTitle(Math.round((100 * tick) / stepsPerEpoch) / 100);
    const name = (example: number): string => nameOf(example, spec, catalogue);
    return log.slice(0, count).map(({ command }) => sentence(command, name, epochAt));
  }, [log, count, stepsPerEpoch, spec, catalogue]);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);

  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(sentences.map((words) => words.join(" ")).join("\n"));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  }

  return (
    <Panel
      title="What was done"
      controls={
        <>
          <IconButton
            icon={copied ? "check" : "copy"}
            label={copied ? "Copied" : "Copy the log"}
            disabled={count === 0}
            onClick={() => void copy()}
          />
          <IconButton icon="reset" label="Replay it from the seed" disabled={count === 0} onClick={() => replay()} />
        </>
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ol ref={list} className={classes.list} tabIndex={0} aria-label="Log">
        <li>
          <b>start</b> from seed {spec.seed}
        </li>
        {sentences.map(([verb, rest], at) => (
          <li key={at} data-verb={verb}>
            <b>{verb}</b> {rest}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function sentence(
  command: Command,
  name: (example: number) => string,
  epochAt: (tick: number) => string,
): readonly [string, string] {
  switch (command.do) {
    case "train":
      return ["train", `to ${epochAt(command.until)}`];
    case "probe":
      return [
        "probe",
        `${command.anchors.map(name).join(", ")}${command.at === undefined ? "" : ` at ${epochAt(command.at)}`}`,
      ];
    case "learn":
      return ["learn", name(command.anchor)];
    case "rewind":
      return ["rewind", `to ${epochAt(command.to)}`];
    default:
      return [command.do, ""];
  }
}
