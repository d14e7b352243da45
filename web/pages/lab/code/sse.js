// One answer that never ends. The browser reconnects and resumes by itself.
export async function run({ server, channel, show, signal }) {
  const source = new EventSource(new URL(`api/events?channel=${channel}`, server));
  source.onmessage = (event) => show(JSON.parse(event.data).data);
  signal.addEventListener("abort", () => source.close());
}
