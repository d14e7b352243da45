// Asks once and waits; the server answers when there is something.
export async function run({ server, channel, show, signal }) {
  let after = "";
  while (!signal.aborted) {
    const url = new URL(`api/messages/subscribe?channel=${channel}&timeout=25`, server);
    if (after) url.searchParams.set("after", after);
    const response = await fetch(url, { signal });
    for (const message of await response.json()) show(message.data);
    after = response.headers.get("Carillon-Position");
  }
}
