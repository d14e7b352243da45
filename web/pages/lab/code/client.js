// Picks a transport, falls back, reconnects, resumes, and publishes as well.
import { Carillon } from "@carillon/client";

export async function run({ server, channel, show, signal }) {
  const client = new Carillon(server);
  client.channel(channel).on("message", (message) => show(message.data));
  signal.addEventListener("abort", () => client.close());
}
