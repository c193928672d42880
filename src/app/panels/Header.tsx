// The head of the page: what this is, what runs it, and everything that concerns the experiment as a whole.
import { useMantineColorScheme } from "@mantine/core";
import { useRef, useState } from "react";
import { useActions } from "../state/context.ts";
import { Button, IconButton } from "../widgets/Button.tsx";
import { BackendBadge } from "./BackendBadge.tsx";
import classes from "./Header.module.css";
import { Presets } from "./Presets.tsx";
import { usePlotTheme } from "./theme.ts";

export type DialogName = "setup" | "export" | "help";

export interface HeaderProps {
  readonly open: (dialog: DialogName) => void;
}

export function Header({ open }: HeaderProps) {
  return (
    <header className={classes.header}>
      <div className={classes.brand}>
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <path
            d="M4 23 C10 23 11.5 8 16 8 S22 23 28 23"
            fill="none"
            stroke="var(--accent)"
            strokeWidth="2.8"
            strokeLinecap="round"
          />
          <path d="M4 27H28" stroke="var(--line-strong)" strokeWidth="1.6" strokeLinecap="round" />
          <circle cx="16" cy="8" r="3.4" fill="var(--ink)" />
        </svg>
        <h1>Local Elasticity Lab</h1>
      </div>
      <p className={classes.question}>
        If a network learns this one image, what happens to its prediction at all the others?
      </p>
      <nav className={classes.tools} aria-label="Experiment">
        <Presets />
        <BackendBadge />
        <Share />
        <Button icon="download" look="plain" onClick={() => open("export")} aria-keyshortcuts="X">
          Export
        </Button>
        <Import />
        <ThemeSwitch />
        <IconButton icon="help" label="Help and keys" shortcut="?" onClick={() => open("help")} />
      </nav>
    </header>
  );
}

function Share() {
  const { report } = useActions();
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(true);
      setTimeout(() => setCopied(false), 1800);
    } catch {
      report(new Error("The browser did not let the link be copied; copy it from the address bar."));
    }
  }
  return (
    <Button icon={copied ? "check" : "link"} look="plain" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? "Copied" : "Share"}</span>
    </Button>
  );
}

function Import() {
  const { openText } = useActions();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="upload" label="Import an experiment" onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Experiment file"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) void file.text().then(openText);
        }}
      />
    </>
  );
}

function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const theme = usePlotTheme();
  const other = theme === "light" ? "dark" : "light";
  return (
    <IconButton
      icon={theme === "light" ? "moon" : "sun"}
      label={`Switch to ${other}`}
      onClick={() => setColorScheme(other)}
    />
  );
}
