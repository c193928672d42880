// An example's image and name, for every panel that shows one.
import { nameOf } from "../state/experiment.ts";
import { usePixels, useSubject } from "../state/context.ts";
import { Thumb } from "../widgets/Thumb.tsx";

export interface ExampleImageProps {
  readonly example: number;
  readonly scale?: number;
  /** True where the name stands beside the image. */
  readonly named?: boolean;
}

export function ExampleImage({ example, scale = 2, named = false }: ExampleImageProps) {
  const { dataset } = useSubject();
  const name = useExampleName(example);
  return <Thumb pixels={usePixels(example)} shape={dataset.manifest.shape} scale={scale} alt={named ? "" : name} />;
}

export function useExampleName(example: number): string {
  const { spec, catalogue } = useSubject();
  return nameOf(example, spec, catalogue);
}
