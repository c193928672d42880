// A figure on the page: our own drawing at once, and Plotly in the same place for the pointer that hovers and zooms.
import {
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type RefObject,
} from "react";
import type { Json, PickedPoint, PlotlyElement, PlotlyModule } from "plotly.js-cartesian-dist-min";
import { pointsOn } from "./export/drawPoints.ts";
import { frameOf, type Frame } from "./export/frame.ts";
import { svgOf } from "./export/svg.ts";
import { isHeatmap, isPoints, type Figure, type Panel } from "./figures/figure.ts";
import { chartThemes, type Theme } from "./figures/palette.ts";
import { boxOf, described, hitAt, moved, settled, type Stop } from "./plot/cursor.ts";
import { hitOf, type Hit } from "./plot/hit.ts";
import { Points } from "./plot/Points.tsx";
import { inTurn, onceVisible, useFrameOfItsOwn } from "./plot/page.ts";
import { translation, type Meaning, type Translation } from "./plot/translation.ts";
import { initialRanges, zoomOf } from "./plot/zoom.ts";
import style from "./plot.module.css";

export interface PlotProps {
  readonly figure: Figure;
  readonly theme: keyof typeof chartThemes;
  /** A cell of a heatmap was clicked or entered. */
  readonly onCell?: ((panel: number, row: number, column: number) => void) | undefined;
  /** A point of a bar, or of two axes, was; `ids` of its trace. */
  readonly onPoint?: ((id: number) => void) | undefined;
  /** A moment of lines was. */
  readonly onMark?: ((x: number) => void) | undefined;
  /** A panel of equal scales was dragged, or Shift and arrows were pressed: by so many pixels to the right and down. */
  readonly onDrag?: ((dx: number, dy: number) => void) | undefined;
  /** Replaces the figure's title and caption as the name that is read out. */
  readonly label?: string | undefined;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What lies on the drawing, and has the pointer and the keyboard to itself. */
  readonly overlay?: ((frame: Frame) => ReactElement) | undefined;
  /** Results are pouring in: our own drawing shows them, and the main thread stays free. */
  readonly isBusy?: boolean;
}

export function Plot(props: PlotProps): ReactElement {
  const { figure: newest, theme: themeName, widthPx, heightPx, isBusy = false } = props;
  const { onCell, onPoint, onMark, onDrag, label, overlay } = props;
  const figure = useFrameOfItsOwn(newest);
  const theme = chartThemes[themeName];
  const container = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const id = useId();
  const [stop, setStop] = useState<Stop>();
  const [isPointedAt, setPointedAt] = useState(false);
  const pointer = useRef({ clientX: 0, clientY: 0 });
  const frame = useMemo(() => frameOf(figure, { widthPx, heightPx }), [figure, widthPx, heightPx]);

  const act = useCallback(
    (hit: Hit | undefined): void => {
      // What an act changes is shown by our own drawing, until the pointer moves again.
      if (hit) setPointedAt(false);
      if (hit?.kind === "cell") onCell?.(hit.panel, hit.row, hit.column);
      if (hit?.kind === "point") onPoint?.(hit.id);
      if (hit?.kind === "moment") onMark?.(hit.x);
    },
    [onCell, onPoint, onMark],
  );
  // So many points or cells would cost Plotly half a second and more: they answer by themselves.
  const isHeavy = useMemo(
    () => countPoints(figure) > maxPlotlyPointCount || countCells(figure) > maxPlotlyCellCount,
    [figure],
  );
  const plotly = usePlotly({ host, figure, frame, theme, act, isPointedAt, isBusy: isBusy || isHeavy });
  // A pointer that came before Plotly and rests is told of again.
  useEffect(() => {
    if (!plotly.isShown || !isPointedAt) return;
    const { clientX, clientY } = pointer.current;
    const under = document.elementFromPoint(clientX, clientY);
    if (container.current?.contains(under))
      under!.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
  }, [plotly.isShown, isPointedAt]);
  const picture = useMemo(
    () => svgOf(figure, { widthPx, heightPx, theme, fontFamily: "inherit", id, isFrameOnly: plotly.isShown }),
    [figure, widthPx, heightPx, theme, id, plotly.isShown],
  );

  const isOrbit = ({ view }: Panel): boolean => onDrag !== undefined && view === "equal";
  const canTurn = figure.panels.some(isOrbit);
  // What is turned is shown by our own drawing, whole, until the pointer moves elsewhere.
  const { resetZoom } = plotly;
  const startTurning = useCallback(() => {
    setPointedAt(false);
    resetZoom();
  }, [resetZoom]);

  function press(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    const turn = turns[event.key];
    if (turn && event.shiftKey && canTurn) {
      event.preventDefault();
      startTurning();
      return onDrag?.(...turn);
    }
    const here = settled(figure, stop);
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return setStop(undefined);
    const isAct = event.key === "Enter" || event.key === " ";
    // The first key only shows where the cursor is.
    const next = isAct
      ? here
      : stop === undefined
        ? moved(figure, here, event.key) && here
        : moved(figure, here, event.key);
    if (!next) return;
    event.preventDefault();
    plotly.resetZoom();
    setStop(next);
    if (isAct) act(hitAt(figure, next));
  }

  function click(event: MouseEvent): void {
    if (plotly.isShown || !container.current) return;
    const { left, top } = container.current.getBoundingClientRect();
    act(hitOf(figure, frame, event.clientX - left, event.clientY - top));
  }

  const there = stop && settled(figure, stop);
  const isClickable = Boolean(onCell ?? onPoint ?? onMark);
  return (
    // The figure is one stop of the Tab key, and arrows walk within it: so a chart can be read without a pointer.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <figure
      ref={container}
      className={`${style.plot} ${isClickable ? style.clickable : ""}`}
      style={{ height: Math.round(frame.height) }}
      aria-description={canTurn ? "Shift and arrow keys turn it." : undefined}
      aria-label={label ?? `${figure.title}. ${figure.caption}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={press}
      onClick={click}
      onBlur={() => setStop(undefined)}
      onPointerMove={({ clientX, clientY }) => {
        pointer.current = { clientX, clientY };
        setPointedAt(true);
      }}
      onPointerLeave={() => setPointedAt(false)}
    >
      <div className={style.picture} aria-hidden dangerouslySetInnerHTML={{ __html: picture }} />
      <div className={`${style.layer} ${plotly.isShown ? "" : style.hidden}`} aria-hidden>
        {/* Plotly keeps class names of its own here. */}
        <div ref={host} />
      </div>
      {figure.panels.map((each, panel) =>
        isOrbit(each) || (isHeavy && pointsOn(figure, panel).length > 0) ? (
          <Points
            key={panel}
            {...{ figure, frame, theme, panel, act }}
            onDrag={isOrbit(each) ? onDrag : undefined}
            onStart={startTurning}
          />
        ) : undefined,
      )}
      {overlay?.(frame)}
      {there && <Cursor figure={figure} frame={frame} theme={theme} stop={there} />}
      <div className={style.live} aria-live="polite">
        {there ? described(figure, there) : ""}
      </div>
      {plotly.isZoomed && (
        <button
          type="button"
          className={style.reset}
          style={{ background: theme.paper, color: theme.text }}
          onClick={(event) => {
            event.stopPropagation();
            plotly.resetZoom();
          }}
        >
          Reset zoom
        </button>
      )}
    </figure>
  );
}

const maxPlotlyPointCount = 2000;
const countPoints = ({ traces }: Figure): number =>
  traces.filter(isPoints).reduce((count, { ids }) => count + ids.length, 0);
const maxPlotlyCellCount = 100_000;
const countCells = ({ traces }: Figure): number =>
  traces.filter(isHeatmap).reduce((count, { rows, columns }) => count + rows.length * columns.length, 0);

/** By so many pixels the keyboard turns a cloud. */
const turnPx = 16;
const turns: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-turnPx, 0],
  ArrowRight: [turnPx, 0],
  ArrowUp: [0, -turnPx],
  ArrowDown: [0, turnPx],
};

interface CursorProps {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly stop: Stop;
}

function Cursor({ figure, frame, theme, stop }: CursorProps): ReactElement {
  const box = boxOf(figure, frame, stop);
  return <div className={style.cursor} style={{ ...box, borderColor: theme.paper, outlineColor: theme.text }} />;
}

/** 1.5 MB that no first view waits for. */
const load = async (): Promise<PlotlyModule> => (await import("plotly.js-cartesian-dist-min")).default;

/** Plotly takes over where the pointer stays for so long: a drawing costs it up to 100 ms of the main thread. */
const restMs = 100;

const config: Json = {
  displayModeBar: false,
  displaylogo: false,
  responsive: false,
  scrollZoom: false,
  doubleClick: "reset",
  showTips: false,
  showAxisDragHandles: false,
};

interface Drawing {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly figure: Figure;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly act: (hit: Hit | undefined) => void;
  readonly isPointedAt: boolean;
  readonly isBusy: boolean;
}

interface LivePlotly {
  /** Whether Plotly shows this very figure; otherwise our own drawing does. */
  readonly isShown: boolean;
  readonly isZoomed: boolean;
  resetZoom(): void;
}

function usePlotly({ host, figure, frame, theme, act, isPointedAt, isBusy }: Drawing): LivePlotly {
  // The frame is made anew for each figure, so it also tells which figure was drawn.
  const [drawn, setDrawn] = useState<{ readonly frame: Frame; readonly theme: Theme }>();
  const [isZoomed, setZoomed] = useState(false);
  const module = useRef<PlotlyModule>(undefined);
  // Listeners are attached once a drawing and must see the newest callbacks.
  const latest = useRef({ act, figure });
  useEffect(() => {
    latest.current = { act, figure };
  });

  // Long before the pointer comes, at a moment when nothing else is due.
  useEffect(() => {
    if (isBusy || module.current) return undefined;
    return onceVisible(host.current!.parentElement!, () =>
      inTurn(async () => {
        module.current ??= await load();
      }),
    );
  }, [host, isBusy]);

  const isCurrent = drawn?.frame === frame && drawn.theme === theme;
  const isWanted = !isCurrent && !isBusy && (isPointedAt || isZoomed);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isOff = false;
    const draw = async (): Promise<void> => {
      module.current ??= await load();
      const [plotly, element] = [module.current, host.current];
      if (isOff || !element) return;
      const fontFamily = getComputedStyle(element).fontFamily;
      const isTouch = matchMedia("(pointer: coarse)").matches;
      const translated = translation({ figure, frame, theme, fontFamily, isTouch });
      const graph = await plotly.react(element, translated.traces, translated.layout, config);
      if (isOff) return;
      listen(graph, translated, {
        act: (hit) => latest.current.act(hit),
        zoomed: () => {
          const { isZoomed: isNow, update } = zoomOf(latest.current.figure, graph.layout);
          if (Object.keys(update).length > 0) void plotly.relayout(graph, update);
          setZoomed(isNow);
        },
      });
      setDrawn({ frame, theme });
    };
    const timer = setTimeout(() => inTurn(draw), restMs);
    return () => {
      isOff = true;
      clearTimeout(timer);
    };
  }, [host, figure, frame, theme, isWanted]);

  useEffect(() => {
    const element = host.current;
    return () => {
      if (element) module.current?.purge(element);
    };
  }, [host]);

  const resetZoom = useCallback((): void => {
    const element = host.current;
    if (!element || !module.current || !isZoomed) return;
    void module.current.relayout(element, initialRanges(latest.current.figure));
  }, [host, isZoomed]);

  return { isShown: isCurrent || (isZoomed && drawn !== undefined), isZoomed, resetZoom };
}

interface Listeners {
  act(hit: Hit | undefined): void;
  zoomed(): void;
}

function listen(graph: PlotlyElement, { meanings }: Translation, { act, zoomed }: Listeners): void {
  graph.removeAllListeners("plotly_click");
  graph.removeAllListeners("plotly_relayout");
  graph.on("plotly_click", ({ points }) => act(points.map((point) => hitOfPoint(point, meanings)).find(Boolean)));
  graph.on("plotly_relayout", zoomed);
}

function hitOfPoint({ curveNumber, pointNumber, x, y }: PickedPoint, meanings: readonly Meaning[]): Hit | undefined {
  const meaning = meanings[curveNumber];
  if (meaning?.kind === "cell")
    return { kind: "cell", panel: meaning.panel, row: Math.round(y), column: Math.round(x) };
  if (meaning?.kind === "point") return { kind: "point", id: meaning.ids[Number(pointNumber)]! };
  return meaning?.kind === "moment" ? { kind: "moment", x } : undefined;
}
