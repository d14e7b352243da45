// The one error of the client: a code for programs, a sentence and a hint for people.

/** Codes of the server's problems (docs/protocol.md), of its closings, and the client's own. */
export type ErrorCode =
  | "bad_request" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "gone" | "too_large"
  | "invalid" | "rate_limited" | "internal" | "not_supported" | "unavailable" | "too_many_connections"
  | "shutdown" | "slow" | "replaced" | "expired" | "revoked" | "idle"
  /** The URL is none that a server can have. */
  | "bad_url"
  /** Nothing answers, or the browser may not read the answer. */
  | "unreachable"
  /** The connection broke. */
  | "lost"
  /** Nothing was heard for too long. */
  | "silent"
  /** Something answers, but no Carillon server. */
  | "not_carillon"
  /** A Carillon server of another protocol version. */
  | "version"
  /** None of the server's transports can be used here. */
  | "no_transport"
  /** The application's `token` function failed. */
  | "token_failed"
  /** Too much waits to be published. */
  | "queue_full"
  /** It was sent, and whether it arrived can no longer be found out. */
  | "outcome_unknown"
  /** There is no connection now, and this is not kept for later. */
  | "offline"
  /** The client was closed. */
  | "closed";

const hints: Partial<Record<ErrorCode, string>> = {
  bad_url: "Give the server's address with its base path, e.g. https://example.org/live.",
  unreachable: "Does the server run there? A page of another origin must be in [access] origins.",
  not_carillon: "Check the address, [http] base_path, and what stands in between.",
  version: "Take the client of the server's version, or update the server.",
  unauthenticated: "See that `token` returns a new one of your back end.",
  forbidden: "Let the token, or [access] anonymous, allow it.",
  expired: "Let `token` be a function that fetches a fresh one.",
  revoked: "Log in again.",
  no_transport: "Pass `webSocket` (Node 18 and 20), or allow more in `transports`.",
  token_failed: "See why the `token` function throws.",
  queue_full: "Wait for earlier ones, or raise `queueCount`.",
  invalid: "See what JSON, the schema or the idempotency key asks for.",
  not_supported: "Use another way: docs/protocol.md has them all.",
  too_large: "Publish less at once, or raise the limit on the server.",
  rate_limited: "Publish less often, or raise the limit on the server.",
  too_many_connections: "Raise the server's limit of open files (LimitNOFILE, ulimit -n).",
  outcome_unknown: "Look into the history before you publish it again.",
  offline: "Wait for the state `online`.",
};

export interface ErrorDetails {
  /** HTTP status or WebSocket close code. */
  status?: number | undefined;
  /** The server's advice: not before so long. */
  waitMs?: number | undefined;
  /** Whether trying the same again can help; by default as the code says. */
  retryable?: boolean | undefined;
  /** With `gone`: from where everything is retained, one position per channel of the request. */
  retained?: string | undefined;
  cause?: unknown;
}

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "rate_limited", "internal", "unavailable", "too_many_connections", "shutdown", "slow", "expired", "idle",
  "unreachable", "lost", "silent", "token_failed", "offline",
]);

export class CarillonError extends Error {
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string;
  readonly status: number | undefined;
  readonly waitMs: number | undefined;
  readonly retryable: boolean;
  /** @internal */
  readonly retained: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "CarillonError";
    this.code = code;
    this.hint = hints[code] ?? "";
    this.status = details.status;
    this.waitMs = details.waitMs;
    this.retryable = details.retryable ?? passing.has(code);
    this.retained = details.retained;
  }
}

/** Whatever was thrown, as the client's own error. */
export function asError(thrown: unknown, code: ErrorCode = "unreachable", prefix = ""): CarillonError {
  if (thrown instanceof CarillonError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new CarillonError(code, prefix + text, { cause: thrown });
}
