// The technologies of the lab, in the order of its cards: a line here is all that another one needs.
import client_code from "./code/client.js?raw";
import long_polling_code from "./code/long_polling.js?raw";
import polling_code from "./code/polling.js?raw";
import socket_io_code from "./code/socket_io.js?raw";
import sse_code from "./code/sse.js?raw";
import websocket_code from "./code/websocket.js?raw";
import { LongPolling } from "../transports/long_polling.ts";
import type { Listener, Reader, ReaderOptions } from "../transports/message.ts";
import { Polling } from "../transports/polling.ts";
import { ServerSentEvents } from "../transports/sse.ts";
import { WebSocketReader } from "../transports/websocket.ts";
import { ClientReader } from "./client_reader.ts";
import { SocketIoReader } from "./socket_io_reader.ts";

/** What the code beside a card is given to run with. */
export interface CodeContext {
  server: string;
  channel: string;
  show(data: unknown): void;
  signal: AbortSignal;
}

export interface Technology {
  /** Also the label of its connections, and the name of its colour. */
  id: string;
  name: string;
  in_short: string;
  explanation: string[];
  good_for: string;
  /** Whether "Block WebSocket" stands in its way. */
  uses_websocket: boolean;
  Reader: new (channel: string, listener: Listener, options: ReaderOptions) => Reader;
  code: string;
  load: () => Promise<{ run(context: CodeContext): Promise<void> }>;
}

export const technologies: readonly Technology[] = [
  {
    id: "polling",
    name: "Polling",
    in_short: "“Anything new?” – again and again.",
    explanation: [
      "The page asks at a fixed interval, and the server answers at once, with whatever has come since.",
      "A message waits for the next question: half an interval on average. Ask more often and it comes sooner, but most answers are empty, and each costs a whole request with all of its headers.",
    ],
    good_for: "Dashboards that may be a minute late, caches and proxies of any age.",
    uses_websocket: false,
    Reader: Polling,
    code: polling_code,
    load: () => import("./code/polling.js"),
  },
  {
    id: "longpolling",
    name: "Long polling",
    in_short: "“Tell me when there is something.”",
    explanation: [
      "The page asks, and the server holds the request until a message comes or half a minute has passed. Then the page asks again.",
      "It is as quick as a stream while messages are rare. When they are frequent each one pays for a request, and a slow way there and back shows between any two.",
    ],
    good_for: "Rare messages, and networks that let nothing else through.",
    uses_websocket: false,
    Reader: LongPolling,
    code: long_polling_code,
    load: () => import("./code/long_polling.js"),
  },
  {
    id: "sse",
    name: "Server-Sent Events",
    in_short: "One answer that never ends.",
    explanation: [
      "The server writes each message into a response that stays open. It is plain HTTP with text in it, so it passes where HTTP passes.",
      "The browser reconnects by itself and says which message it had last. What the page has to say goes by ordinary requests.",
    ],
    good_for: "Feeds, notifications, prices: much from the server, little to it.",
    uses_websocket: false,
    Reader: ServerSentEvents,
    code: sse_code,
    load: () => import("./code/sse.js"),
  },
  {
    id: "websocket",
    name: "WebSocket",
    in_short: "A line that is open in both directions.",
    explanation: [
      "A request asks for an upgrade, and from then on both sides send frames with a few octets of header.",
      "It is the cheapest in both directions. But reconnecting and resuming are the application’s affair, and some proxies refuse the upgrade: press “Block WebSocket” and see.",
    ],
    good_for: "Chat, games, drawing together: much and often, both ways.",
    uses_websocket: true,
    Reader: WebSocketReader,
    code: websocket_code,
    load: () => import("./code/websocket.js"),
  },
  {
    id: "socketio",
    name: "Socket.IO",
    in_short: "Events over a WebSocket, or over polls.",
    explanation: [
      "Messages are events with a name, and each may ask for a reply. Its client begins with polls and moves up to a WebSocket, or, as on this card, tries the WebSocket first.",
      "It gets through anywhere, for a few octets more on each message. Block the WebSocket, and it comes back with polls. Resuming is the application’s affair: here it subscribes again from the position it knows.",
    ],
    good_for: "Applications and teams that have it already: the server speaks its protocol as it is.",
    uses_websocket: true,
    Reader: SocketIoReader,
    code: socket_io_code,
    load: () => import("./code/socket_io.js"),
  },
  {
    id: "client",
    name: "@carillon/client",
    in_short: "All of them: the best that gets through.",
    explanation: [
      "The client library takes the first transport that carries messages, judges it by those and not by having opened, and falls back while it keeps its place.",
      "Block the WebSocket and it goes on over Server-Sent Events, with nothing lost and nothing twice. Unblock it, and after a while it goes up again.",
    ],
    good_for: "Applications that would rather not think about any of this.",
    uses_websocket: true,
    Reader: ClientReader,
    code: client_code,
    load: () => import("./code/client.js"),
  },
];
