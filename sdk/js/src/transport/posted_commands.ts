// The way up beside event streams and polls: commands by POST, as the session's client.
import { asError, CarillonError } from "../errors.ts";
import { type Http, parseList, readProblem } from "../http.ts";
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
    if (this.#session.token === undefined) {
      const [reply] = await this.#post([{ type: "connect" }]);
      if (reply!.type === "error") throw readProblem(reply!);
      this.#session.learn(reply!);
    }
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

  async #post(commands: readonly Wire[]): Promise<Wire[]> {
    const { token } = this.#session;
    const { text } = await this.#http.text({
      url: this.#url,
      json: commands,
      headers: token === undefined ? {} : { "Carillon-Session": token },
      timeoutMs: this.#timeoutMs,
      signal: this.#abort.signal,
    });
    const replies = parseList(text);
    if (replies?.length !== commands.length) {
      throw new CarillonError("not_carillon", "an answer without a reply to each command");
    }
    return replies;
  }
}
