// The views of the studies, one line each.
import { boundsView } from "./BoundsView.tsx";
import { clusteringView } from "./ClusteringView.tsx";
import { comparisonView } from "./ComparisonView.tsx";
import { geometryView } from "./GeometryView.tsx";
import { imagePathView } from "./ImagePathView.tsx";
import { infiniteWidthView } from "./InfiniteWidthView.tsx";
import { kernelRegressionView } from "./KernelRegressionView.tsx";
import { labelAwarePartView } from "./LabelAwarePartView.tsx";
import { labelAwarenessView } from "./LabelAwarenessView.tsx";
import { labelSystemsView } from "./LabelSystemsView.tsx";
import { leSdeNetworkView } from "./LeSdeNetworkView.tsx";
import { leSdeView } from "./LeSdeView.tsx";
import { linearisationView } from "./LinearisationView.tsx";
import { neurashedView } from "./NeurashedView.tsx";
import { phaseView } from "./PhaseView.tsx";
import { sensitivityView } from "./SensitivityView.tsx";
import { sharingView } from "./SharingView.tsx";
import { stepSizeView } from "./StepSizeView.tsx";
import type { StudyView } from "./view.ts";

export const studyViews: Readonly<Record<string, StudyView>> = {
  geometry: geometryView,
  clustering: clusteringView,
  "step-size": stepSizeView,
  "image-path": imagePathView,
  comparison: comparisonView,
  linearisation: linearisationView,
  sharing: sharingView,
  "infinite-width": infiniteWidthView,
  "kernel-regression": kernelRegressionView,
  "label-awareness": labelAwarenessView,
  "label-aware-part": labelAwarePartView,
  "label-systems": labelSystemsView,
  sensitivity: sensitivityView,
  bounds: boundsView,
  "le-sde": leSdeView,
  "phase-diagram": phaseView,
  "le-sde-network": leSdeNetworkView,
  neurashed: neurashedView,
};
