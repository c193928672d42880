// The tangent kernel of the neurashed-style model: inner products of the gradients of its scores by the factors.
import type { ExampleId, KernelOptions, Matrix, TangentKernel } from "../../contracts.ts";
import { LabError } from "../../error.ts";
import { levelsOf, slopes, type Graph, type Seen } from "../neurashed.ts";

export function matrixOf(rows: readonly Float64Array[], columns: number): Matrix {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, at) => data.set(row, at * columns));
  return { rows: rows.length, columns, data };
}

/** What gradients are made of: dS_k / d lambda_F itself, the input of F, and dS_k / dS_F. */
type Side = keyof ReturnType<typeof slopes>;
/** [example][output asked for] */
type Gradients = ReturnType<typeof slopes>[][];

/** Inner products over some nodes; "sum" adds those of all outputs, each with itself. */
function products(rows: Gradients, columns: Gradients, side: Side, nodes: readonly number[], isSum: boolean): Matrix {
  const dot = (a: Float64Array, b: Float64Array): number => nodes.reduce((sum, at) => sum + a[at]! * b[at]!, 0);
  if (isSum)
    return matrixOf(
      rows.map((row) =>
        Float64Array.from(columns, (column) =>
          row.reduce((sum, own, label) => sum + dot(own[side], column[label]![side]), 0),
        ),
      ),
      columns.length,
    );
  const flat = columns.flat();
  return matrixOf(
    rows.flat().map((own) => Float64Array.from(flat, (other) => dot(own[side], other[side]))),
    flat.length,
  );
}

/** @param seenAt what an example fires, and its scores at some factors */
export function factorKernel(graph: Graph, seenAt: (factors: Float64Array, example: ExampleId) => Seen) {
  const { classCount } = graph;
  const levels = levelsOf(graph);
  const all = graph.nodes.map((_, at) => at);

  /** @throws LabError `spec-invalid` for an output that is not there */
  function gradients(factors: Float64Array, of: readonly ExampleId[], output: KernelOptions["output"] = 0): Gradients {
    if (typeof output === "number" && !(Number.isInteger(output) && output >= 0 && output < classCount))
      throw new LabError("spec-invalid", `There is no output ${output}; give one from 0 to ${classCount - 1}.`);
    const outputs = typeof output === "number" ? [output] : Array.from({ length: classCount }, (_, label) => label);
    return of.map((example) => {
      const seen = seenAt(factors, example);
      return outputs.map((label) => slopes(graph, factors, seen, label));
    });
  }

  function product(
    factors: Float64Array,
    rows: readonly ExampleId[],
    columns: readonly ExampleId[],
    { output, progress }: KernelOptions,
  ) {
    const [one, other] = [gradients(factors, rows, output), gradients(factors, columns, output)];
    progress?.(1);
    return (side: Side, nodes: readonly number[]): Matrix => products(one, other, side, nodes, output === "sum");
  }

  return {
    whole: (
      factors: Float64Array,
      rows: readonly ExampleId[],
      columns: readonly ExampleId[],
      options: KernelOptions = {},
    ): Matrix => product(factors, rows, columns, options)("slope", all),
    /** A level's kernel is not the product of `forward`, the nodes' inputs, and `backward`: each node has one factor. */
    byLevel(
      factors: Float64Array,
      rows: readonly ExampleId[],
      columns: readonly ExampleId[],
      options: KernelOptions = {},
    ): TangentKernel {
      const of = product(factors, rows, columns, options);
      return {
        whole: of("slope", all),
        parts: levels.map((nodes, layer) => ({
          layer,
          kernel: of("slope", nodes),
          forward: of("input", nodes),
          backward: of("reach", nodes),
        })),
      };
    },
  };
}
