// Settings of the bounds that are worth a look.
import type { StudyPreset } from "../../study.ts";

export const presets: readonly StudyPreset[] = [];
