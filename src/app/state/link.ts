// The address of an experiment: its differences from the defaults as text for the part of a link after "#".
import type { Command } from "../../lab/command.ts";
import { LabError } from "../../lab/error.ts";
import { canonical, parseSpec, type Catalogue } from "../../lab/spec.ts";
import { defaultBeside, defaultView, parseExperiment, type Shared } from "./experiment.ts";

const linkVersion = 1;

export type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** The fields of `value` that differ from `base`, however deep. */
export function difference(value: Tree, base: Tree): Tree {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
      const usual = base[name];
      if (same(item, usual)) return [];
      return [[name, isTree(item) && isTree(usual) ? difference(item, usual) : item]];
    }),
  );
}

const letters = { train: "t", probe: "p", learn: "l", rewind: "r" } as const;

function short(command: Command): string {
  switch (command.do) {
    case "train":
      return `${letters.train}${command.until}`;
    case "learn":
      return `${letters.learn}${command.anchor}`;
    case "rewind":
      return `${letters.rewind}${command.to}`;
    case "probe":
      return `${letters.probe}${command.anchors.join(",")}${command.at === undefined ? "" : `@${command.at}`}`;
    default:
      return "";
  }
}

function long(text: string): unknown {
  const match = /^([tplr])([\d,]+)(?:@(\d+))?$/.exec(text);
  if (!match) throw new LabError("spec-invalid", `The link's log holds "${text.slice(0, 20)}", which is no command.`);
  const [, letter, numbers, at] = match;
  const first = Number(numbers);
  if (letter === "t") return { do: "train", until: first };
  if (letter === "l") return { do: "learn", anchor: first };
  if (letter === "r") return { do: "rewind", to: first };
  const anchors = numbers!.split(",").map(Number);
  return at === undefined ? { do: "probe", anchors } : { do: "probe", anchors, at: Number(at) };
}

/** 32-bit FNV-1a in base 36. */
function checksum(text: string): string {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619) >>> 0;
  return hash.toString(36);
}

const toBase64url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const fromBase64url = (text: string): string =>
  new TextDecoder().decode(
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0)),
  );

/** `v1.<length>.<checksum>.<payload>`, without the "#". */
export function encode({ spec, beside, log, view }: Shared, catalogue: Catalogue): string {
  const { params: _params, ...plain } = spec.dataset;
  const base = parseSpec({ dataset: { id: plain.id }, model: { id: spec.model.id } }, catalogue);
  const usual = parseSpec({}, catalogue);
  const specPart = {
    ...difference(spec as unknown as Tree, base as unknown as Tree),
    ...withId("dataset", spec.dataset, base.dataset, usual.dataset.id),
    ...withId("model", spec.model, base.model, usual.model.id),
  };
  const usualBeside = defaultBeside(spec, catalogue);
  const payload = {
    ...(Object.keys(specPart).length ? { s: specPart } : {}),
    ...(same(beside ?? null, usualBeside ?? null) ? {} : { b: beside ?? null }),
    ...(log.length ? { l: log.map(short).filter(Boolean).join("_") } : {}),
    ...nonEmpty("w", difference(view, defaultView(spec, catalogue))),
  };
  return sealed("v", payload);
}

export function sealed(kind: "v" | "s", payload: Tree): string {
  const text = toBase64url(canonical(payload));
  return `${kind}${linkVersion}.${text.length.toString(36)}.${checksum(text)}.${text}`;
}

export const isStudyLink = (hash: string): boolean => /^#?s\d/.test(hash);

export const nonEmpty = (name: string, tree: Tree): Tree => (Object.keys(tree).length ? { [name]: tree } : {});

/** A shelf item: its id unless it is the usual one, and its own differences from that item's defaults. */
function withId<T extends { readonly id: string }>(name: string, value: T, base: T, usualId: string): Tree {
  const rest = difference(value as unknown as Tree, base as unknown as Tree);
  return nonEmpty(name, value.id === usualId ? rest : { id: value.id, ...rest });
}

/** @throws LabError `spec-invalid` with a sentence: cut off, altered, of a newer lab, or out of range. */
export function decode(hash: string, catalogue: Catalogue): Shared {
  const payload = unsealed(hash);
  const log = typeof payload.l === "string" ? payload.l.split("_").map(long) : undefined;
  return parseExperiment({ spec: payload.s ?? {}, beside: payload.b, log, view: payload.w }, catalogue);
}

export function unsealed(hash: string): Tree {
  const match = /^#?[vs](\d+)\.([0-9a-z]+)\.([0-9a-z]+)\.([\w-]*)/.exec(hash);
  if (!match)
    throw new LabError(
      "spec-invalid",
      "This link is cut off or is not one of the lab's; ask for the whole link again.",
    );
  const [, version, size, sum, rest] = match;
  if (Number(version) > linkVersion)
    throw new LabError(
      "spec-invalid",
      `This link was made by a newer lab (version ${version}, this one reads ${linkVersion}); open it there.`,
    );
  const length = parseInt(size!, 36);
  if (rest!.length < length)
    throw new LabError(
      "spec-invalid",
      `This link is cut off: ${rest!.length} of ${length} characters arrived. Ask for the whole link again.`,
    );
  // What a mail client hangs on to the end of a link is beyond its length and does no harm.
  const text = rest!.slice(0, length);
  if (checksum(text) !== sum)
    throw new LabError("spec-invalid", "This link was altered on its way: its checksum is wrong. Ask for it again.");
  const payload: unknown = JSON.parse(fromBase64url(text));
  if (!isTree(payload)) throw new LabError("spec-invalid", "This link holds no experiment; ask for it again.");
  return payload;
}
