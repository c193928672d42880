// The neurashed-style model: its graph above what all seeds say.
import type { OpenStudy } from "../state/studies.ts";
import { GraphPanel } from "./neurashed/GraphPanel.tsx";
import type { StudyView } from "./view.ts";

function Body({ study }: { readonly study: OpenStudy }) {
  return <GraphPanel study={study} />;
}

export const neurashedView: StudyView = { figures: () => [], Body };
