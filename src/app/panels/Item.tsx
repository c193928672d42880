// One thing that opens in one click: its title, and the question behind it.
import { Menu } from "@mantine/core";
import classes from "./Presets.module.css";

interface ItemProps {
  readonly title: string;
  readonly question: string;
  readonly onClick: () => void;
}

export const Item = ({ title, question, onClick }: ItemProps) => (
  <Menu.Item className={classes.item} onClick={onClick}>
    <b>{title}</b>
    <span>{question}</span>
  </Menu.Item>
);
