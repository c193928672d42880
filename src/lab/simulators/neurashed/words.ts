// A graph as short texts, one a node, for links, files and forms: "stripes" is a simple feature, "coat@1:stripes+fur" one of level 1
// made of two others, "tiger@2:coat+head" a class.
import { LabError } from "../../error.ts";
import type { Graph, GraphNode } from "../neurashed.ts";

export const wordsOf = ({ nodes }: Graph): string[] =>
  nodes.map(({ name, level, children }) => {
    const made = children.map((child) => nodes[child]!.name).join("+");
    return level === 0 ? name : `${name}@${level}${made === "" ? "" : `:${made}`}`;
  });

/**
 * @param words in any order @param classes ids of the classes, which must be the nodes of the last level
 * @throws LabError `spec-invalid`
 */
export function graphOf(words: readonly string[], classes: readonly string[]): Graph {
  const read = words.map(parsed);
  const twice = read.find(({ name }, at) => read.findIndex((other) => other.name === name) !== at);
  if (twice) throw new LabError("spec-invalid", `The graph has two nodes "${twice.name}"; give each its own name.`);
  const top = Math.max(0, ...read.map(({ level }) => level));
  const stray = read.find(({ name, level }) => level === top && !classes.includes(name));
  if (stray)
    throw new LabError(
      "spec-invalid",
      `"${stray.name}" is in the last level, ${top}, but is no class; give it a lower level, or name it one of: ${classes.join(", ")}.`,
    );
  const missing = classes.find((id) => !read.some(({ name, level }) => name === id && level === top));
  if (missing !== undefined || top === 0)
    throw new LabError(
      "spec-invalid",
      `The graph has no class "${missing ?? classes[0]}" in a last level above 0; add it.`,
    );
  const order = (name: string): number => classes.indexOf(name);
  const sorted = read.toSorted((a, b) => a.level - b.level || (a.level === top ? order(a.name) - order(b.name) : 0));
  const nodes = sorted.map(({ name, level, made }): GraphNode => {
    const children = made.map((child) => {
      const place = sorted.findIndex((other) => other.name === child);
      if (sorted[place]?.level === level - 1) return place;
      throw new LabError(
        "spec-invalid",
        place < 0
          ? `"${name}" is made of "${child}", which is not in the graph; add it, or leave it out.`
          : `"${name}" of level ${level} is made of "${child}" of level ${sorted[place]!.level}; let it be one level below.`,
      );
    });
    return { name, level, children: [...new Set(children)].sort((a, b) => a - b) };
  });
  return { nodes, classCount: classes.length };
}

function parsed(word: string): { name: string; level: number; made: string[] } {
  const found = /^([^@:+,;\r\n]+)(?:@(\d{1,2})(?::([^@:,;\r\n]+))?)?$/.exec(word.trim());
  if (!found)
    throw new LabError(
      "spec-invalid",
      `The graph has the node "${word}"; write it as name, or name@level:child+child.`,
    );
  return {
    name: found[1]!.trim(),
    level: Number(found[2] ?? 0),
    made: (found[3] ?? "")
      .split("+")
      .filter((child) => child.trim() !== "")
      .map((child) => child.trim()),
  };
}
