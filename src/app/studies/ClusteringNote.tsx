// How the grid of accuracies is to be read: its floor, its spread, and what a network without similarities looks like.
import classes from "./ClusteringView.module.css";

export function ClusteringNote() {
  return (
    <dl className={classes.note}>
      <div>
        <dt>50 % is the floor</dt>
        <dd>
          Clusters have no names. Each is given the class that makes more images right, so blind guessing scores 50 % or
          a little more, and nothing scores less.
        </dd>
      </div>
      <div>
        <dt>One run says little</dt>
        <dd>
          Other initial weights move an accuracy by 10 to 15 points on MNIST. Read the mean and its s.d. over seeds, and
          the count n of seeds that gave a number.
        </dd>
      </div>
      <div>
        <dt>Why the step size is not the paper’s</dt>
        <dd>
          The tangent kernel grows with the width. At width 1024 the paper’s 0.003 for width 40960 changes next to
          nothing (51 % on 5 v 8). With step size × kernel held constant, 0.07 at width 1024, clusters appear, in a
          large-step regime where nine of ten hidden units or more die early.
        </dd>
      </div>
      <div>
        <dt>Collapsed, diverged</dt>
        <dd>
          A network whose hidden units are all dead is a constant: no image resembles another. It has collapsed, as has
          one whose loss is not below that of a constant. Where the loss is no number any more, training has diverged.
          Either way it starts anew from other weights a few times; if nothing helps, the word stands in the cell, never
          50 %.
        </dd>
      </div>
    </dl>
  );
}
