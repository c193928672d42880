// Keeps a mistake in one panel from taking the page down.
import { Component, type ReactNode } from "react";
import { Button } from "./Button.tsx";
import { Panel } from "./Panel.tsx";

interface GuardState {
  readonly error: Error | undefined;
}

export class Guard extends Component<{ readonly children: ReactNode }, GuardState> {
  override state: GuardState = { error: undefined };

  static getDerivedStateFromError(error: Error): GuardState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Panel title="This panel failed">
        <p role="alert">{error.message}</p>
        <p>
          <Button onClick={() => this.setState({ error: undefined })}>Draw it again</Button>
        </p>
      </Panel>
    );
  }
}
