// The page's shape before there is anything to show.
import classes from "./Waiting.module.css";

export function Waiting() {
  return (
    <div className={classes.waiting} aria-busy="true">
      <span className={classes.bar} />
      <div className="desk">
        <span className={classes.block} />
        <span className={classes.block} />
        <span className={classes.block} />
      </div>
    </div>
  );
}
