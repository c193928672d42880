// Kernelized similarity, signed: He and Su (ICLR 2020), eq. 3, on the score of the anchor's class.
import type { Measure } from "../contracts.ts";
import { entry, perAnchor, perCell, probeChange } from "./ratio.ts";

export const kernelized: Measure = {
  id: "kernelized",
  title: "Kernelized similarity",
  symbol: "−Δf_y(p) / (η ∂L/∂f_y)",
  formula: String.raw`S_{\mathrm{ker}}(a,p)=\frac{f_y(p;w)-f_y(p;w^+)}{\eta\,\partial L/\partial f_y(a)}`,
  unit: "squared gradient norm",
  signed: true,
  numerator: (r) => perCell(r, (row, probe, label) => -probeChange(r, row, probe)[label]!),
  denominator: (r) => perAnchor(r, (row, label) => r.stepSize[row]! * entry(r.lossSlope, row, label)),
};
