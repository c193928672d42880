// Small line icons on a 16-pixel grid, drawn here so that nothing is downloaded.

const paths = {
  play: "M5 3.2v9.6l7.6-4.8z",
  pause: "M5.2 3.5v9M10.8 3.5v9",
  step: "M4 3.5v9l6-4.5zM12.2 3.5v9",
  stop: "M4.5 4.5h7v7h-7z",
  reset: "M3.2 8a4.8 4.8 0 1 0 1.6-3.6M4.6 1.9v2.7h2.7",
  dice: "M3.2 3.2h9.6v9.6H3.2zM6 6h.01M10 6h.01M8 8h.01M6 10h.01M10 10h.01",
  shelf: "M3 3.2h4v4H3zM9 3.2h4v4H9zM3 9h4v4H3zM9 9h4v4H9z",
  sliders: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.4v3.2M6 9.4v3.2",
  chip: "M4.5 4.5h7v7h-7zM6.5 2.2v2.3M9.5 2.2v2.3M6.5 11.5v2.3M9.5 11.5v2.3M2.2 6.5h2.3M2.2 9.5h2.3M11.5 6.5h2.3M11.5 9.5h2.3",
  link: "M6.8 9.2 9.2 6.8M7.3 4.7l1.2-1.2a2.8 2.8 0 0 1 4 4l-1.2 1.2M8.7 11.3l-1.2 1.2a2.8 2.8 0 0 1-4-4l1.2-1.2",
  download: "M8 2.5v7.2M5 7l3 3 3-3M3 12.8h10",
  upload: "M8 10.2V3M5 5.8l3-3 3 3M3 12.8h10",
  help: "M6 6.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6h.01M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3.2v9.6M3.2 8h9.6",
  minus: "M3.2 8h9.6",
  check: "M3.2 8.4l3.1 3.1 6.5-7",
  copy: "M5.5 5.5h7.3v7.3H5.5zM3.2 10.5V3.2h7.3",
  alert: "M8 2.6 14 13H2zM8 6.6v3M8 11.4h.01",
  chevron: "M4.5 6.5 8 10l3.5-3.5",
  back: "M9.8 4 5.8 8l4 4",
  forward: "M6.2 4l4 4-4 4",
  learn: "M8 2.2v6.6M5.4 6.4 8 9l2.6-2.6M3 10.5v2.7h10v-2.7",
  probe: "M7.2 2.6a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2zM10.6 10.6l3 3",
  rewind: "M7.6 4 3.6 8l4 4M12.6 4l-4 4 4 4",
} as const;

export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(["play", "stop"]);

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false" style={{ flex: "none" }}>
      <path
        d={paths[name]}
        fill={filled.has(name) ? "currentColor" : "none"}
        stroke="currentColor"
        strokeWidth={name === "pause" ? 2.2 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
