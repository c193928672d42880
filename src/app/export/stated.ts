// A figure that says by itself which images it is about: in its caption, and in every row of its data.
import type { AboutData } from "../../lab/about.ts";
import type { Figure } from "../figures/figure.ts";

export function stated(figure: Figure, { what, balance, split, inputs }: AboutData): Figure {
  return {
    ...figure,
    caption: `${figure.caption} Images: ${what} ${balance} Split: ${split} Inputs: ${inputs}`,
    data() {
      const { columns, rows, dictionary } = figure.data();
      return {
        columns: [...columns, "images", "inputs"],
        rows: rows.map((row) => [...row, balance, inputs]),
        dictionary: {
          ...dictionary,
          images: "how many images of each class there are, for training and held out",
          inputs: "how the pixels were normalised for the network",
        },
      };
    },
  };
}
