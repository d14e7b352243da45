// The first page: one channel, four panes, each on another transport.
import { message_from_form, publish } from "./live/publish.ts";
import { Pane } from "./live/pane.ts";
import { opening_position } from "./live/history.ts";
import { LongPolling } from "./transports/long_polling.ts";
import { Polling } from "./transports/polling.ts";
import { ServerSentEvents } from "./transports/sse.ts";
import { WebSocketReader } from "./transports/websocket.ts";
import { element } from "./live/dom.ts";
import { endpoint } from "./transports/endpoint.ts";

const transports = [
  { name: "Polling", Reader: Polling },
  { name: "Long polling", Reader: LongPolling },
  { name: "Server-Sent Events", Reader: ServerSentEvents },
  { name: "WebSocket", Reader: WebSocketReader },
];

function set_up_composer(channel: string): void {
  const form = element("composer", HTMLFormElement);
  const outcome = element("outcome", HTMLOutputElement);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = message_from_form(form);
    if (text === "") return;
    form.reset();
    const result = await publish(channel, { text });
    outcome.value = result.text;
    outcome.classList.toggle("failed", !result.accepted);
    if (!result.accepted) element("text", HTMLInputElement).value ||= text;
  });
}

function show_command(channel: string): void {
  const url = endpoint("api/messages", channel === "default" ? {} : { channel });
  element("command", HTMLElement).textContent = `curl -d 'hello' '${url}'`;
}

async function start(): Promise<void> {
  const channel = new URL(location.href).searchParams.get("channel") || "default";
  element("channel", HTMLInputElement).value = channel;
  document.title = `${channel} – Carillon`;
  set_up_composer(channel);
  show_command(channel);

  const panes = transports.map(
    ({ name, Reader }) => new Pane(name, (listener) => new Reader(channel, listener)),
  );
  element("panes", HTMLElement).append(...panes.map((pane) => pane.root));
  // All panes start from one place, so that they show the same messages.
  const position = await opening_position(channel);
  for (const pane of panes) pane.start(position);
}

void start();
