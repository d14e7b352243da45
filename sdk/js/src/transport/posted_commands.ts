// The way up beside event streams and polls: commands by POST, as the session's client.
import { asError, CarillonError } from "../errors.ts";
import { type Http, type HttpRequest, parseList, readProblem } from "../http.ts";
import type { Wire } from "../message.ts";
import type { Session } from "../session.ts";
import type { Commands } from "./transport.ts";

export class PostedCommands implements Commands {
  readonly isSerial = true;
  readonly #http: Http;
  readonly #session: Session;
  readonly #timeoutMs: number;
  readonly #url: string;
  readonly #abort = new AbortController();

  constructor(http: Http, session: Session, url: string, timeoutMs: number) {
    this.#http = http;
    this.#session = session;
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  send(commands: readonly Wire[]): Promise<Wire>[] {
    const replies = this.#exchange(commands);
    return commands.map(async (_, index) => {
      const reply = (await replies)[index]!;
      if (reply.type === "error") throw readProblem(reply);
      return reply;
    });
  }

  /** What is under way is broken off. */
  stop(): void {
    this.#abort.abort();
  }

  async #exchange(commands: readonly Wire[]): Promise<Wire[]> {
    // The first publication already needs the session: its repetition must come from the same client.
    await beginSession(this.#http, this.#session, this.#url, this.#timeoutMs);
    try {
      return await this.#post(commands);
    } catch (thrown) {
      const error = asError(thrown);
      // The session or the token: without the session the next refusal is the token's.
      if (error.code === "unauthenticated" && this.#session.token !== undefined) {
        this.#session.forget();
        throw new CarillonError("lost", "the server does not know this session any more", { cause: error });
      }
      throw error;
    }
  }

  #post(json: readonly Wire[]): Promise<Wire[]> {
    const { signal } = this.#abort;
    const headers = { "Carillon-Session": this.#session.token! };
    return post(this.#http, { url: this.#url, json, headers, timeoutMs: this.#timeoutMs, signal });
  }
}

/** Of which commands and readers are the client, over whatever way they go. */
export function beginSession(http: Http, session: Session, url: string, timeoutMs: number): Promise<void> {
  return session.begin(async () => {
    const { signal } = new AbortController();
    const [reply] = await post(http, { url, json: [{ type: "connect" }], timeoutMs, signal });
    if (reply!.type === "error") throw readProblem(reply!);
    return reply!;
  });
}

async function post(http: Http, request: HttpRequest & { json: readonly Wire[] }): Promise<Wire[]> {
  const { text } = await http.text(request);
  const replies = parseList(text);
  if (replies?.length === request.json.length) return replies;
  throw new CarillonError("not_carillon", "an answer without a reply to each command");
}
