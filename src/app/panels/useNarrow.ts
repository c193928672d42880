// Whether two panels of a figure have to lie below each other.
import { useMediaQuery } from "@mantine/hooks";

export const useNarrow = (): boolean =>
  useMediaQuery("(max-width: 700px)", false, { getInitialValueInEffect: false }) ?? false;
