// Synthetic geometry: the clouds of the networks, turned together, above similarity against distance, and their numbers.
import { useMemo } from "react";
import type { GeometryFinding, GeometryLook, GeometryParams } from "../../lab/studies/geometry.ts";
import { similarities, similarityIds, type SimilarityId } from "../../lab/studies/geometry/similarity.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { geometryClouds } from "../figures/geometryClouds.ts";
import { geometryLoss } from "../figures/geometryLoss.ts";
import { geometryScatter } from "../figures/geometryScatter.ts";
import { epochsShown, momentText, sceneOf, type GeometryInput } from "../figures/geometryShown.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { GeometryNumbers } from "./GeometryNumbers.tsx";
import classes from "./GeometryView.module.css";
import type { StudyView } from "./view.ts";

/** Radians a pixel. */
const turn = 0.008;
const steepest = Math.PI / 2;

const inputOf = ({ spec, findings, view }: OpenStudy, arrangement: Arrangement): GeometryInput => ({
  params: spec.params as unknown as GeometryParams,
  findings: findings as Findings<GeometryFinding>,
  look: view as unknown as GeometryLook,
  arrangement,
});

const scattersOf = (input: GeometryInput): Figure[] =>
  epochsShown(input.params, input.look).map((epoch) => geometryScatter({ ...input, epoch }));

function Body({ study }: { readonly study: OpenStudy }) {
  const { look: change } = useStudyActions();
  const isNarrow = useNarrow();
  const input = inputOf(study, isNarrow ? "column" : "row");
  const still = useStill(input);
  const clouds = geometryClouds(input);
  const scatters = useMemo(() => scattersOf(still), [still]);
  const loss = useMemo(() => geometryLoss({ ...still, arrangement: "row" }), [still]);
  const { params, look } = input;
  const { points, size, similarity, anchor } = sceneOf(input);
  const { azimuth, elevation } = look;
  const pick = (id: number): void => {
    if (id < size) change({ anchor: id });
  };
  return (
    <div className={classes.body} data-rows={1 + scatters.length} data-panels={clouds.panels.length}>
      <Panel
        title="Points by similarity"
        note={`point ${anchor} is learned; click another${points.dimension === 3 ? ", drag to turn" : ""}`}
        controls={<Controls params={params} look={look} />}
      >
        <Chart
          figure={clouds}
          label={clouds.title}
          onPoint={pick}
          {...(points.dimension === 3
            ? {
                onDrag: (dx: number, dy: number) =>
                  change({
                    azimuth: azimuth - dx * turn,
                    elevation: Math.max(-steepest, Math.min(steepest, elevation + dy * turn)),
                  }),
              }
            : {})}
        />
      </Panel>
      {scatters.map((figure, at) => (
        <Panel
          key={figure.name}
          title={`${similarity.title} against distance${scatters.length > 1 ? `, ${momentText(epochsShown(params, look)[at]!)}` : ""}`}
          note={`all ${(size * size).toLocaleString("en")} ordered pairs, line: median in bins`}
        >
          <Chart figure={figure} label={`${figure.title}. ${figure.caption}`} onPoint={pick} />
        </Panel>
      ))}
      <div className={classes.side}>
        <GeometryNumbers {...still} />
        {params.epochs > 0 && (
          <Panel
            title="Training"
            className={`${classes.training} ${params.compare === "step sizes" ? classes.told : ""}`}
          >
            <Chart figure={loss} label={loss.title} />
            {params.compare === "step sizes" && <p className={classes.words}>{loss.caption}</p>}
          </Panel>
        )}
      </div>
    </div>
  );
}

/** The same input while the points are only turned. */
function useStill({ params, findings, look, arrangement }: GeometryInput): GeometryInput {
  const { similarity, moment, seedAt, anchor } = look;
  return useMemo(
    () => ({
      params,
      findings,
      look: { similarity, moment, seedAt, anchor, azimuth: 0, elevation: 0 },
      arrangement,
    }),
    [params, findings, similarity, moment, seedAt, anchor, arrangement],
  );
}

const moments = [
  { value: "untrained", title: "Untrained" },
  { value: "trained", title: "Trained" },
  { value: "both", title: "Both" },
] as const;

function Controls({ params, look }: { readonly params: GeometryParams; readonly look: GeometryLook }) {
  const { look: change } = useStudyActions();
  return (
    <>
      <select
        aria-label="Similarity"
        className={plots.select}
        value={look.similarity}
        onChange={({ currentTarget: { value } }) => change({ similarity: value as SimilarityId })}
      >
        {similarityIds.map((id) => (
          <option key={id} value={id}>
            {similarities[id].title}
          </option>
        ))}
      </select>
      {params.seeds.length > 1 && (
        <select
          aria-label="Seed shown"
          className={plots.select}
          value={Math.min(look.seedAt, params.seeds.length - 1)}
          onChange={({ currentTarget: { value } }) => change({ seedAt: Number(value) })}
        >
          {params.seeds.map((seed, at) => (
            <option key={seed} value={at}>
              seed {seed}
            </option>
          ))}
        </select>
      )}
      {params.epochs > 0 && (
        <Segmented label="Moment" value={look.moment} options={moments} onChange={(moment) => change({ moment })} />
      )}
    </>
  );
}

function figures(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = inputOf(study, arrangement);
  const trained = input.params.epochs > 0 ? [geometryLoss(input)] : [];
  return [geometryClouds(input), ...scattersOf(input), ...trained];
}

export const geometryView: StudyView = { figures, Body };
