// What the study is opened with: the four clusters, the paper's Figure 1 at a small size, and influence held against retraining.
import type { StudyPreset } from "../../study.ts";

export const sensitivityPresets: readonly StudyPreset[] = [];
