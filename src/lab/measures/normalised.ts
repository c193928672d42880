// Normalised kernelized similarity: the kernel divided by its small-step diagonal, sqrt(S(a,a) S(p,p)) = |grad f_y(a)| |grad f_y(p)|.
import type { Measure } from "../contracts.ts";
import { entry, perAnchor, perCell, probeChange } from "./ratio.ts";

export const normalised: Measure = {
  id: "normalised",
  title: "Normalised kernelized similarity",
  symbol: "S_ker(a,p) / (‖∇f_y(a)‖ ‖∇f_y(p)‖)",
  formula: String.raw`\bar S_{\mathrm{ker}}(a,p)=\frac{S_{\mathrm{ker}}(a,p)}{\lVert\nabla_w f_y(a)\rVert_2\,\lVert\nabla_w f_y(p)\rVert_2}`,
  unit: "cosine in the small-step limit of one output",
  signed: true,
  numerator: (r) =>
    perCell(r, (row, probe, label) => -probeChange(r, row, probe)[label]! / entry(r.sensitivity, row, probe)),
  denominator: (r) =>
    perAnchor(r, (row, label) => r.stepSize[row]! * entry(r.lossSlope, row, label) * r.anchorSensitivity[row]!),
};
