// The studies of a theme with their presets; it comes when the shelf is opened, with all that the studies are.
import { Menu } from "@mantine/core";
import { Fragment } from "react";
import type { Theme } from "../../lab/themes.ts";
import { useLab, useStudyActions } from "../state/context.ts";
import { kernelStudyOf, sharedStudy, studyOf } from "../state/studyShelf.ts";
import { Item } from "./Item.tsx";

export function StudyItems({ theme }: { readonly theme: Theme }) {
  const { open } = useStudyActions();
  const spec = useLab((state) => state.spec);
  const catalogue = useLab((state) => state.catalogue);
  const own = spec && catalogue && kernelStudyOf(spec, catalogue);
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
      {own?.spec.study === study.id && (
        <Item
          title="The live lab's own network"
          question="Its model, images, seed and training, as they are set: the same weights at the same epochs."
          onClick={() => open(own)}
        />
      )}
    </Fragment>
  ));
}
