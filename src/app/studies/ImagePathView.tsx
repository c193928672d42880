// Effect of the image itself: the curve along a path, and below it the images of the path, one of which is marked.
import { useElementSize } from "@mantine/hooks";
import { useId, useMemo, useState } from "react";
import {
  pathsOf,
  networksOf,
  curveOf,
  type ImagePathFinding,
  type ImagePathParams,
} from "../../lab/studies/imagePath.ts";
import type { ImagePathView as View, Path } from "../../lab/studies/imagePath.ts";
import type { Findings } from "../../lab/study.ts";
import { frameOf } from "../export/frame.ts";
import { shownOf, strideOf } from "../export/drawFilm.ts";
import type { Arrangement, Figure, Film } from "../figures/figure.ts";
import {
  imagePathCurves,
  intervalText,
  networkStyle,
  networkTitle,
  pathOf,
  picturesOf,
} from "../figures/imagePathCurves.ts";
import { chartThemes, shown } from "../figures/palette.ts";
import { axisNumber, shortNumber } from "../figures/scale.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { usePlotTheme } from "../panels/theme.ts";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { Thumb } from "../widgets/Thumb.tsx";
import classes from "./ImagePathView.module.css";
import type { StudyView } from "./view.ts";

const paramsIn = ({ spec }: OpenStudy): ImagePathParams => spec.params as unknown as ImagePathParams;
const viewIn = ({ view }: OpenStudy): View => view as unknown as View;
const findingsIn = ({ findings }: OpenStudy): Findings<ImagePathFinding> => findings as Findings<ImagePathFinding>;

const axes = [
  { value: "path", title: "Its own axis" },
  { value: "distance", title: "Distance" },
] as const;

const shows = [
  { value: "one", title: "One path" },
  { value: "all", title: "All paths" },
] as const;

function figureOf(study: OpenStudy, arrangement: Arrangement, more: { position?: number; filmOf?: number }): Figure {
  const { path, axis, show } = viewIn(study);
  return imagePathCurves({
    params: paramsIn(study),
    findings: findingsIn(study),
    path,
    axis,
    show,
    arrangement,
    ...more,
  });
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const params = paramsIn(study);
  const view = viewIn(study);
  const narrow = useNarrow();
  const path = pathOf(params, view.path);
  const [pointed, point] = useState<number>();
  const position = Math.min(pointed ?? view.position, path.at.length - 1);
  const figure = useMemo(() => figureOf(study, narrow ? "column" : "row", { position }), [study, narrow, position]);
  return (
    <Panel
      title={view.show === "one" ? "Response along the path" : "Response against distance"}
      note={`${params.anchorClass} learned`}
      className={view.show === "one" ? classes.panel! : `${classes.panel} ${classes.all}`}
      controls={
        <>
          <select
            className={plots.select}
            aria-label="Path"
            value={path.id}
            onChange={({ currentTarget }) => look({ path: currentTarget.value })}
          >
            {pathsOf(params).map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
          {view.show === "one" && !path.steps && (
            <Segmented label="Axis" value={view.axis} options={axes} onChange={(axis) => look({ axis })} />
          )}
          <Segmented label="Show" value={view.show} options={shows} onChange={(show) => look({ show })} />
        </>
      }
    >
      <Chart
        figure={figure}
        label={figure.title}
        onMark={(x) => view.show === "one" && look({ position: nearest(study, path, x) })}
      />
      <Strip {...{ study, figure, path, position, point }} />
    </Panel>
  );
}

/** The position whose place on the axis is nearest. */
function nearest(study: OpenStudy, path: Path, x: number): number {
  const params = paramsIn(study);
  const curve = networksOf(params)
    .map((network) => curveOf(params, findingsIn(study), path, network))
    .find(Boolean);
  const isDistance = viewIn(study).axis === "distance" && curve && !path.steps;
  const places = isDistance ? curve.distance.map((each, k) => (k < path.home ? -each : each)) : path.at;
  const away = places.map((place) => Math.abs(place - x));
  return away.indexOf(Math.min(...away));
}

interface StripProps {
  readonly study: OpenStudy;
  readonly figure: Figure;
  readonly path: Path;
  readonly position: number;
  readonly point: (position: number | undefined) => void;
}

/** Until it is measured. */
const usualWidth = 600;

function Strip({ study, figure, path, position, point }: StripProps) {
  const params = paramsIn(study);
  const anchor = Math.min(viewIn(study).anchor, params.anchors - 1);
  const film = picturesOf(params, findingsIn(study), path, anchor);
  const { ref: room, width } = useElementSize();
  const widthPx = width || usualWidth;
  const { plot } = frameOf(figure, { widthPx, heightPx: 400 }).panels[0]!;
  const box = viewIn(study).show === "one" ? plot : { left: 0, width: widthPx };
  return (
    <div ref={room} className={classes.strip} data-own-height>
      {film ? (
        <>
          <Thumbs {...{ film, path, position, point, box }} />
          <Facts {...{ study, film, path, position, anchor }} />
        </>
      ) : (
        <p className={classes.empty}>The images of the path come here, as soon as the study runs.</p>
      )}
    </div>
  );
}

interface ThumbsProps extends Pick<StripProps, "path" | "position" | "point"> {
  readonly film: Omit<Film, "home">;
  readonly box: { readonly left: number; readonly width: number };
}

/** Narrower pictures could not be made out, wider ones would leave no room for the curve. */
const side = { least: 30, most: 64 } as const;

/** Native radio buttons: one stop of the Tab key, and arrows walk along the path. */
function Thumbs({ film, path, position, point, box }: ThumbsProps) {
  const { look } = useStudyActions();
  const name = useId();
  const count = film.pictures.length;
  const stride = strideOf(count, box.width, side.least);
  const size = Math.min(side.most, (box.width / count) * stride - 2);
  return (
    <div
      role="radiogroup"
      aria-label="Images of the path"
      className={classes.film}
      style={{ marginLeft: box.left, width: box.width, height: size }}
      onPointerLeave={() => point(undefined)}
    >
      {shownOf(count, path.home, stride).map((at) => (
        <label
          key={at}
          className={`${classes.frame} ${at === position ? classes.marked : ""}`}
          style={{ left: `${((at + 0.5) / count) * 100}%`, width: size, height: size }}
          title={path.name(path.at[at]!)}
          onPointerEnter={({ pointerType }) => pointerType === "mouse" && point(at)}
        >
          <input
            type="radio"
            name={name}
            aria-label={path.name(path.at[at]!)}
            checked={at === position}
            onChange={() => {
              point(undefined);
              look({ position: at });
            }}
          />
          <Thumb pixels={film.pictures[at]} shape={film.shape} alt="" />
        </label>
      ))}
    </div>
  );
}

interface FactsProps extends Pick<StripProps, "study" | "path" | "position"> {
  readonly film: Omit<Film, "home">;
  readonly anchor: number;
}

/** The learned image, the marked one, and what the step on the one does to the other. */
function Facts({ study, film, path, position, anchor }: FactsProps) {
  const { look } = useStudyActions();
  const params = paramsIn(study);
  const theme = chartThemes[usePlotTheme()];
  const curves = networksOf(params).map((network) => ({
    network,
    curve: curveOf(params, findingsIn(study), path, network),
  }));
  const away = curves.find(({ curve }) => curve)?.curve?.distance[position];
  return (
    <div className={classes.facts}>
      <figure>
        <div className={classes.large}>
          <Thumb pixels={film.pictures[path.home]} shape={film.shape} scale={4} alt="" />
        </div>
        <figcaption>
          learned
          <select
            className={plots.select}
            aria-label="Which learned image is shown"
            value={anchor}
            onChange={({ currentTarget }) => look({ anchor: Number(currentTarget.value) })}
          >
            {Array.from({ length: params.anchors }, (_, at) => (
              <option key={at} value={at}>
                {params.anchorClass} {at + 1} of {params.anchors}
              </option>
            ))}
          </select>
        </figcaption>
      </figure>
      <figure>
        <div className={classes.large}>
          <Thumb pixels={film.pictures[position]} shape={film.shape} scale={4} alt="" />
        </div>
        <figcaption>
          {path.name(path.at[position]!)}
          {away !== undefined && <span>distance {axisNumber(away)}</span>}
        </figcaption>
      </figure>
      <table className={classes.numbers}>
        <thead>
          <tr>
            <th>Moves, as a share of the learned image</th>
            <th>mean of {params.anchors}</th>
            <th>this one</th>
          </tr>
        </thead>
        <tbody>
          {curves.map(({ network, curve }) => (
            <tr key={networkTitle(network)}>
              <th>
                <i style={{ background: shown(networkStyle(params, network).colour, theme) }} />
                {networkTitle(network)}
              </th>
              <td>{curve ? intervalText(curve.similarity[position]!) : "–"}</td>
              <td>{curve ? shortNumber(curve.anchors[anchor]![position]!) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const imagePathView: StudyView = {
  figures: (study, arrangement) => {
    const { anchor } = viewIn(study);
    const [one, all] = (["one", "all"] as const).map((show) =>
      figureOf({ ...study, view: { ...study.view, show } }, arrangement, { filmOf: anchor }),
    ) as [Figure, Figure];
    return viewIn(study).show === "one" ? [one, all] : [all, one];
  },
  Body,
};
