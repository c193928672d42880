// Relative similarity on the score of the anchor's own class: for one output exactly He and Su (ICLR 2020), eq. 2.
import type { Measure } from "../contracts.ts";
import { entry, perAnchor, perCell, probeChange } from "./ratio.ts";

export const relative: Measure = {
  id: "relative",
  title: "Relative similarity",
  symbol: "|Δf_y(p)| / |Δf_y(a)|",
  formula: String.raw`S_{\mathrm{rel}}(a,p)=\frac{|f_y(p;w^+)-f_y(p;w)|}{|f_y(a;w^+)-f_y(a;w)|}`,
  unit: "ratio",
  signed: false,
  numerator: (r) => perCell(r, (row, probe, label) => Math.abs(probeChange(r, row, probe)[label]!)),
  denominator: (r) => perAnchor(r, (row, label) => Math.abs(entry(r.anchorChange, row, label))),
};
