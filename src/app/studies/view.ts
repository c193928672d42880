// What a study must bring to the page: its figures, made from what was found, and the panels that show them.
import type { ComponentType } from "react";
import type { Arrangement, Figure } from "../figures/figure.ts";
import type { OpenStudy } from "../state/studies.ts";

export interface StudyView {
  /** All that can be exported, whatever is on the screen. */
  figures(study: OpenStudy, arrangement: Arrangement): readonly Figure[];
  readonly Body: ComponentType<{ readonly study: OpenStudy }>;
}
