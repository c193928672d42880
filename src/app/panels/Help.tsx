// What the lab shows, how to read it, and its keys.
import { Dialog } from "../widgets/Dialog.tsx";
import classes from "./Help.module.css";
import { shortcuts } from "./shortcuts.ts";

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="How to use the lab" width={760} onClose={onClose}>
      <div className={classes.columns}>
        <div className={classes.words}>
          <p>
            A network takes one gradient step on a single image, the <b>anchor</b>. The lab measures how far that step
            moves the prediction at every other image, the <b>probes</b>, as a share of how far it moves the anchor's
            own.
          </p>
          <p>
            In a <b>locally elastic</b> network the share is large for similar images and small for others, and it
            becomes so during training. In a linear classifier it stays the same whatever is learned.
          </p>
          <ol>
            <li>Pick an image on the left: its response appears on the right at once.</li>
            <li>Compare the two models: same data, same seed, same anchors, one scale.</li>
            <li>Go back in time on the line of epochs; every figure follows.</li>
            <li>Click a cell of the heatmap for the images and the numbers behind it.</li>
            <li>Train, change the setup, and share the link: it holds the whole experiment.</li>
          </ol>
          <p>
            <b>Probe</b> never changes the weights. <b>Learn</b> makes the step permanent; the log keeps both, and
            replays them from the seed.
          </p>
          <p className={classes.cite}>He and Su, The Local Elasticity of Neural Networks, ICLR 2020.</p>
        </div>
        <dl className={classes.keys}>
          {shortcuts.map(({ shown, does }) => (
            <div key={shown}>
              <dt>
                <kbd>{shown}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>← ↑ → ↓</kbd>
            </dt>
            <dd>move among images and epochs; Enter picks</dd>
          </div>
        </dl>
      </div>
    </Dialog>
  );
}
