// A helper worker's entry: carries steps to its share of the probes, and knows nothing else of the lab.
import { serveShares, type HelperPort } from "./lab/tensor/simd/share.ts";

serveShares(self as unknown as HelperPort);
