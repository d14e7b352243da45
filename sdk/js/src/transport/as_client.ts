// Requests that hear as the session's client, once others are to see it or to write to it.
import { asError } from "../errors.ts";
import { beginSession } from "./posted_commands.ts";
import type { TransportHost } from "./transport.ts";

export function ensureSession({ http, session, urlOf, timings }: TransportHost): Promise<void> {
  return beginSession(http, session, urlOf("commands"), timings.requestMs);
}

/** `ask` with the headers that name the client; again as a new one where the server has forgotten it. */
export async function asClient<Answer>(
  host: TransportHost, ask: (headers: Record<string, string>) => Promise<Answer>,
): Promise<Answer> {
  const { session } = host;
  if (!session.isShown) return ask({});
  await ensureSession(host);
  const { token } = session;
  try {
    return await ask({ "Carillon-Session": token! });
  } catch (thrown) {
    if (asError(thrown).code !== "unauthenticated") throw thrown;
    if (session.token === token) session.forget();
    await ensureSession(host);
    return ask({ "Carillon-Session": session.token! });
  }
}
