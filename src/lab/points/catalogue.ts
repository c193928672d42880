// The only file that imports the point sets, one line each: those of Figure 1 first.
import { boxes } from "./boxes.ts";
import { cosines } from "./cosines.ts";
import { cycles } from "./cycles.ts";
import { helix } from "./helix.ts";
import type { PointSetPlugin } from "./pointSet.ts";
import { spheres } from "./spheres.ts";
import { torus } from "./torus.ts";

export const pointSets: readonly PointSetPlugin[] = [torus, boxes, cycles, spheres, cosines, helix];
