// The shelf of all that opens in one click: live experiments, and by theme the studies with their figures and tables.
import { Menu } from "@mantine/core";
import { Fragment, useState } from "react";
import { themes, type Theme } from "../../lab/studies.ts";
import { useActions, useLab, useStudies, useStudyActions } from "../state/context.ts";
import { presetExperiment, presets } from "../state/preset.ts";
import { sharedStudy } from "../state/studies.ts";
import { Button } from "../widgets/Button.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./Presets.module.css";

const live = "live";

export function Presets() {
  const [opened, setOpened] = useState(false);
  const study = useStudies((state) => state.open?.spec.study);
  const here = themes.find(({ studies }) => studies.some(({ id }) => id === study))?.id ?? live;
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
          {shown === live ? <LiveItems /> : <StudyItems theme={themes.find(({ id }) => id === shown)!} />}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ItemProps {
  readonly title: string;
  readonly question: string;
  readonly onClick: () => void;
}

const Item = ({ title, question, onClick }: ItemProps) => (
  <Menu.Item className={classes.item} onClick={onClick}>
    <b>{title}</b>
    <span>{question}</span>
  </Menu.Item>
);

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

function StudyItems({ theme }: { readonly theme: Theme }) {
  const { open } = useStudyActions();
  return theme.studies.map((study) => (
    <Fragment key={study.id}>
      <Menu.Label>
        <b>{study.title}</b> {study.source}
      </Menu.Label>
      {study.presets.map(({ id, title, question, small, view }) => (
        <Item
          key={id}
          title={title}
          question={question}
          onClick={() => open(sharedStudy({ study: study.id, params: small.params }, view))}
        />
      ))}
    </Fragment>
  ));
}
