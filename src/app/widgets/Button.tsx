// Buttons: one primary look, one quiet look, and a square one with an icon, whose name is its tooltip.
import { Tooltip } from "@mantine/core";
import type { ButtonHTMLAttributes, Ref } from "react";
import classes from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "quiet" | "plain";
  readonly icon?: IconName;
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "quiet", icon, small = false, children, className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      data-small={small || undefined}
      className={`${classes.button} ${classes[look]} ${className}`}
    >
      {icon && <Icon name={icon} size={small ? 14 : 16} />}
      <span className={classes.text}>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> {
  readonly icon: IconName;
  readonly label: string;
  readonly shortcut?: string;
  readonly look?: "quiet" | "plain";
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, shortcut, look = "plain", className = "", ...rest }: IconButtonProps) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label} openDelay={350} withArrow={false} offset={6}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={`${classes.button} ${classes.square} ${classes[look]} ${className}`}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
