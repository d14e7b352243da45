// A connection that both sides write to whenever they like.
export async function run({ server, channel, show, signal }) {
  const url = new URL("ws", server).href.replace(/^http/, "ws");
  const socket = new WebSocket(url, "carillon.json");
  socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", channel }));
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === "message") show(frame.data);
  };
  signal.addEventListener("abort", () => socket.close());
}
