// Relative similarity per unit of sensitivity: each change is divided by how easily that image's score moves at all.
import type { Measure } from "../contracts.ts";
import { entry, perAnchor, perCell, probeChange } from "./ratio.ts";

export const sensitivity: Measure = {
  id: "sensitivity",
  title: "Per unit of sensitivity",
  symbol: "(|Δf_y(p)| / ‖∇f_y(p)‖) / (|Δf_y(a)| / ‖∇f_y(a)‖)",
  formula: String.raw`\frac{|\Delta f_y(p)|\,/\,\lVert\nabla_w f_y(p)\rVert_2}{|\Delta f_y(a)|\,/\,\lVert\nabla_w f_y(a)\rVert_2}`,
  unit: "ratio",
  signed: false,
  numerator: (r) =>
    perCell(r, (row, probe, label) => Math.abs(probeChange(r, row, probe)[label]!) / entry(r.sensitivity, row, probe)),
  denominator: (r) =>
    perAnchor(r, (row, label) => Math.abs(entry(r.anchorChange, row, label)) / r.anchorSensitivity[row]!),
};
