// A dialog over the page, and a drawer beside it: focus stays inside, Escape closes.
import { Drawer as MantineDrawer, Modal } from "@mantine/core";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Drawer.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Paper.css";
import type { ReactNode } from "react";
import classes from "./Dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly width?: number;
  readonly onClose: () => void;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

const parts = {
  content: classes.content!,
  header: classes.header!,
  title: classes.title!,
  body: classes.body!,
  close: classes.close!,
};

export function Dialog({ title, width = 640, onClose, footer, children }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={width}
      centered
      radius={10}
      classNames={parts}
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.4 }}
      transitionProps={{ duration: 100, transition: "fade" }}
    >
      <div className={classes.inside}>{children}</div>
      {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
    </Modal>
  );
}

export function Drawer({ title, width = 460, onClose, footer, children }: DialogProps) {
  return (
    <MantineDrawer
      opened
      onClose={onClose}
      title={title}
      size={width}
      classNames={{ ...parts, body: `${classes.body} ${classes.tall}` }}
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.4 }}
      transitionProps={{ duration: 120 }}
    >
      <div className={classes.inside}>{children}</div>
      {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
    </MantineDrawer>
  );
}
