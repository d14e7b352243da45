// Which technology fits which requirements: the decision tree that the project began with, with the
// same inputs and the same answers. `carillon choose` gives them too; tests/vectors/choose.json has both.

export interface Requirements {
  /** Media or data from client to client, without a server in the middle. */
  peerToPeer?: boolean;
  videoStreaming?: boolean;
  clientToServer?: boolean;
  serverToClient?: boolean;
  /** Many updates a second. */
  highFrequency?: boolean;
  gaming?: boolean;
  /** Plain notifications or feeds. */
  simple?: boolean;
  binary?: boolean;
  /** Now and then, where simplicity counts more. */
  infrequent?: boolean;
}

export type Technology = "WebRTC" | "WebSocket" | "Socket.io" | "SSE" | "Long Polling";

export function chooseTransport(requirements: Requirements): Technology {
  if (requirements.peerToPeer || requirements.videoStreaming) return "WebRTC";
  if (requirements.clientToServer && requirements.serverToClient) {
    return requirements.highFrequency || requirements.gaming ? "WebSocket" : "Socket.io";
  }
  if (requirements.serverToClient) {
    return requirements.simple && !requirements.binary ? "SSE" : "WebSocket";
  }
  return requirements.infrequent ? "Long Polling" : "WebSocket";
}

/** The client's transport for each answer. Falling back, which Socket.io stands for, is done with any. */
const preferred: Record<Technology, string> = {
  WebRTC: "datachannel",
  WebSocket: "websocket",
  "Socket.io": "websocket",
  SSE: "sse",
  "Long Polling": "longpoll",
};

/** What the server offers and the client can use: what fits best first, then in the server's order. */
export function rank(offered: readonly string[], requirements: Requirements | undefined): string[] {
  const first = requirements && preferred[chooseTransport(requirements)];
  if (first === undefined || !offered.includes(first)) return [...offered];
  return [first, ...offered.filter((name) => name !== first)];
}
