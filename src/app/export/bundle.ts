// Everything about one figure in one zip file: drawing, data, words and how to make it again; same state, same bytes.
import { strToU8, zipSync, type Zippable } from "fflate";
import type { Figure } from "../figures/figure.ts";
import { csvOf, dictionaryOf } from "./csv.ts";

export interface BundleFiles {
  readonly svg: string;
  readonly png: Uint8Array;
  /** The experiment as JSON and a link that opens the lab as it was; left out of a file for blind review. */
  readonly again?: { readonly spec: string; readonly link: string } | undefined;
}

/** The paper whose measure the lab shows. */
const citation = `@inproceedings{he2020local,
  title     = {The Local Elasticity of Neural Networks},
  author    = {He, Hangfeng and Su, Weijie J.},
  booktitle = {International Conference on Learning Representations},
  year      = {2020},
  url       = {https://arxiv.org/abs/1910.06943},
  note      = {arXiv:1910.06943}
}
`;

/** Zip keeps local time, from 1980 on: noon on its second day is a valid date wherever the reader is. */
export const zipTime = new Date(1980, 0, 2, 12);

/** An Internet shortcut, which Windows and macOS open by a double click. */
const shortcut = (link: string): string => `[InternetShortcut]\r\nURL=${link}\r\n`;

export function bundle(figure: Figure, { svg, png, again }: BundleFiles): Uint8Array<ArrayBuffer> {
  const texts: Readonly<Record<string, string>> = {
    "figure.svg": svg,
    "data.csv": csvOf(figure.data()),
    "data-dictionary.txt": dictionaryOf(figure),
    "caption.txt": `${figure.title}\n\n${figure.caption}\n`,
    "CITATION.bib": citation,
    ...(again ? { "spec.json": again.spec, "reproduce.url": shortcut(again.link) } : {}),
  };
  const files: Zippable = { "figure.png": png };
  for (const [name, content] of Object.entries(texts)) files[name] = strToU8(content);
  return zipSync(files, { mtime: zipTime, level: 6 }) as Uint8Array<ArrayBuffer>;
}
