// What surrounds every demo: its title, how the connection is, a second window, the source.
import { describeState } from "@carillon/client";
import { type ComponentChildren, render } from "preact";
import { useConnection } from "./connection.ts";
import { SourceButton } from "./source.tsx";

const dots = { idle: "connecting", connecting: "connecting", online: "listening", degraded: "listening", offline: "waiting", denied: "waiting", closed: "cut" };

function Connection() {
  const state = useConnection();
  return (
    <p class="connection" data-state={dots[state.name]} role="status">
      <span class="dot" />
      {describeState(state)}
    </p>
  );
}

function Trouble() {
  const state = useConnection();
  if (state.name !== "denied" && state.name !== "offline") return null;
  return (
    <p class="notice failed">
      {state.error.message}. {state.error.hint} {state.name === "offline" && "It is tried again by itself."}
    </p>
  );
}

interface ShellProps {
  demo: string;
  title: string;
  lead: string;
  children: ComponentChildren;
}

function Shell({ demo, title, lead, children }: ShellProps) {
  const second = () => window.open(location.href, "_blank", "noopener,width=720,height=800");
  return (
    <>
      <p class="crumb"><a href="../">All demos</a></p>
      <div class="heading">
        <h1>{title}</h1>
        <div class="heading-actions">
          <Connection />
          <button type="button" class="second" onClick={second}>Second window</button>
          <SourceButton demo={demo} />
        </div>
      </div>
      <p class="lead">{lead}</p>
      <Trouble />
      {children}
    </>
  );
}

export function show_demo(props: Omit<ShellProps, "children">, children: ComponentChildren): void {
  const place = document.getElementById("demo")!;
  place.replaceChildren();
  render(<Shell {...props}>{children}</Shell>, place);
}

/** What stands where nothing has come yet: it says what to do about it. */
export function Nothing({ children }: { children: ComponentChildren }) {
  return <p class="nothing">{children}</p>;
}
