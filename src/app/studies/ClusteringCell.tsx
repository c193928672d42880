// One cell of the grid opened: what became of its network, its similarity, its components, and the images on the wrong side.
import { useEffect, useMemo, useState } from "react";
import type { ClusteringFinding, ClusteringParams } from "../../lab/studies/clustering.ts";
import { canonical } from "../../lab/spec.ts";
import { confusionOf, wrongIn, type ClusteredCell } from "../figures/clusteringCell.ts";
import { clusteringMatrix } from "../figures/clusteringMatrix.ts";
import { clusteringPicture } from "../figures/clusteringPicture.ts";
import { isHeatmap, type Figure } from "../figures/figure.ts";
import { shortNumber } from "../figures/scale.ts";
import { plural } from "../figures/wording.ts";
import { Chart } from "../panels/Chart.tsx";
import { useLab, useShelved, useStudyActions } from "../state/context.ts";
import { pixelShelf, type PixelShelf } from "../state/pixels.ts";
import type { OpenStudy } from "../state/studies.ts";
import { IconButton } from "../widgets/Button.tsx";
import { short } from "../widgets/format.ts";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import { Spoken } from "../widgets/Spoken.tsx";
import { Thumb } from "../widgets/Thumb.tsx";
import classes from "./ClusteringCell.module.css";
import { nothingPicked, type Picked } from "./clusteringPick.ts";

export interface ClusteringCellProps {
  readonly study: OpenStudy;
  readonly picked: Picked;
}

export function ClusteringCell({ study, picked }: ClusteringCellProps) {
  const { look } = useStudyActions();
  const { seeds } = study.spec.params as unknown as ClusteringParams;
  const { finding, cell } = picked;
  return (
    <Panel
      title={picked.pair}
      note={picked.method}
      className={classes.panel!}
      controls={
        <>
          {seeds.length > 1 && (
            <Segmented
              label="Seed"
              value={String(picked.seed)}
              options={seeds.map((seed, at) => ({ value: String(at), title: `seed ${seed}` }))}
              onChange={(at) => look({ seed: Number(at) })}
            />
          )}
          <IconButton icon="close" label="Close the cell" onClick={() => look(nothingPicked)} />
        </>
      }
    >
      {!finding ? (
        <p className={classes.empty}>
          {study.phase === "running" ? "Its turn has not come yet." : "Not computed yet: press Run."}
        </p>
      ) : (
        <>
          <Facts finding={finding} cell={cell} />
          {cell && <Looks key={`${picked.row}/${picked.column}/${picked.seed}`} cell={cell} choice={picked.choice} />}
        </>
      )}
    </Panel>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function Facts({ finding, cell }: { readonly finding: ClusteringFinding; readonly cell: ClusteredCell | undefined }) {
  const { accuracy, status, remark, trainLoss, trainAccuracy, deadShare, negative, agreeing, starts } = finding;
  const facts: [string, string][] = [];
  if (!Number.isNaN(trainLoss)) facts.push(["Training loss", short(trainLoss)]);
  if (!Number.isNaN(trainAccuracy)) facts.push(["Training accuracy", percent(trainAccuracy)]);
  if (!Number.isNaN(deadShare)) facts.push(["Dead hidden units", percent(deadShare)]);
  if (negative)
    facts.push([
      "Negative eigenvalues",
      negative.count === 0 ? "none" : `${negative.count}, up to ${percent(negative.ratio)} of the greatest`,
    ]);
  if (starts !== undefined)
    facts.push(
      agreeing === undefined
        ? ["Starts", `${starts}, the best kept`]
        : ["Starts that agree", `${agreeing} of ${starts}`],
    );
  return (
    <div className={classes.facts}>
      <div>
        <p className={classes.number} data-status={status}>
          {status === "measured" ? percent(accuracy) : status}
        </p>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {cell && <Confusion cell={cell} />}
      {remark !== "" && <p className={classes.remark}>{remark}</p>}
    </div>
  );
}

function Confusion({ cell }: { readonly cell: ClusteredCell }) {
  const counts = confusionOf(cell.finding);
  const most = Math.max(...counts.flat());
  return (
    <table className={classes.confusion}>
      <caption>True class and cluster</caption>
      <thead>
        <tr>
          <th scope="col">
            <Spoken>True class</Spoken>
          </th>
          {cell.pair.map((title) => (
            <th key={title} scope="col">
              cluster “{title}”
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {counts.map((row, truth) => (
          <tr key={cell.pair[truth]}>
            <th scope="row">{cell.pair[truth]}</th>
            {row.map((count, cluster) => (
              <td key={cluster} data-right={truth === cluster || undefined}>
                <span style={{ width: `${(100 * count) / Math.max(1, most)}%` }} />
                {count}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const tabs = ["matrix", "picture", "wrong"] as const;
type Tab = (typeof tabs)[number];

/** Images that are looked at: one, or the two of a cell of the matrix. */
type Chosen = readonly [number] | readonly [number, number];

function Looks({ cell, choice }: { readonly cell: ClusteredCell; readonly choice: Picked["choice"] }) {
  const [wanted, setTab] = useState<Tab>("matrix");
  const [chosen, setChosen] = useState<Chosen>();
  const shelf = useShelf(choice);
  const matrix = useMemo(() => clusteringMatrix(cell), [cell]);
  const picture = useMemo(() => clusteringPicture({ ...cell, picked: chosen?.[0] }), [cell, chosen]);
  const wrong = useMemo(() => wrongIn(cell.finding).map((at) => cell.finding.images[at]!), [cell]);
  const there: Record<Tab, boolean> = { matrix: matrix !== undefined, picture: picture !== undefined, wrong: true };
  const tab = there[wanted] ? wanted : tabs.find((one) => there[one])!;
  const titles: Record<Tab, string> = {
    matrix: "Similarity",
    picture: "Components",
    wrong: `Wrong side: ${wrong.length}`,
  };
  const shape = useLab(
    ({ catalogue }) => catalogue?.datasets.find(({ manifest }) => manifest.id === choice.id)?.manifest.shape,
  );
  return (
    <>
      <div className={classes.tabs}>
        <Segmented
          label="What is shown"
          value={tab}
          options={tabs.filter((one) => there[one]).map((value) => ({ value, title: titles[value] }))}
          onChange={setTab}
        />
      </div>
      {tab === "matrix" && matrix && (
        <div className={classes.figure}>
          <Chart
            figure={matrix}
            label={`${matrix.title}. ${matrix.caption}`}
            onCell={(_, row, column) => setChosen(imagesAt(matrix, row, column))}
          />
        </div>
      )}
      {tab === "picture" && picture && (
        <div className={classes.figure}>
          <Chart figure={picture} label={`${picture.title}. ${picture.caption}`} onPoint={(id) => setChosen([id])} />
        </div>
      )}
      {tab === "wrong" && <Wrong cell={cell} images={wrong} {...{ shelf, shape }} onPick={(id) => setChosen([id])} />}
      <Selection cell={cell} chosen={chosen} {...{ shelf, shape }} />
    </>
  );
}

function imagesAt({ traces }: Figure, row: number, column: number): Chosen {
  const { rowIds, columnIds } = traces.find(isHeatmap)!;
  return rowIds[row] === columnIds[column] ? [rowIds[row]!] : [rowIds[row]!, columnIds[column]!];
}

/** The images of a task, on a shelf of their own: those of the live experiment are others. */
function useShelf(choice: Picked["choice"]): PixelShelf {
  const { images } = useStudyActions();
  const key = canonical(choice);
  const [shelf] = useState(pixelShelf);
  useEffect(() => {
    shelf.use(key);
    shelf.serve((examples) => images(JSON.parse(key) as Picked["choice"], examples));
  }, [shelf, images, key]);
  return shelf;
}

interface Imaged {
  readonly cell: ClusteredCell;
  readonly shelf: PixelShelf;
  readonly shape: readonly [number, number, number] | undefined;
}

function StudyImage({ shelf, shape, image, alt }: Omit<Imaged, "cell"> & { image: number; alt: string }) {
  const pixels = useShelved(shelf, image);
  return shape && <Thumb pixels={pixels} shape={shape} alt={alt} />;
}

/** "tiger", or "tiger, clustered with lion". */
function sideText({ finding, pair }: ClusteredCell, image: number): string {
  const at = finding.images.indexOf(image);
  const [truth, label] = [finding.truth[at]!, finding.labels[at]!];
  return truth === label ? pair[truth]! : `${pair[truth]}, clustered with ${pair[label]}`;
}

const shownCount = 40;

interface WrongProps extends Imaged {
  readonly images: readonly number[];
  readonly onPick: (image: number) => void;
}

function Wrong({ cell, images, shelf, shape, onPick }: WrongProps) {
  if (images.length === 0) return <p className={classes.empty}>Every image is on its side.</p>;
  return (
    <div className={classes.wrong}>
      {([0, 1] as const).map((truth) => {
        const own = images.filter((image) => cell.finding.truth[cell.finding.images.indexOf(image)] === truth);
        const shown = own.slice(0, shownCount / 2);
        return (
          own.length > 0 && (
            <section key={truth}>
              <h3>
                {plural(own.length, "image")} of {cell.pair[truth]}, clustered with {cell.pair[1 - truth]}
                {shown.length < own.length && <span> the first {shown.length}</span>}
              </h3>
              <div className={classes.thumbs}>
                {shown.map((image) => (
                  <button
                    key={image}
                    type="button"
                    aria-label={`Image ${image}, ${sideText(cell, image)}`}
                    title={`image ${image}`}
                    onClick={() => onPick(image)}
                  >
                    <StudyImage {...{ shelf, shape, image }} alt="" />
                  </button>
                ))}
              </div>
            </section>
          )
        );
      })}
    </div>
  );
}

function Selection({ cell, chosen, shelf, shape }: Imaged & { readonly chosen: Chosen | undefined }) {
  return (
    <output className={classes.selection}>
      {chosen ? (
        <>
          {chosen.map((image) => (
            <span key={image} className={classes.one}>
              <span className={classes.thumb}>
                <StudyImage {...{ shelf, shape, image }} alt="" />
              </span>
              <span>
                <b>image {image}</b>
                {sideText(cell, image)}
              </span>
            </span>
          ))}
          {chosen.length === 2 && <span>similarity {similarityText(cell, chosen)}</span>}
        </>
      ) : (
        <span className={classes.hint}>Click a cell, a point or an image to see it here.</span>
      )}
    </output>
  );
}

/** As the matrix shows it: a kernel without the sizes of both images. */
function similarityText({ finding, similarity: kind }: ClusteredCell, [a, b]: readonly [number, number]): string {
  const { similarity, images } = finding;
  const [row, column] = [images.indexOf(a), images.indexOf(b)];
  const at = (i: number, j: number): number => similarity![i * images.length + j]!;
  const value = at(row, column);
  return shortNumber(kind === "relative" ? value : value / Math.sqrt(at(row, row) * at(column, column)));
}
