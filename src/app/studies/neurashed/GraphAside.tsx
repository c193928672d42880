// Beside the graph: the example that is lit, and what one more step on the chosen class would change at others, so far and now.
import { useStore } from "zustand";
import type { ClassInfo } from "../../../lab/contracts.ts";
import type { Graph } from "../../../lab/simulators/neurashed.ts";
import { relation, relations, type Relation } from "../../../lab/relation.ts";
import { sharedColours } from "../../figures/graphColours.ts";
import { usePlotTheme } from "../../panels/theme.ts";
import { short, withArticle } from "../../widgets/format.ts";
import classes from "./GraphAside.module.css";
import type { NewsStore } from "./GraphPanel.tsx";
import type { News } from "./stage.ts";

export interface GraphAsideProps {
  readonly store: NewsStore;
  readonly graph: Graph;
  readonly infos: readonly ClassInfo[];
  /** The chosen class. */
  readonly label: number;
  readonly onLabel: (label: number) => void;
}

export function GraphAside({ store, graph, infos, label, onLabel }: GraphAsideProps) {
  const news = useStore(store, (state) => state.news);
  const shared = sharedColours[usePlotTheme()];
  if (!news || news.example.label >= infos.length)
    return <aside className={classes.aside} aria-label="Elasticity of the graph" />;
  const longest = Math.max(1, ...relations.map((kind) => news.shares[kind] || 0));
  return (
    <aside className={classes.aside} aria-label="Elasticity of the graph">
      <Lit news={news} infos={infos} />
      <Pointed store={store} news={news} graph={graph} />
      <div>
        <h3 className={classes.title}>
          One step on{" "}
          <select
            aria-label="Class that is learned"
            value={label}
            onChange={(event) => onLabel(Number(event.currentTarget.value))}
          >
            {infos.map(({ id, title }, at) => (
              <option key={id} value={at}>
                {withArticle(title)}
              </option>
            ))}
          </select>{" "}
          would move
        </h3>
        <p className={classes.note}>as a share of what it moves itself</p>
      </div>
      <dl className={classes.bars}>
        {relations.map((kind) => (
          <div key={kind} data-kind={kind}>
            <dt>{whoIs(kind, infos, label)}</dt>
            <dd>
              <span className={classes.value}>{short(news.shares[kind])}</span>
              <span className={classes.bar} aria-hidden="true">
                <span style={{ width: `${(100 * (news.shares[kind] || 0)) / longest}%` }} />
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <History news={news} />
      <ul className={classes.key} aria-label="Who has a feature">
        <li>
          <span data-owner="class" /> one class
        </li>
        <li>
          <span style={{ background: shared["super-class"] }} /> super-class
        </li>
        <li>
          <span style={{ background: shared.common }} /> all
        </li>
        <li>
          <span data-owner="fires" /> fires
        </li>
      </ul>
    </aside>
  );
}

function Lit({ news: { step, example }, infos }: { readonly news: News; readonly infos: readonly ClassInfo[] }) {
  const features = example.fires.length - infos.length;
  const lit = example.fires.slice(0, features).reduce((sum, fires) => sum + fires, 0);
  return (
    <p className={classes.lit}>
      Step {step + 1}: <b>{withArticle(infos[example.label]!.title)}</b> lights {lit} of {features} features; they grow,
      the others decay.
    </p>
  );
}

/** The factor of the node that is pointed at. */
function Pointed({ store, news, graph }: Pick<GraphAsideProps, "store" | "graph"> & { readonly news: News }) {
  const at = useStore(store, ({ pointed }) => pointed);
  const node = at === undefined ? undefined : graph.nodes[at];
  return (
    <p className={classes.pointed}>
      {node ? (
        <>
          {node.name}: factor <b>{short(news.factors[at!]!)}</b>
        </>
      ) : (
        "Point at a node to see its factor."
      )}
    </p>
  );
}

/** "another tiger", "a cat", "a plane or a ship", "3 others". */
function whoIs(kind: Relation, infos: readonly ClassInfo[], label: number): string {
  const own = infos[label]!;
  if (kind === "same") return `another ${own.title}`;
  const titles = infos.filter((info) => relation(own, info) === kind).map(({ title }) => withArticle(title));
  if (titles.length === 0) return `no ${kind} class`;
  return titles.length <= 2 ? titles.join(" or ") : `${titles.length} ${kind === "sibling" ? "siblings" : "unrelated"}`;
}

const [width, height] = [264, 96];
const plot = { left: 18, right: width - 4, top: 6, bottom: height - 16 };

/** The three shares against the step; the eye needs no more than their course. */
function History({ news: { history, step } }: { readonly news: News }) {
  const last = Math.max(step, 20);
  const most = Math.max(
    1,
    ...history.flatMap(({ shares }) => relations.map((kind) => shares[kind]).filter(Number.isFinite)),
  );
  const xOf = (at: number): number => plot.left + (at / last) * (plot.right - plot.left);
  const yOf = (share: number): number => plot.bottom - (share / most) * (plot.bottom - plot.top);
  const pathOf = (kind: Relation): string =>
    history
      .filter(({ shares }) => Number.isFinite(shares[kind]))
      .map(({ step: at, shares }) => `${xOf(at).toFixed(1)},${yOf(shares[kind]).toFixed(1)}`)
      .join(" ");
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn here
    <svg className={classes.history} viewBox={`0 0 ${width} ${height}`} role="img" aria-label="The shares so far">
      <line x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} />
      <line x1={plot.left} x2={plot.right} y1={yOf(1)} y2={yOf(1)} data-rule />
      <text x={plot.left - 4} y={plot.bottom + 3} textAnchor="end">
        0
      </text>
      <text x={plot.left - 4} y={yOf(1) + 4} textAnchor="end">
        1
      </text>
      <text x={plot.left} y={height - 3}>
        step 0
      </text>
      <text x={plot.right} y={height - 3} textAnchor="end">
        {last}
      </text>
      {relations.map((kind) => (
        <polyline key={kind} points={pathOf(kind)} data-kind={kind} />
      ))}
    </svg>
  );
}
