// What computes: which backend runs, why not a better one, and the choice by hand.
import { Popover } from "@mantine/core";
import { useState } from "react";
import { backendIds, responseBytes, type BackendId } from "../../lab/lab.ts";
import { useActions, useLab } from "../state/context.ts";
import { Segmented } from "../widgets/Segmented.tsx";
import { Icon } from "../widgets/Icon.tsx";
import classes from "./BackendBadge.module.css";

const titles: Record<BackendId | "auto", string> = {
  auto: "Best",
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "Wasm",
  cpu: "CPU",
};
const options = (["auto", ...backendIds] as const).map((value) => ({ value, title: titles[value] }));

export function BackendBadge() {
  const engine = useLab((state) => state.engine);
  const { chooseBackend } = useActions();
  const [wanted, setWanted] = useState<BackendId | "auto">("auto");
  const [opened, setOpened] = useState(false);
  const title = engine.at === "ready" ? engine.report.title : engine.at === "failed" ? "No engine" : "Starting…";
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} offset={6} trapFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.badge}
          data-at={engine.at}
          aria-label={`Backend: ${title}`}
          onClick={() => setOpened(!opened)}
          // The card hears Escape only once the focus has gone into it.
          onKeyDown={({ key }) => key === "Escape" && setOpened(false)}
        >
          <span className={classes.light} />
          <Icon name="chip" />
          <span className={classes.name}>{title}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.card} aria-label="Backend">
        <h2>What computes</h2>
        {engine.at === "failed" && <p className={classes.failed}>{engine.error.message}</p>}
        {engine.at === "starting" && <p>The engine tries the backends of this machine, the fastest first.</p>}
        {engine.at === "ready" && (
          <ul>
            {engine.report.considered.map(({ id, accepted, reason }) => (
              <li key={id} data-accepted={accepted || undefined}>
                <Icon name={accepted ? "check" : "close"} />
                <span>
                  <b>{titles[id]}</b> {reason}
                </span>
              </li>
            ))}
          </ul>
        )}
        <p className={classes.choice}>
          Responses take at most {responseBytes / 2 ** 20} MB beside the weights; what does not fit is computed in
          parts, with the same results.
        </p>
        <p className={classes.choice}>Choose by hand; what was done is done again on it.</p>
        <Segmented
          label="Backend"
          value={wanted}
          options={options}
          onChange={(id) => {
            setWanted(id);
            void chooseBackend(id);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
