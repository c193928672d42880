// A measure's symbol in plain text, with what follows an underscore set low.
import { Fragment } from "react";

export function Symbol({ text }: { readonly text: string }) {
  return text
    .split(/_(\w+)/)
    .map((part, at) => (at % 2 === 1 ? <sub key={at}>{part}</sub> : <Fragment key={at}>{part}</Fragment>));
}
