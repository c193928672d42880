// The graph of the neurashed-style model: an example makes features fire, their factors grow, and the rest is edited by hand.
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";
import { classNode, made, type Graph } from "../../../lab/simulators/neurashed.ts";
import { modelParams } from "../../../lab/simulators/neurashed/setting.ts";
import {
  classesOf,
  graphOfStudy,
  playedOf,
  seedsOf,
  type NeurashedParams,
  type Played,
} from "../../../lab/studies/neurashed/setting.ts";
import { canonical } from "../../../lab/spec.ts";
import { neurashedGraph, neurashedShares } from "../../figures/neurashedGraph.ts";
import { chartThemes, classColour, shown } from "../../figures/palette.ts";
import { usePlotTheme } from "../../panels/theme.ts";
import type { OpenStudy } from "../../state/studies.ts";
import { Panel } from "../../widgets/Panel.tsx";
import { Segmented } from "../../widgets/Segmented.tsx";
import { nodeColours } from "../../figures/graphColours.ts";
import { isClass } from "../../../lab/simulators/neurashed/edit.ts";
import { GraphAside } from "./GraphAside.tsx";
import { GraphControls } from "./GraphControls.tsx";
import { GraphNodes } from "./GraphNodes.tsx";
import classes from "./GraphPanel.module.css";
import { GraphTools } from "./GraphTools.tsx";
import { graphLayout, ownersOf, type GraphRoom } from "../../figures/graphLayout.ts";
import { edgeAt, edgesOf, noMarks, type Marks, type Scene } from "./paint.ts";
import type { RunSetting } from "../../../lab/simulators/neurashed/play.ts";
import { useGraphEditor } from "./useGraphEditor.ts";
import { graphStage, speeds, type News, type Stage } from "./stage.ts";

const StudyExport = lazy(() => import("../StudyExport.tsx").then(({ StudyExport }) => ({ default: StudyExport })));

/** What is written beside the graph, and the node that is pointed at. */
export type NewsStore = StoreApi<{ readonly news: News | undefined; readonly pointed: number | undefined }>;

const sharingTitles: Readonly<Record<string, string>> = {
  "super-class": "By super-class",
  none: "Nothing",
  everything: "Everything",
  "drawn features": "As drawn",
};
const byHand = "by hand";

export function GraphPanel({ study }: { readonly study: OpenStudy }) {
  const params = study.spec.params as unknown as NeurashedParams;
  // The same as long as it says the same: a change elsewhere in the set-up leaves the animation where it is.
  const playedText = canonical(playedOf(params));
  const played = useMemo(() => JSON.parse(playedText) as Played, [playedText]);
  const theme = chartThemes[usePlotTheme()];
  const [store] = useState<NewsStore>(() => createStore(() => ({ news: undefined, pointed: undefined })));
  const [room, setRoom] = useState<GraphRoom>();
  const [label, setLabel] = useState(0);
  const [isAlone, setAlone] = useState(false);
  const [pace, setPace] = useState(2);
  const [isExporting, setExporting] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(undefined);
  const marks = useRef<Marks>(noMarks);

  const infos = useMemo(() => classesOf(played), [played]);
  const graph = useMemo(() => graphOfStudy(played), [played]);
  const editor = useGraphEditor(study, graph);
  const { edge } = editor;
  const at = graph.nodes.findIndex(({ name }) => name === editor.picked);
  const picked = at < 0 ? undefined : at;
  const seeds = seedsOf(params);
  const seed = seeds[Math.min(Number(study.view.seed ?? 0), seeds.length - 1)]!;
  const setting = useMemo(() => settingOf(played, graph, seed), [played, graph, seed]);
  const layout = useMemo(() => room && graphLayout(graph, infos, room), [graph, infos, room]);
  const scene = useMemo((): Scene | undefined => {
    if (!layout) return undefined;
    const classColours = infos.map((_, at) => shown(classColour(at), theme));
    return {
      graph,
      layout,
      colours: nodeColours(ownersOf(graph), infos, theme),
      classColours,
      theme,
      most: params.most,
    };
  }, [graph, layout, infos, theme, params.most]);
  const anchor = Math.min(label, infos.length - 1);

  useLayoutEffect(() => {
    const made = graphStage({
      lower: lower.current!,
      upper: upper.current!,
      isStill: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
      tell: (news) => store.setState({ news }),
    });
    stage.current = made;
    return () => made.close();
  }, [store]);
  useLayoutEffect(() => {
    const element = area.current!;
    const measure = (): void => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => stage.current!.begin(setting), [setting]);
  // Between another graph and its picture, for marks know nodes by their places.
  useLayoutEffect(() => {
    mark({ picked: picked === undefined ? [] : [picked], edge, outlined: undefined, drag: undefined });
    store.setState({ pointed: undefined });
  }, [store, graph, picked, edge]);
  useLayoutEffect(() => {
    if (scene) stage.current!.see(scene);
  }, [scene]);
  useEffect(() => stage.current!.anchor(anchor, isAlone), [anchor, isAlone]);
  useEffect(() => stage.current!.pace(speeds[pace]!), [pace]);

  function mark(more: Partial<Marks>): void {
    marks.current = { ...marks.current, ...more };
    stage.current!.mark(marks.current);
  }

  /** Shows the factor of a node, and of a class all that it is made of. */
  function point(node: number | undefined): void {
    store.setState({ pointed: node });
    const isWhole = node !== undefined && isClass(graph, node);
    mark({ outlined: isWhole ? made(graph, node - classNode(graph, 0)) : undefined });
  }

  function pick(node: number, isKey: boolean): void {
    const { level, name } = graph.nodes[node]!;
    if (isKey && picked !== undefined && graph.nodes[picked]!.level !== level) return editor.join(picked, node);
    if (isClass(graph, node)) setLabel(node - classNode(graph, 0));
    return editor.pick(node === picked ? undefined : name);
  }

  function key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest("input, select, [role=dialog]")) return;
    if (event.key === "Escape") {
      editor.pick(undefined);
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      editor.undo();
    } else if ((event.key === "Delete" || event.key === "Backspace") && edge && !target.closest("button")) {
      event.preventDefault();
      editor.removeEdge();
    } else if (event.key === " " && target.closest("[data-node]")) {
      if (store.getState().news?.isPlaying) stage.current!.pause();
      else stage.current!.play();
    }
  }

  const isByHand = params.nodes.length > 0;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of what is within
    <div className={classes.all} onKeyDown={key} data-own-height>
      <Panel
        title="The graph"
        className={classes.panel!}
        controls={
          <>
            <span className={classes.label}>Features shared</span>
            <div className={classes.sharing}>
              <Segmented
                label="Features shared"
                value={isByHand ? byHand : params.graph}
                options={[
                  ...modelParams.graph.options.map((id) => ({ value: id as string, title: sharingTitles[id] ?? id })),
                  ...(isByHand ? [{ value: byHand, title: "By hand" }] : []),
                ]}
                onChange={(value) => value !== byHand && editor.load(value as NeurashedParams["graph"])}
              />
            </div>
          </>
        }
      >
        <div className={classes.sides}>
          <div className={classes.stage}>
            <GraphControls
              store={store}
              pace={pace}
              isAlone={isAlone}
              anchor={infos[anchor]!.title}
              onPace={setPace}
              onAlone={setAlone}
              onExport={() => setExporting(true)}
              stage={stage}
            />
            <div className={classes.area} ref={area}>
              <canvas ref={lower} aria-hidden="true" />
              <canvas ref={upper} aria-hidden="true" />
              {layout && (
                <GraphNodes
                  graph={graph}
                  layout={layout}
                  classInfos={infos}
                  theme={theme}
                  picked={picked}
                  onPick={pick}
                  onPoint={point}
                  onDrag={(drag) => mark({ drag })}
                  onJoin={editor.join}
                  onDelete={editor.remove}
                  onGround={(place) => editor.pickEdge(edgeAt(edgesOf(graph), layout, place, 7))}
                />
              )}
            </div>
            <GraphTools key={editor.picked ?? ""} graph={graph} picked={picked} editor={editor} />
          </div>
          <GraphAside store={store} graph={graph} infos={infos} label={anchor} onLabel={setLabel} />
        </div>
      </Panel>
      <Suspense>
        {isExporting && (
          <GraphExport
            store={store}
            study={study}
            setting={setting}
            label={anchor}
            onClose={() => setExporting(false)}
          />
        )}
      </Suspense>
    </div>
  );
}

function settingOf(played: Played, graph: Graph, seed: number): RunSetting {
  const { rate, most, patience, fireChance } = played;
  return { graph, classes: classesOf(played), growth: { rate, most, patience }, fireChance, seed };
}

interface GraphExportProps {
  readonly store: NewsStore;
  readonly study: OpenStudy;
  readonly setting: RunSetting;
  readonly label: number;
  readonly onClose: () => void;
}

/** The figures of the moment at which the export was opened. */
function GraphExport({ store, study, setting, label, onClose }: GraphExportProps) {
  const [news] = useState(() => store.getState().news!);
  const { classes: infos, graph, growth, seed } = setting;
  const input = { graph, classes: infos, most: growth.most, seed, label, ...news };
  return <StudyExport study={study} figures={[neurashedGraph(input), neurashedShares(input)]} onClose={onClose} />;
}
