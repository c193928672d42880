// Light or dark, for the charts, which cannot read CSS.
import { useComputedColorScheme } from "@mantine/core";

export const usePlotTheme = (): "light" | "dark" => useComputedColorScheme("light", { getInitialValueInEffect: false });
