// Asks every second whether there is something new.
export async function run({ server, channel, show, signal }) {
  let after = "";
  while (!signal.aborted) {
    const url = new URL(`api/messages?channel=${channel}&limit=5`, server);
    if (after) url.searchParams.set("after", after);
    const response = await fetch(url, { signal });
    for (const message of await response.json()) show(message.data);
    after = response.headers.get("Carillon-Position");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
