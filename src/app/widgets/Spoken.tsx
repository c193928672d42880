// Words for those who listen to the page; the eye has something else in their place.
import type { ReactNode } from "react";
import classes from "./Spoken.module.css";

export function Spoken({ children }: { readonly children: ReactNode }) {
  return <span className={classes.spoken}>{children}</span>;
}
