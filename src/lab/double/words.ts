// What a network is made of, from plain facts about its layers to the words that the double-precision network is built from.
import type { LayerFacts } from "../contracts.ts";
import type { ActivationName, LayerSpec } from "./layers.ts";

/** @throws RangeError for a layer that double precision does not know */
export function wordsOf(facts: readonly LayerFacts[]): LayerSpec[] {
  /** Each with how many layers of the network it stands for. */
  const said: { readonly spec: LayerSpec; readonly span: number }[] = [];
  for (const fact of facts) {
    if (fact.kind !== "add") {
      said.push({ spec: simpleWords(fact), span: 1 });
      continue;
    }
    const inner: LayerSpec[] = [];
    let span = 0;
    while (span < fact.skip!) {
      const last = said.pop()!;
      inner.unshift(last.spec);
      span += last.span;
    }
    said.push({ spec: { kind: "residual", inner }, span: span + 1 });
  }
  return said.map(({ spec }) => spec);
}

const activationNames: readonly string[] = ["relu", "tanh", "sigmoid", "gelu"] satisfies ActivationName[];

function simpleWords({ kind, outputShape, windows }: LayerFacts): LayerSpec {
  if (activationNames.includes(kind)) return { kind: kind as ActivationName };
  switch (kind) {
    case "flatten":
      return { kind };
    case "dense":
      return { kind, width: outputShape[0]! };
    case "conv":
      return { kind, channels: outputShape[2]!, ...windows! };
    case "max-pool":
    case "average-pool":
      return { kind, size: windows!.kernel, stride: windows!.stride, padding: windows!.padding };
    default:
      throw new RangeError(`double precision: no layer of kind ${kind}`);
  }
}
