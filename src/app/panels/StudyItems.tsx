// The studies of a theme with their presets; it comes when the shelf is opened, with all that the studies are.
import { Menu } from "@mantine/core";
import { Fragment } from "react";
import type { Theme } from "../../lab/themes.ts";
import { useStudyActions } from "../state/context.ts";
import { sharedStudy, studyOf } from "../state/studyShelf.ts";
import { Item } from "./Item.tsx";

export function StudyItems({ theme }: { readonly theme: Theme }) {
  const { open } = useStudyActions();
  return theme.studies.map(studyOf).map((study) => (
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
