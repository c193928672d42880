// Settings of the two label systems that are worth a look.
import type { StudyPreset } from "../../study.ts";

export const presets: readonly StudyPreset[] = [
  {
    id: "label-systems",
    title: "Two label systems, where features are learned",
    question: "Pets or vehicles, plain or grass: which of the two does the network learn to find alike?",
    caption: "x",
    small: { params: {}, size: "x", minutes: 1 },
  },
];
