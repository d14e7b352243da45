// Listens and speaks over one connection.
const bells = new WebSocket(`ws://${location.host}/ws`, "carillon.json");
bells.addEventListener("open", () => {
  bells.send(JSON.stringify({ type: "subscribe", channel: "default" }));
});
bells.addEventListener("message", (event) => {
  const frame = JSON.parse(event.data);
  if (frame.type === "message") displayMessage(frame);
});

function say(text) {
  bells.send(JSON.stringify({ type: "message", channel: "default", data: { text } }));
}
