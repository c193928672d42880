// The graph in motion: steps at the speed asked for, a frame at a time, outside of React; what the panel writes is told a few times
// a second.
import { courseOf, type Course } from "./course.ts";
import { painter, noMarks, type Marks, type Scene, type Wave } from "./paint.ts";
import {
  begun,
  exampleAt,
  stepped,
  type Example,
  type Moment,
  type RunSetting,
  type Shares,
} from "../../../lab/simulators/neurashed/play.ts";

/** What is written beside the graph. */
export interface News {
  readonly step: number;
  /** The example that is lit. */
  readonly example: Example;
  readonly factors: Float64Array;
  readonly shares: Shares;
  readonly isPlaying: boolean;
  /** Steps looked back at, rising, and the shares there. */
  readonly history: readonly { readonly step: number; readonly shares: Shares }[];
}

export interface Stage {
  /** Another graph, or how it fires and grows: begins again. */
  begin(setting: RunSetting): void;
  /** Another size or theme, or other colours. */
  see(scene: Scene): void;
  mark(marks: Marks): void;
  /** The class whose step is asked about, and whether all examples are to be of it. */
  anchor(label: number, isAlone: boolean): void;
  pace(stepsPerSecond: number): void;
  play(): void;
  pause(): void;
  step(): void;
  restart(): void;
  close(): void;
}

export interface StageOptions {
  readonly lower: HTMLCanvasElement;
  readonly upper: HTMLCanvasElement;
  readonly isStill: () => boolean;
  readonly tell: (news: News) => void;
}

/** Steps a second. */
export const speeds = [1, 2, 3, 4, 6, 8, 12, 20, 30, 45, 60] as const;
/** Above this speed no eye follows a wave. */
export const mostWaves = 8;
/** A single step takes its time. */
const singleStepS = 0.9;
/** Parts of a step: factors grow, the wave sets out, and is through. */
const [grownAt, setsOutAt, throughAt] = [0.3, 0.12, 0.8];
/** For a graph that takes longer to count, longer. */
const newsMs = 120;
/** A page that could not draw for a while does not catch up. */
const mostStepsPerFrame = 3;

export function graphStage({ lower, upper, isStill, tell }: StageOptions): Stage {
  const paint = painter(lower, upper);
  let setting: RunSetting;
  let scene: Scene | undefined;
  let course: Course;
  let moment: Moment;
  let example: Example;
  let before: { readonly moment: Moment; readonly example: Example } | undefined;
  let marks = noMarks;
  let [label, isAlone, speed] = [0, false, 2];
  /** Seconds since the last step. */
  let since = Infinity;
  let isPlaying = false;
  let frame = 0;
  let lastMs = 0;
  let toldMs = -Infinity;

  const only = (): number | undefined => (isAlone ? label : undefined);
  const duration = (): number => (isPlaying ? 1 / speed : singleStepS);
  const hasWave = (): boolean => !isStill() && (!isPlaying || speed <= mostWaves);

  function news(): void {
    const { step, factors } = moment;
    tell({ step, example, factors, shares: course.sharesAt(moment), isPlaying, history: course.upTo(moment) });
    toldMs = performance.now();
  }

  function restart(): void {
    moment = begun(setting);
    example = exampleAt(setting, 0, only());
    course = courseOf(setting, label);
    [before, since] = [undefined, Infinity];
    course.remember(moment);
    draw();
    news();
  }

  function advance(): void {
    before = { moment, example };
    moment = stepped(setting, moment, example);
    example = exampleAt(setting, moment.step, only());
    course.remember(moment);
  }

  /** How far the step on the screen is: from 0 to 1. */
  const share = (): number => Math.min(1, since / duration());

  function draw(): void {
    if (!scene || scene.graph !== setting.graph) return;
    const top = scene.graph.nodes.at(-1)!.level;
    const part = hasWave() ? share() : 1;
    const growth = before ? Math.min(1, part / grownAt) : 1;
    const factors =
      before && growth < 1
        ? moment.factors.map((factor, at) => {
            const old = before!.moment.factors[at]!;
            return old + (factor - old) * growth;
          })
        : moment.factors;
    const level = part < 1 ? ((part - setsOutAt) / (throughAt - setsOutAt)) * top : top + 1;
    const waves: Wave[] = [];
    if (before && part < setsOutAt) waves.push({ ...before.example, level: top + 1, strength: 1 - part / setsOutAt });
    waves.push({ ...example, level, strength: 1 });
    paint.move(factors, waves, marks);
  }

  function tick(nowMs: number): void {
    frame = 0;
    const elapsed = Math.min(0.25, (nowMs - lastMs) / 1000);
    lastMs = nowMs;
    since += elapsed;
    for (let steps = 0; isPlaying && since >= duration(); steps++) {
      since = steps < mostStepsPerFrame ? since - duration() : 0;
      advance();
    }
    draw();
    const isMoving = isPlaying || since < duration();
    const isDue = performance.now() - toldMs >= newsMs * Math.max(1, course.slices);
    const isCounted = course.fill();
    if (isDue || (isCounted && !isMoving)) news();
    if (isMoving || !isCounted) ask();
  }

  function ask(): void {
    if (frame === 0) frame = requestAnimationFrame(tick);
  }

  function move(): void {
    lastMs = performance.now();
    ask();
  }

  /** Unless a frame is due anyway. */
  function redraw(): void {
    if (frame === 0) draw();
  }

  return {
    begin(next) {
      setting = next;
      isPlaying = false;
      label = Math.min(label, setting.graph.classCount - 1);
      restart();
    },
    see(next) {
      scene = next;
      paint.rest(scene);
      redraw();
    },
    mark(next) {
      marks = next;
      redraw();
    },
    anchor(nextLabel, nextAlone) {
      if (nextLabel === label && nextAlone === isAlone) return;
      [label, isAlone] = [nextLabel, nextAlone];
      course.learn(label);
      example = exampleAt(setting, moment.step, only());
      redraw();
      if (!course.fill() && frame === 0) move();
      news();
    },
    pace(stepsPerSecond) {
      // The step on the screen goes on from where it is.
      since = share() * (isPlaying ? 1 / stepsPerSecond : singleStepS);
      speed = stepsPerSecond;
    },
    play() {
      if (isPlaying) return;
      isPlaying = true;
      since = duration();
      move();
      news();
    },
    pause() {
      if (!isPlaying) return;
      isPlaying = false;
      since = Infinity;
      redraw();
      news();
    },
    step() {
      isPlaying = false;
      advance();
      since = isStill() ? Infinity : 0;
      news();
      move();
    },
    restart,
    close() {
      if (frame !== 0) cancelAnimationFrame(frame);
      frame = 0;
    },
  };
}
