// The views of the studies, one line each.
import { clusteringView } from "./ClusteringView.tsx";
import { comparisonView } from "./ComparisonView.tsx";
import { geometryView } from "./GeometryView.tsx";
import { imagePathView } from "./ImagePathView.tsx";
import { sensitivityView } from "./SensitivityView.tsx";
import { stepSizeView } from "./StepSizeView.tsx";
import type { StudyView } from "./view.ts";

export const studyViews: Readonly<Record<string, StudyView>> = {
  geometry: geometryView,
  clustering: clusteringView,
  "step-size": stepSizeView,
  "image-path": imagePathView,
  comparison: comparisonView,
  sensitivity: sensitivityView,
};
