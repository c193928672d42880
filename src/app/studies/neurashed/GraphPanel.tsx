// The graph of the neurashed-style model: an example makes features fire, their factors grow, and the rest is edited by hand.
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";
import { LabError } from "../../../lab/error.ts";
import { classNode, made, type Graph } from "../../../lab/simulators/neurashed.ts";
import { modelParams } from "../../../lab/simulators/neurashed/setting.ts";
import { wordsOf } from "../../../lab/simulators/neurashed/words.ts";
import { classesOf, graphOfStudy, seedsOf, type NeurashedParams } from "../../../lab/studies/neurashed/setting.ts";
import { neurashedGraph, neurashedShares } from "../../figures/neurashedGraph.ts";
import { chartThemes, classColour, shown } from "../../figures/palette.ts";
import { usePlotTheme } from "../../panels/theme.ts";
import { useStudyActions } from "../../state/context.ts";
import type { OpenStudy } from "../../state/studies.ts";
import { changed } from "../../state/studyShelf.ts";
import { Panel } from "../../widgets/Panel.tsx";
import { Segmented } from "../../widgets/Segmented.tsx";
import { nodeColours } from "../../figures/graphColours.ts";
import { isClass, renamed, toggled, withFeature, withoutFeature } from "../../../lab/simulators/neurashed/edit.ts";
import { GraphAside } from "./GraphAside.tsx";
import { GraphControls } from "./GraphControls.tsx";
import { GraphNodes } from "./GraphNodes.tsx";
import classes from "./GraphPanel.module.css";
import { GraphTools } from "./GraphTools.tsx";
import { graphLayout, ownersOf, type GraphRoom, type Place } from "../../figures/graphLayout.ts";
import { edgeAt, edgesOf, noMarks, type Edge, type Marks, type Scene } from "./paint.ts";
import type { RunSetting } from "../../../lab/simulators/neurashed/play.ts";
import { graphStage, speeds, type News, type Stage } from "./stage.ts";

const StudyExport = lazy(() => import("../StudyExport.tsx").then(({ StudyExport }) => ({ default: StudyExport })));

export type NewsStore = StoreApi<{ readonly news: News | undefined }>;

/** What the editor undoes. */
type GraphParams = Pick<NeurashedParams, "graph" | "nodes">;
const mostUndone = 50;

const sharingTitles: Readonly<Record<string, string>> = {
  "super-class": "By super-class",
  none: "Nothing",
  everything: "Everything",
  "drawn features": "As drawn",
};
const byHand = "by hand";

export function GraphPanel({ study }: { readonly study: OpenStudy }) {
  const { change } = useStudyActions();
  const params = study.spec.params as unknown as NeurashedParams;
  const theme = chartThemes[usePlotTheme()];
  const [store] = useState<NewsStore>(() => createStore(() => ({ news: undefined })));
  const [room, setRoom] = useState<GraphRoom>();
  const [label, setLabel] = useState(0);
  const [isAlone, setAlone] = useState(false);
  const [pace, setPace] = useState(2);
  const [pickedName, setPicked] = useState<string>();
  const [edge, setEdge] = useState<Edge>();
  const [said, setSaid] = useState("");
  const [past, setPast] = useState<readonly GraphParams[]>([]);
  const [isExporting, setExporting] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(undefined);
  const marks = useRef<Marks>(noMarks);

  const infos = useMemo(() => classesOf(params), [params]);
  const graph = useMemo(() => graphOfStudy(params), [params]);
  const seeds = seedsOf(params);
  const seed = seeds[Math.min(Number(study.view.seed ?? 0), seeds.length - 1)]!;
  const setting = useMemo(() => settingOf(params, graph, seed), [params, graph, seed]);
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
  const at = graph.nodes.findIndex(({ name }) => name === pickedName);
  const picked = at < 0 ? undefined : at;

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
  useLayoutEffect(() => {
    if (scene) stage.current!.see(scene);
  }, [scene]);
  useEffect(() => stage.current!.anchor(anchor, isAlone), [anchor, isAlone]);
  useEffect(() => stage.current!.pace(speeds[pace]!), [pace]);
  useEffect(() => mark({ picked: picked === undefined ? [] : [picked], edge }), [picked, edge]);

  function mark(more: Partial<Marks>): void {
    marks.current = { ...marks.current, ...more };
    stage.current!.mark(marks.current);
  }

  /** Takes other graph parameters into force, from which one can come back. */
  function use(next: GraphParams, words: string): void {
    try {
      const spec = changed(study.spec, { ...study.spec.params, ...next });
      setPast([...past, { graph: params.graph, nodes: params.nodes }].slice(-mostUndone));
      setEdge(undefined);
      mark({ outlined: undefined });
      change(spec);
      setSaid(words);
    } catch (error) {
      setSaid(LabError.from(error).message);
    }
  }

  function edit(make: () => Graph, words: string): boolean {
    try {
      use({ graph: params.graph, nodes: wordsOf(make()) }, words);
      return true;
    } catch (error) {
      setSaid(LabError.from(error).message);
      return false;
    }
  }

  function undo(): void {
    const before = past.at(-1);
    if (!before) return;
    setPast(past.slice(0, -1));
    setEdge(undefined);
    change(changed(study.spec, { ...study.spec.params, ...before }));
    setSaid("Undone.");
  }

  function join(from: number, to: number): void {
    const [child, parent] = graph.nodes[from]!.level < graph.nodes[to]!.level ? [from, to] : [to, from];
    const was = graph.nodes[parent]!.children.includes(child);
    const names = `"${graph.nodes[child]!.name}" and "${graph.nodes[parent]!.name}"`;
    edit(() => toggled(graph, from, to), `Edge between ${names} ${was ? "removed" : "made"}.`);
  }

  function pick(node: number, isKey: boolean): void {
    setEdge(undefined);
    const levelOf = (each: number): number => graph.nodes[each]!.level;
    if (isKey && picked !== undefined && levelOf(picked) !== levelOf(node)) return join(picked, node);
    setSaid("");
    if (isClass(graph, node)) setLabel(node - classNode(graph, 0));
    setPicked(node === picked ? undefined : graph.nodes[node]!.name);
  }

  function remove(node: number): void {
    if (edge) return join(edge.child, edge.parent);
    edit(() => withoutFeature(graph, node), `"${graph.nodes[node]!.name}" deleted.`);
  }

  function add(name: string, level: number): boolean {
    const isAdded = edit(
      () => withFeature(graph, name, level).graph,
      `"${name.trim()}" added; now drag edges from it, or press Enter on what it belongs to.`,
    );
    if (isAdded) setPicked(name.trim());
    return isAdded;
  }

  function rename(name: string): void {
    if (picked === undefined || name.trim() === pickedName) return;
    if (edit(() => renamed(graph, picked, name), `"${pickedName}" is now "${name.trim()}".`)) setPicked(name.trim());
  }

  function key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest("input, select, [role=dialog]")) return;
    if (event.key === "Escape") {
      setPicked(undefined);
      setEdge(undefined);
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      undo();
    } else if (event.key === " " && target.closest("[data-node]")) {
      if (store.getState().news?.isPlaying) stage.current!.pause();
      else stage.current!.play();
    }
  }

  function ground(place: Place): void {
    setPicked(undefined);
    setEdge(edgeAt(edgesOf(graph), layout!, place, 7));
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
              {" "}
              <Segmented
                label="Features shared"
                value={isByHand ? byHand : params.graph}
                options={[
                  ...modelParams.graph.options.map((id) => ({ value: id as string, title: sharingTitles[id] ?? id })),
                  ...(isByHand ? [{ value: byHand, title: "By hand" }] : []),
                ]}
                onChange={(value) =>
                  value !== byHand && use({ graph: value as NeurashedParams["graph"], nodes: [] }, "")
                }
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
              className={infos[anchor]!.title}
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
                  onPoint={(node) =>
                    mark({
                      outlined:
                        node !== undefined && isClass(graph, node)
                          ? made(graph, node - classNode(graph, 0))
                          : undefined,
                    })
                  }
                  onDrag={(drag) => mark({ drag })}
                  onJoin={join}
                  onDelete={remove}
                  onGround={ground}
                />
              )}
            </div>
            <GraphTools
              key={pickedName ?? ""}
              graph={graph}
              picked={picked}
              edge={edge}
              said={said}
              canUndo={past.length > 0}
              onAdd={add}
              onRename={rename}
              onDelete={() => (edge || picked === undefined ? edge && remove(edge.child) : remove(picked))}
              onUndo={undo}
            />
          </div>
          <GraphAside store={store} infos={infos} label={anchor} onLabel={setLabel} />
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

function settingOf(params: NeurashedParams, graph: Graph, seed: number): RunSetting {
  const { rate, most, patience, fireChance } = params;
  return { graph, classes: classesOf(params), growth: { rate, most, patience }, fireChance, seed };
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
