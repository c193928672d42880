// Which image is learned: a grid of all images, by class and split; arrows move, Enter picks.
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows that are placed one by one cannot be those of a table */
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Split } from "../../lab/contracts.ts";
import { classColour, darkTheme, lightTheme, shown as shownIn } from "../figures/palette.ts";
import { useActions, useExperiment } from "../state/context.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./Anchors.module.css";
import { usePlotTheme } from "./theme.ts";
import { ExampleImage, useExampleName } from "./ExampleImage.tsx";

const smallestCell = 54;
const gap = 4;

const splits: readonly { value: Split; title: string }[] = [
  { value: "train", title: "Train" },
  { value: "test", title: "Held out" },
];

export function Anchors() {
  const { spec, classes: all, numbers, view } = useExperiment();
  const [split, setSplit] = useState<Split>(() => numbers.of(view.anchor).split);
  const [only, setOnly] = useState<number | undefined>(() => numbers.of(view.anchor).classIndex);
  const theme = usePlotTheme() === "light" ? lightTheme : darkTheme;
  const perClass = split === "train" ? spec.dataset.trainPerClass : spec.dataset.testPerClass;
  const shown = only !== undefined && only < all.length ? only : undefined;
  const examples = useMemo(
    () =>
      shown === undefined
        ? // Dealt out class by class, so that the first screen shows every class.
          Array.from({ length: perClass * all.length }, (_, at) =>
            numbers.idOf(at % all.length, split, Math.floor(at / all.length)),
          )
        : Array.from({ length: perClass }, (_, index) => numbers.idOf(shown, split, index)),
    [all, numbers, split, shown, perClass],
  );
  return (
    <Panel
      title="Pick an image"
      controls={<Segmented label="Images from" value={split} options={splits} onChange={setSplit} />}
    >
      <fieldset className={classes.chips} aria-label="Show only one class">
        <button
          type="button"
          className={classes.chip}
          aria-pressed={shown === undefined}
          onClick={() => setOnly(undefined)}
        >
          all
        </button>
        {all.map(({ id, title }, index) => (
          <button
            key={id}
            type="button"
            className={classes.chip}
            aria-pressed={shown === index}
            onClick={() => setOnly(shown === index ? undefined : index)}
          >
            <span className={classes.dot} style={{ background: shownIn(classColour(index), theme) }} />
            {title}
          </button>
        ))}
      </fieldset>
      <Grid examples={examples} picked={view.anchor} />
    </Panel>
  );
}

function Grid({ examples, picked }: { readonly examples: readonly number[]; readonly picked: number }) {
  const { pick } = useActions();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(240);
  const [cursor, setCursor] = useState(0);
  /** Where arrows have gone and the focus follows a frame later: whoever types fast means this one. */
  const coming = useRef<number>(undefined);
  const columns = Math.max(3, Math.floor((width + gap) / (smallestCell + gap)));
  const cell = Math.floor((width - gap * (columns - 1)) / columns);
  // oxlint-disable-next-line react/incompatible-library -- nothing memoises here; the compiler is not used
  const rows = useVirtualizer({
    count: Math.ceil(examples.length / columns),
    getScrollElement: () => frame.current,
    estimateSize: () => cell + gap,
    overscan: 3,
  });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => rows.measure(), [rows, cell]);
  useEffect(() => {
    const at = examples.indexOf(picked);
    setCursor(Math.max(0, at));
    rows.scrollToIndex(Math.max(0, Math.floor(at / columns)), { align: "auto" });
    // Only another list of images moves the view; a pick is where the eye already is.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [examples]);

  const take = useCallback(
    (at: number, example: number): void => {
      pick(example);
      setCursor(at);
    },
    [pick],
  );

  function press(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") {
      if (coming.current === undefined) return;
      event.preventDefault();
      return pick(examples[coming.current]!);
    }
    const here = coming.current ?? cursor;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / (cell + gap))) * columns;
    const moved = {
      ArrowLeft: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here - columns,
      ArrowDown: here + columns,
      PageUp: here - page,
      PageDown: here + page,
      Home: 0,
      End: examples.length - 1,
    }[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(examples.length - 1, moved));
    setCursor(next);
    rows.scrollToIndex(Math.floor(next / columns), { align: "auto" });
    coming.current = next;
    requestAnimationFrame(() => {
      if (coming.current !== next) return;
      coming.current = undefined;
      frame.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus();
    });
  }

  return (
    <div
      ref={frame}
      className={classes.frame}
      role="grid"
      tabIndex={-1}
      aria-label="Images to pick from"
      aria-rowcount={Math.ceil(examples.length / columns)}
      aria-colcount={columns}
      onKeyDown={press}
    >
      <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
        {rows.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            role="row"
            aria-rowindex={index + 1}
            className={classes.row}
            style={{ transform: `translateY(${start}px)`, gridTemplateColumns: `repeat(${columns}, ${cell}px)`, gap }}
          >
            {examples.slice(index * columns, (index + 1) * columns).map((example, column) => {
              const at = index * columns + column;
              return (
                <Cell
                  key={example}
                  example={example}
                  at={at}
                  size={cell}
                  picked={example === picked}
                  reachable={at === cursor}
                  onPick={take}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

interface CellProps {
  readonly example: number;
  readonly at: number;
  readonly size: number;
  readonly picked: boolean;
  readonly reachable: boolean;
  readonly onPick: (at: number, example: number) => void;
}

const Cell = memo(({ example, at, size, picked, reachable, onPick }: CellProps) => {
  const name = useExampleName(example);
  return (
    <div role="gridcell" aria-selected={picked}>
      <button
        type="button"
        className={classes.cell}
        style={{ width: size, height: size }}
        data-at={at}
        data-picked={picked || undefined}
        tabIndex={reachable ? 0 : -1}
        aria-label={`Pick ${name}`}
        title={name}
        onClick={() => onPick(at, example)}
      >
        <ExampleImage example={example} named />
      </button>
    </div>
  );
});
