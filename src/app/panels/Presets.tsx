// The shelf of all that opens in one click: live experiments, and by theme the studies with their figures and tables.
import { Menu } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { themes } from "../../lab/themes.ts";
import { useActions, useLab, useStudies, useStudyActions } from "../state/context.ts";
import { presetExperiment, presets } from "../state/preset.ts";
import { Button } from "../widgets/Button.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { Item } from "./Item.tsx";
import classes from "./Presets.module.css";

const StudyItems = lazy(() => import("./StudyItems.tsx").then(({ StudyItems }) => ({ default: StudyItems })));

const live = "live";

export function Presets() {
  const [opened, setOpened] = useState(false);
  const study = useStudies((state) => state.open?.spec.study);
  const here = themes.find(({ studies }) => studies.includes(study ?? ""))?.id ?? live;
  const [picked, setPicked] = useState<string>();
  const shown = picked ?? here;
  function change(isOpen: boolean): void {
    setOpened(isOpen);
    // It opens where the reader is, not where it was left.
    if (!isOpen) setPicked(undefined);
  }
  return (
    <Menu opened={opened} onChange={change} position="bottom-end" width="min(1080px, 94vw)" offset={6}>
      <Menu.Target>
        <Button
          icon="shelf"
          look="plain"
          // The menu hears Escape only once the focus has gone into it.
          onKeyDown={({ key }) => key === "Escape" && change(false)}
        >
          Presets
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.shelf}>
        <div className={classes.themes}>
          <Segmented
            label="Theme"
            value={shown}
            options={[{ value: live, title: "Live experiments" }].concat(
              themes.map(({ id, title }) => ({ value: id, title })),
            )}
            onChange={setPicked}
          />
        </div>
        <div className={classes.items}>
          {shown === live ? (
            <LiveItems />
          ) : (
            <Suspense fallback={<p className={classes.waiting}>Opening the shelf …</p>}>
              <StudyItems theme={themes.find(({ id }) => id === shown)!} />
            </Suspense>
          )}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function LiveItems() {
  const { openPreset } = useActions();
  const { close } = useStudyActions();
  const catalogue = useLab((state) => state.catalogue);
  return catalogue
    ? presets.map((preset) => {
        const shared = presetExperiment(preset, catalogue);
        function open(): void {
          openPreset(shared!);
          close();
        }
        return shared && <Item key={preset.id} title={preset.title} question={preset.question} onClick={open} />;
      })
    : null;
}
