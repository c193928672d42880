// A manifest as its JSON file gives it: TypeScript reads the shape there as a list of any length, so it is checked here.
import type { DatasetManifest } from "../contracts.ts";
import { LabError } from "../error.ts";

/** The type that a JSON import of a manifest has. */
type ManifestJson = Omit<DatasetManifest, "shape"> & { readonly shape: readonly number[] };

export function manifestFrom(json: ManifestJson): DatasetManifest {
  const [rows, columns, channels] = json.shape;
  if (json.shape.length !== 3 || rows === undefined || columns === undefined || channels === undefined)
    throw new LabError("internal", `The manifest of ${json.id} needs a shape of rows, columns and channels.`);
  return { ...json, shape: [rows, columns, channels] };
}
