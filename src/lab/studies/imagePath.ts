// The effect of the image itself: along a path away from a learned image, how fast does the response fall?
import type { StudyPlugin } from "../study.ts";
import { imagesKey, networksOf, similarityKey, type ImagePathFinding } from "./imagePath/finding.ts";
import { pathsOf, view } from "./imagePath/path.ts";
import { run } from "./imagePath/run.ts";
import { check, params, type ImagePathParams } from "./imagePath/setting.ts";
import { anchorsTable, meansTable } from "./imagePath/tables.ts";

export {
  curveOf,
  imagesKey,
  networksOf,
  similarityKey,
  type ImagePathFinding,
  type Network,
  type PathCurve,
} from "./imagePath/finding.ts";
export { pathIds, pathsOf, type ImagePathView, type Path, type PathId } from "./imagePath/path.ts";
export type { ImagePathParams } from "./imagePath/setting.ts";

const drawings = "The images are drawings with few kinds of everything, not photographs.";
const small = {
  params: {},
  size: "CNN untrained and after 6 epochs, linear; 10 tigers, 13 paths of 21 images",
  minutes: 0.8,
};

export const imagePath: StudyPlugin<ImagePathParams, ImagePathFinding> = {
  id: "image-path",
  title: "Effect of the image itself",
  question: "Along a path away from a learned image, how fast does the response fall?",
  source: "A study of this lab, with relative similarity after He and Su, ICLR 2020, eq. 2",
  explanation: {
    words:
      "The image x is learned in one step; the images x' on the path leave it little by little. What is drawn is how far the score moves at x' beside how far at x.",
    tex: String.raw`S_{\mathrm{rel}}(x,x')=\frac{|f(x';w^+)-f(x';w)|}{|f(x;w^+)-f(x;w)|}`,
    spoken: "relative similarity: the change of the score at x prime over the change at x, after one step on x",
    source: "He and Su, ICLR 2020, eq. 2",
  },
  params,
  view,
  presets: [
    {
      id: "path-cat",
      title: "Effect of the image: tiger to cat",
      question: "A tiger is learned. How much does that move an image that turns, by degrees, into a cat?",
      caption: `${drawings} An untrained CNN is not flat on them, either: part of the fall is there before anything is learned.`,
      view: { path: "near" },
      small,
    },
    {
      id: "path-stripes",
      title: "Effect of the image: stripes",
      question: "The same tiger drawn again with its stripes fading: does the response go with them?",
      caption: `${drawings} Nothing but the opacity of the stripes changes from image to image.`,
      view: { path: "stripes" },
      small,
    },
    {
      id: "path-rotation",
      title: "Effect of the image: rotation",
      question: "How far may a learned tiger be turned before the network takes it for another image?",
      caption: `${drawings} In training, animals are turned by 8 degrees at most. Corners are filled with the colours of the edge, and turning blurs a little.`,
      view: { path: "rotation" },
      small,
    },
  ],
  check,
  keys: (chosen) => {
    const paths = pathsOf(chosen);
    return [
      ...paths.map((path) => imagesKey(chosen, path)),
      ...networksOf(chosen).flatMap((network) => paths.map((path) => similarityKey(chosen, path, network))),
    ];
  },
  // Model by model, the images with the first.
  together: (chosen) => {
    const paths = pathsOf(chosen);
    const networks = networksOf(chosen);
    return [...new Set(networks.map(({ model }) => model))].map((model, place) => [
      ...(place === 0 ? paths.map((path) => imagesKey(chosen, path)) : []),
      ...networks
        .filter((network) => network.model === model)
        .flatMap((network) => paths.map((path) => similarityKey(chosen, path, network))),
    ]);
  },
  run,
  tables: (chosen, findings) => [meansTable(chosen, findings), anchorsTable(chosen, findings)],
  lasting: (value) => (value.kind === "images" ? { ...value, pixels: new Uint8Array(0) } : value),
};
