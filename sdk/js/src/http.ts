// Requests to the server: addresses, tokens, deadlines, and what refusals mean.
import { asError, CarillonError, type ErrorCode, type ErrorDetails } from "./errors.ts";
import { isObject, parseWire, type Wire } from "./message.ts";
import type { Tokens } from "./token.ts";

export interface HttpRequest {
  /** From `Discovery`, or a path below the base. */
  url: string;
  channels?: readonly string[];
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Makes it a POST. */
  json?: unknown;
  /** Until the head of the answer, or with `text()` until its end. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Sent without the token. */
  isPublic?: boolean;
}

/** Status codes that something in between may give, and that pass. */
const passingStatus: ReadonlySet<number> = new Set([403, 408, 425, 429, 500, 502, 503, 504]);

export class Http {
  readonly base: URL;
  readonly #fetch: typeof fetch;
  readonly #tokens: Tokens;

  constructor(base: URL, fetcher: typeof fetch, tokens: Tokens) {
    this.base = base;
    this.#fetch = fetcher;
    this.#tokens = tokens;
  }

  /** The answer with a status of success; every other one is thrown. */
  async open(request: HttpRequest): Promise<{ response: Response; deadline: Deadline }> {
    const headers: Record<string, string> = { ...request.headers };
    const token = request.isPublic ? undefined : await this.#tokens.get();
    if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
    const deadline = new Deadline(request.timeoutMs, request.signal);
    const init: RequestInit = { headers, signal: deadline.signal, cache: "no-store" };
    if (request.json !== undefined) {
      init.method = "POST";
      init.body = JSON.stringify(request.json);
      headers["Content-Type"] = "application/json";
    }
    try {
      const response = await this.#fetch.call(globalThis, this.#address(request), init);
      if (!response.ok) throw await refusal(response);
      return { response, deadline };
    } catch (thrown) {
      deadline.done();
      throw deadline.explain(thrown);
    }
  }

  /** The whole answer, within the deadline. */
  async text(request: HttpRequest): Promise<{ response: Response; text: string }> {
    const { response, deadline } = await this.open(request);
    try {
      return { response, text: await response.text() };
    } catch (thrown) {
      throw deadline.explain(asError(thrown, "lost", "the answer broke off: "));
    } finally {
      deadline.done();
    }
  }

  #address({ url, channels, query }: HttpRequest): string {
    const address = new URL(url, this.base);
    for (const channel of channels ?? []) address.searchParams.append("channel", channel);
    for (const [name, value] of Object.entries(query ?? {})) address.searchParams.set(name, value);
    return address.href;
  }
}

/** Aborts a request when its time is over or nobody wants it any more. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #abort = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLate = false;
  /** Whether it was ever put off. */
  isExtended = false;

  constructor(timeoutMs: number, outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#abort();
    outer.addEventListener("abort", this.#abort);
    this.#begin(timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on, so long. */
  extend(timeoutMs: number): void {
    if (this.signal.aborted) return;
    this.isExtended = true;
    this.#begin(timeoutMs);
  }

  /** Ends the request. */
  abort(): void {
    this.#abort();
    this.done();
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#abort);
  }

  /** Why it ended, where the time was over; otherwise what was thrown. */
  explain(thrown: unknown): CarillonError {
    return this.#isLate ? new CarillonError("silent", "the server does not answer in time") : asError(thrown);
  }

  #begin(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#abort();
    }, timeoutMs);
  }
}

async function refusal(response: Response): Promise<CarillonError> {
  const text = await response.text().catch(() => "");
  const waitMs = retryAfter(response.headers.get("Retry-After"));
  const problem = parseWire(text);
  if (problem && typeof problem["code"] === "string") {
    return readProblem(problem, { status: response.status, waitMs });
  }
  const { status } = response;
  const what = `an answer of status ${status} that is not a Carillon server's`;
  return new CarillonError("not_carillon", what, { status, waitMs, retryable: passingStatus.has(status) });
}

/** A problem document, or an `error` of the protocol. */
export function readProblem(problem: Wire, details: ErrorDetails = {}): CarillonError {
  const { code, detail, message, wait_ms: waitMs, retained } = problem;
  const text = [detail, message, problem["title"], code].find((each) => typeof each === "string" && each !== "");
  return new CarillonError(code as ErrorCode, text as string, {
    ...details,
    waitMs: typeof waitMs === "number" ? waitMs : details.waitMs,
    retained: typeof retained === "string" ? retained : undefined,
  });
}

/** RFC 9110 §10.2.3: seconds or a date. */
function retryAfter(field: string | null): number | undefined {
  if (field === null) return undefined;
  const waitMs = /^\d+$/.test(field) ? Number(field) * 1000 : Date.parse(field) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(waitMs, 0);
}

export function parseList(text: string): Wire[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every(isObject) ? list : undefined;
  } catch {
    return undefined;
  }
}
