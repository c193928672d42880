// Mantine's theme: our tokens in its places.
import { createTheme, Menu, Popover, Tooltip } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "var(--font)",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: { fz: 12, radius: 6, px: 8, py: 4, color: "var(--ink)", c: "var(--surface)" },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: "none", transitionProps: { duration: 90 } } }),
    Menu: Menu.extend({ defaultProps: { shadow: "none", transitionProps: { duration: 90 } } }),
  },
});
