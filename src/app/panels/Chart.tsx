// A figure that fills the room it is given, in the page's theme.
import { useLayoutEffect, useRef, useState, type ReactElement } from "react";
import type { Frame } from "../export/frame.ts";
import type { Figure } from "../figures/figure.ts";
import { Plot } from "../plot.tsx";
import { useLab } from "../state/context.ts";
import { isComputing } from "../state/stance.ts";
import classes from "./Plots.module.css";
import { usePlotTheme } from "./theme.ts";

export interface ChartProps {
  /** Undefined while there is none: its room stays, measured. */
  readonly figure: Figure | undefined;
  readonly label: string;
  readonly onCell?: (panel: number, row: number, column: number) => void;
  readonly onPoint?: (id: number) => void;
  readonly onMark?: (x: number) => void;
  readonly onDrag?: (dx: number, dy: number) => void;
  readonly overlay?: (frame: Frame) => ReactElement;
}

export function Chart({ figure, ...rest }: ChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<{ readonly widthPx: number; readonly heightPx: number }>();
  const theme = usePlotTheme();
  const isBusy = useLab(isComputing);
  useLayoutEffect(() => {
    const element = room.current!;
    const measure = (): void => {
      const [widthPx, heightPx] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      if (widthPx > 0 && heightPx > 0)
        setSize((before) =>
          before?.widthPx === widthPx && before.heightPx === heightPx ? before : { widthPx, heightPx },
        );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className={classes.room} ref={room}>
      {size && figure && (
        <div className={classes.fill}>
          <Plot {...rest} {...size} figure={figure} theme={theme} isBusy={isBusy} />
        </div>
      )}
    </div>
  );
}
