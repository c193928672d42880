// The one place where something that went wrong is said: what, why, and what to do next.
import { adviceOn } from "../state/notice.ts";
import { useActions, useLab } from "../state/context.ts";
import { Button, IconButton } from "../widgets/Button.tsx";
import { Icon } from "../widgets/Icon.tsx";
import classes from "./NoticeBar.module.css";

export function NoticeBar() {
  const notice = useLab((state) => state.notice);
  const actions = useActions();
  if (!notice) return null;
  const { title, next } = adviceOn(notice);
  return (
    <div className={classes.notice} role="alert">
      <Icon name="alert" size={18} />
      <p>
        {notice.error.message.includes(title) ? null : <b>{title}. </b>}
        {notice.error.message}
      </p>
      {next && (
        <Button
          onClick={() => {
            actions.dismiss();
            next.act(actions);
          }}
        >
          {next.title}
        </Button>
      )}
      <IconButton icon="close" label="Close this message" onClick={actions.dismiss} />
    </div>
  );
}
