// A dialog over the page, and a drawer beside it: focus stays inside, Escape closes, and focus goes back where it was.
import { Drawer as MantineDrawer, Modal } from "@mantine/core";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/Drawer.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Paper.css";
import { useEffect, useState, type ReactNode } from "react";
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
  title: classes.title!,
  body: classes.body!,
  close: classes.close!,
};

/** A dialog is gone once closed, so it cannot give the focus back by itself. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}

export function Dialog({ title, width = 640, onClose, footer, children }: DialogProps) {
  useFocusBack();
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={width}
      centered
      radius={10}
      classNames={parts}
      returnFocus={false}
      transitionProps={{ duration: 100, transition: "fade" }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        {/* Mantine's own header would be a second banner of the page. */}
        <div className={classes.header}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <div className={classes.inside}>{children}</div>
          {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

export function Drawer({ title, width = 460, onClose, footer, children }: DialogProps) {
  useFocusBack();
  return (
    <MantineDrawer.Root
      opened
      onClose={onClose}
      size={width}
      classNames={{ ...parts, body: `${classes.body} ${classes.tall}` }}
      returnFocus={false}
      transitionProps={{ duration: 120 }}
    >
      <MantineDrawer.Overlay backgroundOpacity={0.4} />
      <MantineDrawer.Content>
        <div className={classes.header}>
          <MantineDrawer.Title>{title}</MantineDrawer.Title>
          <MantineDrawer.CloseButton aria-label="Close" />
        </div>
        <MantineDrawer.Body>
          <div className={classes.inside}>{children}</div>
          {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
        </MantineDrawer.Body>
      </MantineDrawer.Content>
    </MantineDrawer.Root>
  );
}
