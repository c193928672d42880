// The effects of the locally elastic SDE, drawn by hand: what is drawn becomes the study's parameters, as typed points do.
import { useEffect, useMemo, useRef, useState } from "react";
import type { LeSdeParams } from "../../lab/studies/leSde.ts";
import { added, drawnOver, mostKnots, moved, sampled, wordsOf, type Knot } from "../../lab/studies/leSde/drawing.ts";
import { effectsOf } from "../../lab/studies/leSde/setting.ts";
import type { Arrangement, Axis } from "../figures/figure.ts";
import { effectKnots, effectNames, effectStyles, leSdeEffects, type EffectName } from "../figures/leSdeEffects.ts";
import { Chart } from "../panels/Chart.tsx";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { changed } from "../state/studyShelf.ts";
import { Button, IconButton } from "../widgets/Button.tsx";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { LeSdePen } from "./LeSdePen.tsx";

export interface LeSdeEffectsProps {
  readonly study: OpenStudy;
  readonly seed: number;
  readonly arrangement: Arrangement;
}

/** What is under way: points that are no parameters yet, on axes that stand still. */
interface Draft {
  readonly knots: readonly Knot[];
  readonly axis: Axis;
}

/** Points that a power law is drawn over by, and those that it begins with when one is asked for. */
const lawKnots = { drawing: 33, first: 5 };

export function LeSdeEffects({ study, seed, arrangement }: LeSdeEffectsProps) {
  const { change } = useStudyActions();
  const [name, setName] = useState<EffectName>("alpha");
  const [draft, setDraft] = useState<Draft>();
  const [picked, setPicked] = useState<number>();
  const box = useRef<HTMLDivElement>(null);
  /** The point that gets the focus once it is there. */
  const due = useRef<number>(undefined);
  const { title, points, colour } = effectStyles[name];

  const settled = study.spec.params as unknown as LeSdeParams;
  const params = useMemo(
    () => (draft ? { ...settled, [points]: wordsOf(draft.knots) } : settled),
    [settled, draft, points],
  );
  const figure = useMemo(
    () => leSdeEffects({ params, seed, arrangement, axis: draft?.axis }),
    [params, seed, arrangement, draft],
  );
  const { x, y } = figure.panels[0]!;
  const knots = effectKnots(params, name);
  // As it was when the pointer came down.
  const before = effectKnots(settled, name);
  const effect = effectsOf(settled)[name];
  const law = (count: number): Knot[] => sampled(effect, settled.steps, count);
  const edges = { last: settled.steps, span: y!.high - y!.low };

  useEffect(() => {
    if (due.current === undefined) return;
    box.current?.querySelector<HTMLElement>(`[data-which="${due.current}"]`)?.focus();
    due.current = undefined;
  });

  function use(next: readonly Knot[]): void {
    setDraft(undefined);
    change(changed(study.spec, { ...study.spec.params, [points]: wordsOf(next) }));
  }

  function show(next: readonly Knot[], isDone: boolean): void {
    if (isDone) use(next);
    else setDraft({ knots: next, axis: y! });
  }

  function add(): void {
    const { knots: next, which } =
      before.length > 0 ? added(before, effect, settled.steps) : { knots: law(lawKnots.first), which: 0 };
    due.current = which;
    use(next);
  }

  function remove(which: number): void {
    const next = Math.min(which, knots.length - 2);
    due.current = next;
    setPicked(next);
    use(knots.toSpliced(which, 1));
  }

  const isFull = knots.length >= mostKnots;
  return (
    <Panel
      title="Effects"
      note={`drag across the chart to draw ${title}`}
      controls={
        <>
          <Segmented
            label="Effect to draw"
            value={name}
            options={effectNames.map((value) => ({ value, title: effectStyles[value].title }))}
            onChange={(value) => {
              setName(value);
              setPicked(undefined);
            }}
          />
          <IconButton icon="plus" label={`Add a point to ${title}`} disabled={isFull} onClick={add} />
          <IconButton
            icon="minus"
            label={`Remove the picked point of ${title}`}
            disabled={!knots[picked ?? -1]}
            onClick={() => remove(picked!)}
          />
          <Button small disabled={knots.length === 0} onClick={() => use([])}>
            {name === "alpha" ? "Back to power law" : "Back to β/α · α"}
          </Button>
        </>
      }
    >
      <div ref={box} style={{ display: "contents" }}>
        <Chart
          figure={figure}
          label={figure.title}
          overlay={({ panels }) => (
            <LeSdePen
              name={title}
              colour={colour}
              plot={panels[0]!.plot}
              axes={{ x: x!, y: y! }}
              knots={knots}
              picked={picked}
              onPick={setPicked}
              onStroke={(stroke, isDone) => {
                const ground = before.length > 0 ? before : law(lawKnots.drawing);
                show(drawnOver({ ...edges, knots: ground }, stroke), isDone);
              }}
              onMove={(which, to, isDone) => show(moved({ ...edges, knots: before }, which, to), isDone)}
              onRemove={remove}
              onCancel={() => setDraft(undefined)}
            />
          )}
        />
      </div>
    </Panel>
  );
}
