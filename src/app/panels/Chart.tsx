// A figure that fills the room it is given, in the page's theme.
import { useLayoutEffect, useRef, useState } from "react";
import type { Figure } from "../figures/figure.ts";
import { Plot } from "../plot.tsx";
import { useLab } from "../state/context.ts";
import { isComputing } from "../state/stance.ts";
import classes from "./Plots.module.css";
import { usePlotTheme } from "./theme.ts";

export interface ChartProps {
  readonly figure: Figure;
  readonly label: string;
  readonly onCell?: (panel: number, row: number, column: number) => void;
  readonly onPoint?: (id: number) => void;
  readonly onMark?: (x: number) => void;
  readonly onDrag?: (dx: number, dy: number) => void;
}

export function Chart(props: ChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const [heightPx, setHeight] = useState<number>();
  const theme = usePlotTheme();
  const isBusy = useLab(isComputing);
  useLayoutEffect(() => {
    const element = room.current!;
    const measure = (): void => setHeight(Math.floor(element.clientHeight) || undefined);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className={classes.room} ref={room}>
      {heightPx !== undefined && (
        <div className={classes.fill}>
          <Plot {...props} theme={theme} heightPx={heightPx} isBusy={isBusy} />
        </div>
      )}
    </div>
  );
}
