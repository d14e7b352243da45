// The application's token: asked for when needed, kept until shortly before it ends, renewed in time.
import { asError, CarillonError } from "./errors.ts";
import { longestTimerMs } from "./timings.ts";

export type TokenSource = string | (() => string | Promise<string>);

/** Renewed at the latest so long before its end … */
const marginMs = 60_000;
/** … or, of a short life, when so much of it is left. */
const marginShare = 0.2;
/** Between two tries to renew one that still counts. */
const retryMs = 5_000;

export class Tokens {
  /** Called with each token that replaces one that still counts. */
  onRenewed: (token: string) => void = () => {};
  readonly #source: TokenSource | undefined;
  #token: string | undefined;
  #renewAtMs = Infinity;
  #asking: Promise<string> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: TokenSource | undefined) {
    this.#source = source;
  }

  /** Whether asking again can give another one. */
  get canRenew(): boolean {
    return typeof this.#source === "function";
  }

  /** The user that the token names, where it can be read. */
  get user(): string | undefined {
    const user = claimsOf(this.#token)?.["sub"];
    return typeof user === "string" && user !== "" ? user : undefined;
  }

  /** Fails with `token_failed`. */
  async get(): Promise<string | undefined> {
    if (this.#source === undefined) return undefined;
    if (this.#token === undefined || (this.canRenew && Date.now() >= this.#renewAtMs)) {
      await this.#ask();
    }
    return this.#token;
  }

  /** The server refused this one. */
  forget(): void {
    this.#token = undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #ask(): Promise<string> {
    return (this.#asking ??= this.#fetch().finally(() => (this.#asking = undefined)));
  }

  async #fetch(): Promise<string> {
    const source = this.#source!;
    let token: unknown;
    try {
      token = typeof source === "function" ? await source() : source;
    } catch (thrown) {
      throw asError(thrown, "token_failed", "the token function failed: ");
    }
    if (typeof token !== "string" || token === "") {
      throw new CarillonError("token_failed", "the token function returned no token");
    }
    this.#keep(token);
    return token;
  }

  #keep(token: string): void {
    this.#token = token;
    const exp = claimsOf(token)?.["exp"];
    const endsAtMs = typeof exp === "number" ? exp * 1000 : Infinity;
    const leftMs = endsAtMs - Date.now();
    this.#renewAtMs = endsAtMs - Math.min(marginMs, leftMs * marginShare);
    if (this.canRenew && endsAtMs < Infinity && leftMs > 0) this.#renewIn(this.#renewAtMs - Date.now());
  }

  #renewIn(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#ask().then((token) => this.onRenewed(token), () => this.#renewIn(retryMs));
    }, Math.min(Math.max(waitMs, 0), longestTimerMs));
  }
}

/** What a JWT says, unchecked: checking is the server's. */
function claimsOf(token: string | undefined): Record<string, unknown> | undefined {
  const payload = token?.split(".")[1];
  if (!payload) return undefined;
  try {
    const octets = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)));
    const claims: unknown = JSON.parse(text);
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
