// The numbers of the synthetic geometry: what the seed shown has, what all seeds have, and what the paper prints.
import { Fragment } from "react";
import {
  geometryKey,
  overSeeds,
  stableBelow,
  stiffness,
  type OverSeeds,
  type GeometryFinding,
} from "../../lab/studies/geometry.ts";
import { contestantsOf, type Contestant } from "../../lab/studies/geometry/network.ts";
import { publishedOf, type Published } from "../../lab/studies/geometry/published.ts";
import { epochsThere, networkName, sceneOf, type GeometryInput, type Scene } from "../figures/geometryShown.ts";
import { minus, shortNumber } from "../figures/scale.ts";
import { NumberTable } from "../widgets/NumberTable.tsx";
import { Panel } from "../widgets/Panel.tsx";
import classes from "./GeometryView.module.css";

const quantities = [
  { name: "pearson", title: "Pearson r" },
  { name: "spearman", title: "Spearman ρ" },
  { name: "mean", title: "mean" },
] as const;
type Quantity = (typeof quantities)[number]["name"];

export function GeometryNumbers(input: GeometryInput) {
  const { params, look } = input;
  const scene = sceneOf(input);
  const contestants = contestantsOf(params);
  const sources = contestants.flatMap(
    ({ activation }) => publishedOf(params.set, activation, look.similarity)?.source ?? [],
  );
  const epochs = epochsThere(input);
  const isMany = params.seeds.length > 1;
  return (
    <Panel title="Numbers" note={scene.similarity.title.toLowerCase()} className={classes.numbers!}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} tabIndex={0}>
        <NumberTable look="dense" className={classes.table}>
          <thead>
            <tr>
              <th scope="col">network</th>
              {epochs.map((epoch) => (
                <th key={epoch} scope="col">
                  seed {scene.seed}
                  {epochs.length > 1 && <small>{epoch === 0 ? "untrained" : "trained"}</small>}
                </th>
              ))}
              {isMany && (
                <th scope="col">
                  all seeds<small>mean ± s.d.</small>
                </th>
              )}
              <th scope="col">
                paper<small>as printed</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {contestants.map((contestant) => (
              <Fragment key={networkName(contestant, params)}>
                <tr>
                  <th scope="rowgroup" colSpan={epochs.length + (isMany ? 3 : 2)} className={classes.network}>
                    {networkName(contestant, params)}
                  </th>
                </tr>
                <Rows {...{ input, scene, contestant, epochs, isMany }} />
              </Fragment>
            ))}
          </tbody>
        </NumberTable>
        {isMany && <EachSeed {...{ input, contestants, epoch: epochs.at(-1)! }} />}
        <p className={classes.words}>
          n = {(scene.size * scene.size).toLocaleString("en")} ordered pairs, each point with itself too.{" "}
          {scene.probeText}.{" "}
          {sources.length > 0
            ? `Paper: ${[...new Set(sources)].join("; ")}; widths 40,960 (torus) and 8192, 8192 (boxes), 20,000 epochs.`
            : "The paper prints no numbers for this."}
        </p>
      </div>
    </Panel>
  );
}

interface RowsProps {
  readonly input: GeometryInput;
  readonly scene: Scene;
  readonly contestant: Contestant;
  readonly epochs: readonly number[];
  readonly isMany: boolean;
}

function Rows({ input, scene, contestant, epochs, isMany }: RowsProps) {
  const { params, findings, look } = input;
  const found = epochs.map((epoch) => findings.get(geometryKey(params, contestant, scene.seed, epoch)));
  const over = overSeeds({ chosen: params, findings }, contestant, {
    epoch: epochs.at(-1)!,
    similarity: look.similarity,
  });
  const paper = publishedOf(params.set, contestant.activation, look.similarity);
  return (
    <>
      {quantities.map(({ name, title }) => (
        <tr key={name} data-main={name === "pearson" || undefined}>
          <th scope="row">{title}</th>
          {found.map((finding, at) => (
            <td key={epochs[at]}>{numberText(finding?.statistics[look.similarity][name])}</td>
          ))}
          {isMany && <td>{overText(over, name)}</td>}
          <td className={classes.paper} title={paper?.source}>
            {printed(paper, name)}
          </td>
        </tr>
      ))}
      <Stiffness {...{ finding: found.at(-1), contestant, n: scene.points.count, columns: epochs.length, isMany }} />
    </>
  );
}

interface StiffnessProps {
  readonly finding: GeometryFinding | undefined;
  readonly contestant: Contestant;
  readonly n: number;
  readonly columns: number;
  readonly isMany: boolean;
}

function Stiffness({ finding, contestant: { stepSize }, n, columns, isMany }: StiffnessProps) {
  const training = finding?.training;
  if (!training) return null;
  const before = stiffness(stepSize, training.topBefore, n);
  const after = stiffness(stepSize, training.topAfter, n);
  return (
    <tr>
      <th scope="row" title="Full-batch descent is stable below 2; λ: largest eigenvalue of the tangent kernel">
        2 η λ / n
      </th>
      <td colSpan={columns + (isMany ? 2 : 1)}>
        {shortNumber(before)} → {shortNumber(after)},{" "}
        <b data-unstable={before >= stableBelow || undefined}>{before < stableBelow ? "stable" : "unstable"}</b>
      </td>
    </tr>
  );
}

interface EachSeedProps {
  readonly input: GeometryInput;
  readonly contestants: readonly Contestant[];
  readonly epoch: number;
}

function EachSeed({ input: { params, findings, look }, contestants, epoch }: EachSeedProps) {
  return (
    <NumberTable look="dense" className={classes.table}>
      <caption>Pearson r of each seed, {epoch === 0 ? "untrained" : "trained"}</caption>
      <thead>
        <tr>
          <th scope="col">seed</th>
          {contestants.map((contestant) => (
            <th key={networkName(contestant, params)} scope="col">
              {networkName(contestant, params).replace("Linear, ", "")}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {params.seeds.map((seed) => (
          <tr key={seed}>
            <th scope="row">{seed}</th>
            {contestants.map((contestant) => (
              <td key={networkName(contestant, params)}>
                {numberText(
                  findings.get(geometryKey(params, contestant, seed, epoch))?.statistics[look.similarity].pearson,
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </NumberTable>
  );
}

const numberText = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? "–"
    : Math.abs(value) >= 10
      ? shortNumber(value)
      : minus(value.toFixed(3));

function overText({ seedCount, ...over }: OverSeeds, name: Quantity): string {
  const { mean, deviation } = over[name];
  if (seedCount === 0 || Number.isNaN(mean)) return "–";
  return Number.isNaN(deviation) ? numberText(mean) : `${numberText(mean)} ± ${numberText(deviation)}`;
}

function printed(paper: Published | undefined, name: Quantity): string {
  const value = name === "spearman" ? undefined : paper?.[name];
  return value === undefined ? "" : minus(value.toFixed(2));
}
