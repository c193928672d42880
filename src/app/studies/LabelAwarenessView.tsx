// Label awareness: relative ratios and accuracies of all methods, and beside them what training and labels add, or a picked cell.
import { useMemo, useState } from "react";
import { lambdaChoices, type LabelAwarenessFinding } from "../../lab/studies/labelAwareness/finding.ts";
import {
  estimateIds,
  isEstimate,
  methodIds,
  methodTitles,
  quantities,
  quantityTitles,
  type EstimateId,
  type Quantity,
} from "../../lab/studies/labelAwareness/method.ts";
import {
  kernelsKey,
  manifestOf,
  networkKey,
  pairTitle,
  pairsOf,
  type LabelAwarenessParams,
} from "../../lab/studies/labelAwareness/setting.ts";
import type { Findings } from "../../lab/study.ts";
import type { Arrangement, Figure } from "../figures/figure.ts";
import { labelAwarenessGains } from "../figures/labelAwarenessGains.ts";
import {
  cellSentence,
  cellText,
  groupsOf,
  labelAwarenessGrids,
  lambdaSentence,
  openCell,
  scaleOf,
  spreadText,
  type AwarenessCell,
  type LabelAwarenessInput,
  type OpenCell,
} from "../figures/labelAwarenessGrid.ts";
import {
  labelAwarenessEstimate,
  labelAwarenessKernels,
  labelAwarenessLambda,
} from "../figures/labelAwarenessKernels.ts";
import { colourOf } from "../figures/palette.ts";
import { Chart } from "../panels/Chart.tsx";
import plots from "../panels/Plots.module.css";
import { useNarrow } from "../panels/useNarrow.ts";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { IconButton } from "../widgets/Button.tsx";
import { short } from "../widgets/format.ts";
import { Guard } from "../widgets/Guard.tsx";
import { Panel } from "../widgets/Panel.tsx";
import { Segmented } from "../widgets/Segmented.tsx";
import classes from "./LabelAwarenessView.module.css";
import { ResultGrid, type Place, type ResultCell } from "./ResultGrid.tsx";
import grid from "./ResultGrid.module.css";
import type { StudyView } from "./view.ts";

interface Look {
  readonly lambda: string;
  readonly quantity: Quantity;
  readonly estimate: EstimateId;
  /** Place among all methods, and of a pair and a seed; -1 where nothing is picked. */
  readonly method: number;
  readonly pair: number;
  readonly seed: number;
}

const nothingPicked = { method: -1, pair: -1, seed: 0 };

const lookOf = ({ view }: Pick<OpenStudy, "view">): Look => view as unknown as Look;

const inputOf = (
  { spec, findings, view }: Pick<OpenStudy, "spec" | "findings" | "view">,
  arrangement: Arrangement = "row",
): LabelAwarenessInput => ({
  params: spec.params as unknown as LabelAwarenessParams,
  findings: findings as Findings<LabelAwarenessFinding>,
  lambda: lookOf({ view }).lambda,
  arrangement,
});

function figures(study: OpenStudy, arrangement: Arrangement): Figure[] {
  const input = inputOf(study, arrangement);
  const look = lookOf(study);
  const cell = openCell(input, look);
  return [
    ...labelAwarenessGrids(input),
    labelAwarenessGains({ ...input, quantity: look.quantity, estimate: look.estimate }),
    ...(cell
      ? [
          labelAwarenessKernels(cell, arrangement),
          labelAwarenessEstimate(cell, arrangement),
          labelAwarenessLambda(cell, arrangement),
        ]
      : []),
  ].filter((figure) => figure !== undefined);
}

function Body({ study }: { readonly study: OpenStudy }) {
  const { spec, findings, view } = study;
  const cell = useMemo(() => openCell(inputOf({ spec, findings, view }), lookOf({ view })), [spec, findings, view]);
  return (
    <div className={classes.body} data-own-height>
      <Guard>
        <Grid study={study} />
      </Guard>
      <Guard>{cell ? <Cell study={study} cell={cell} /> : <Overview study={study} />}</Guard>
    </div>
  );
}

function Grid({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const { spec, findings, view } = study;
  const { lambda, quantity, method, pair } = lookOf(study);
  const { params } = inputOf(study);
  const groups = useMemo(() => groupsOf(inputOf({ spec, findings, view })), [spec, findings, view]);
  const rows = groups.flatMap((group) => group.rows);
  const placeOf = (of: Quantity, id: string | undefined): number =>
    rows.findIndex(({ method: own, cells }) => own === id && cells[0]!.quantity === of);
  const picked = pair < 0 ? undefined : { down: placeOf(quantity, methodIds[method]), across: pair };
  return (
    <Panel
      title="Relative ratio and accuracy"
      note={params.seeds.length > 1 ? "mean ± half the 95 % interval over seeds" : "one seed"}
      className={grid.panel!}
      controls={
        <select
          aria-label="Lambda of the label-aware kernels"
          className={plots.select}
          value={lambda}
          onChange={({ currentTarget: { value } }) => look({ lambda: value })}
        >
          {lambdaChoices.map((choice) => (
            <option key={choice} value={choice}>
              {choice.startsWith("test")
                ? "λ by test images"
                : `λ ${choice === "validation" ? "by held-out images" : `= ${choice}`}`}
            </option>
          ))}
        </select>
      }
    >
      <ResultGrid
        label="Relative ratio and accuracy by method and pair"
        corner="Method"
        columns={pairsOf(params).map((one) => ({ title: pairTitle(one, manifestOf(params)) }))}
        groups={groups.map((group) => ({
          title: quantityTitles[group.quantity],
          rows: group.rows.map(({ method: id, cells }) => ({
            id,
            title: `${quantityTitles[group.quantity]}, ${methodTitles[id]}`,
            short: methodTitles[id],
            cells: cells.map(shown),
          })),
        }))}
        isLarge={false}
        picked={picked}
        busy={underWay(study, placeOf)}
        onPick={({ down, across }) => {
          const { cells, method: id } = rows[down]!;
          look({ quantity: cells[0]!.quantity, method: methodIds.indexOf(id), pair: across });
        }}
      />
      <footer className={grid.legend}>
        <span>50 knows nothing of the classes</span>
        <span>
          <b>bold</b> greatest of its column and block
        </span>
        {params.dataset === "cifar10" && <span>paper: Chen, He and Su, Tables 1 and 3</span>}
      </footer>
    </Panel>
  );
}

function shown(cell: AwarenessCell): ResultCell {
  const ground = colourOf(cell.value.mean, scaleOf(cell.quantity));
  const sentence = cellSentence(cell);
  const isPartial = cell.value.count > 0 && cell.seeds > cell.value.count;
  return {
    text: cellText(cell),
    spread: spreadText(cell),
    under: [
      ...(isPartial ? [`n ${cell.value.count} of ${cell.seeds}`] : []),
      ...(cell.paper ? [`paper ${cell.paper.value.toFixed(cell.quantity === "accuracy" ? 1 : 2)}`] : []),
    ],
    sentence,
    hint: sentence,
    ground,
    isBest: cell.isBest,
  };
}

/** The first cell of what comes next; undefined where nothing is computed. */
function underWay(study: OpenStudy, placeOf: (quantity: Quantity, method: string) => number): Place | undefined {
  if (study.phase !== "running") return undefined;
  const { params, findings } = inputOf(study);
  for (const seed of params.seeds)
    for (const [across, pair] of pairsOf(params).entries()) {
      if (!findings.has(kernelsKey(params, pair, seed))) return { down: placeOf("train-train", "ntk"), across };
      if (!findings.has(networkKey(params, pair, seed))) return { down: placeOf("train-train", "trained"), across };
    }
  return undefined;
}

const quantityNames: Readonly<Record<Quantity, string>> = {
  "train-train": "Train–train",
  "test-train": "Test–train",
  accuracy: "Accuracy",
};

function Overview({ study }: { readonly study: OpenStudy }) {
  const { look } = useStudyActions();
  const arrangement = useNarrow() ? "column" : "row";
  const { spec, findings, view } = study;
  const { quantity, estimate } = lookOf(study);
  const figure = useMemo(
    () => labelAwarenessGains({ ...inputOf({ spec, findings, view }, arrangement), quantity, estimate }),
    [spec, findings, view, arrangement, quantity, estimate],
  );
  return (
    <div className={classes.side}>
      <Panel
        title="What training and labels add"
        className={classes.gains!}
        controls={
          <>
            <select
              aria-label="Label-aware kernel"
              className={plots.select}
              value={estimate}
              onChange={({ currentTarget: { value } }) => look({ estimate: value })}
            >
              {estimateIds.map((id) => (
                <option key={id} value={id}>
                  {methodTitles[id].replace("LANTK, ", "")}
                </option>
              ))}
            </select>
            <Segmented
              label="Of which quantity"
              value={quantity}
              options={quantities.map((value) => ({ value, title: quantityNames[value] }))}
              onChange={(value) => look({ quantity: value })}
            />
          </>
        }
      >
        <Chart figure={figure} label={`${figure.title}. ${figure.caption}`} />
      </Panel>
      <Panel title="How to read this">
        <dl className={classes.note}>
          <dt>Above 50</dt>
          <dd>
            Images of one class are more alike than those of two. Pairs of an image with itself count, as in the paper.
          </dd>
          <dt>The network</dt>
          <dd>
            Its kernel is ⟨∇f(x), ∇f(x′)⟩ at its weights. The NTK is that of infinite width, which never moves and never
            sees a label.
          </dd>
          <dt>LANTK</dt>
          <dd>
            NTK + λ Z. KR-V1 and KR-V2 make Z of the NTK’s own values on training pairs, so that Z is a function of the
            NTK; the pair features bring nine more. The paper sketches that regression by FJLT; here all pairs are
            solved. {lambdaSentence(lookOf(study).lambda)}
          </dd>
        </dl>
      </Panel>
    </div>
  );
}

type Tab = "kernel" | "estimate" | "lambda";

function Cell({ study, cell }: { readonly study: OpenStudy; readonly cell: OpenCell }) {
  const { look } = useStudyActions();
  const { seeds } = inputOf(study).params;
  const [wanted, setTab] = useState<Tab>("kernel");
  const tab = isEstimate(cell.method) ? wanted : "kernel";
  const figure = useMemo(() => {
    if (tab === "kernel") return labelAwarenessKernels(cell);
    return tab === "estimate" ? labelAwarenessEstimate(cell) : labelAwarenessLambda(cell, "column");
  }, [cell, tab]);
  const isKnown = cell.method === "start" || cell.method === "trained" ? cell.network : cell.kernels;
  return (
    <Panel
      title={cell.title}
      note={methodTitles[cell.method]}
      className={classes.cell!}
      controls={
        <>
          {seeds.length > 1 && (
            <select
              aria-label="Seed shown"
              className={plots.select}
              value={seeds.indexOf(cell.seed)}
              onChange={({ currentTarget: { value } }) => look({ seed: Number(value) })}
            >
              {seeds.map((seed, at) => (
                <option key={seed} value={at}>
                  seed {seed}
                </option>
              ))}
            </select>
          )}
          <IconButton icon="close" label="Close the cell" onClick={() => look(nothingPicked)} />
        </>
      }
    >
      {isEstimate(cell.method) && (
        <div className={classes.tabs}>
          <Segmented
            label="What is shown"
            value={tab}
            options={[
              { value: "kernel", title: "Kernels" },
              { value: "estimate", title: "Label-aware part" },
              { value: "lambda", title: "λ" },
            ]}
            onChange={setTab}
          />
        </div>
      )}
      <Facts cell={cell} />
      {figure ? (
        <div className={classes.figure}>
          <Chart figure={figure} label={`${figure.title}. ${figure.caption}`} />
        </div>
      ) : (
        <p className={classes.empty}>
          {isKnown
            ? "Read from a file, which has no matrices: run it here to see them."
            : study.phase === "running"
              ? "Its turn has not come yet."
              : "Not computed yet: press Run."}
        </p>
      )}
      {figure && <p className={classes.words}>{figure.caption}</p>}
    </Panel>
  );
}

function Facts({ cell: { method, network, kernels, lambda } }: { readonly cell: OpenCell }) {
  const facts: [string, string][] = [];
  if ((method === "start" || method === "trained") && network)
    facts.push(
      ["Training loss", Number.isNaN(network.trainLoss) ? "diverged" : short(network.trainLoss)],
      [
        "Training accuracy",
        Number.isNaN(network.trainAccuracy) ? "—" : `${(100 * network.trainAccuracy).toFixed(1)} %`,
      ],
      ["Step size", short(network.stepSize)],
    );
  if (kernels && isEstimate(method)) {
    const at = kernels.methods[method].byLambda.find((one) => one.lambda === lambda)!;
    facts.push(
      ["λ", String(lambda)],
      ["Held-out accuracy", `${(100 * at.validation).toFixed(1)} %`],
      ["Kernel", at.isDefinite ? "positive definite" : "indefinite"],
    );
  }
  const remark = method === "trained" ? network?.remark : undefined;
  return (
    <>
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {remark !== undefined && remark !== "" && <p className={classes.words}>{remark}</p>}
    </>
  );
}

export const labelAwarenessView: StudyView = { figures, Body };
