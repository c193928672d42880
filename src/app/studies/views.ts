// The views of the studies, one line each.
import { clusteringView } from "./ClusteringView.tsx";
import { geometryView } from "./GeometryView.tsx";
import type { StudyView } from "./view.ts";

export const studyViews: Readonly<Record<string, StudyView>> = {
  clustering: clusteringView,
  geometry: geometryView,
};
