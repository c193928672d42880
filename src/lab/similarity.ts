// Relative similarity of one anchor with its probes, for studies: what the response of one step says.
import { ownOutput, type Response } from "./contracts.ts";

/**
 * |df_y(p)| / |df_y(a)| on the score of the anchor's own class y (He and Su, ICLR 2020, eq. 2); NaN everywhere where the
 * anchor's own change is no larger than its rounding error. The response is that of one anchor. [probe]
 */
export function relativeSimilarity(response: Response): Float64Array {
  const outputCount = response.before.columns;
  const output = ownOutput(response.anchorLabels[0]!, outputCount);
  const own = Math.abs(response.anchorChange.data[output]!);
  const isMeasurable = own > response.anchorRounding[0]! && Number.isFinite(own);
  return Float64Array.from({ length: response.before.rows }, (_, probe) =>
    isMeasurable ? Math.abs(response.change.data[probe * outputCount + output]!) / own : NaN,
  );
}
