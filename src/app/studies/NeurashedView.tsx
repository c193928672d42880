// The neurashed-style model: its graph above what all seeds say.
import type { OpenStudy } from "../state/studies.ts";
import type { StudyView } from "./view.ts";

function Body(_props: { readonly study: OpenStudy }) {
  return null;
}

export const neurashedView: StudyView = { figures: () => [], Body };
