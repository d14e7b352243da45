// The server's last word before it ends a connection: why, and when to come back.
import { CarillonError, type ErrorCode } from "../errors.ts";
import type { Wire } from "../message.ts";

/** `{"type":"closing","code","reconnect","wait_ms"?}` */
export function readClosing({ code, reconnect, wait_ms: waitMs }: Wire): CarillonError {
  const name = (typeof code === "string" ? code : "lost") as ErrorCode;
  return new CarillonError(name, `the server ends the connection (${name})`, {
    retryable: reconnect !== false,
    waitMs: typeof waitMs === "number" ? waitMs : undefined,
  });
}

const codes: Record<number, ErrorCode> = {
  1001: "shutdown", 1009: "too_large", 1013: "too_many_connections",
  4400: "bad_request", 4401: "unauthenticated", 4403: "forbidden", 4408: "slow", 4409: "replaced",
  4410: "expired", 4411: "revoked", 4412: "idle", 4429: "rate_limited",
};

/** Where no word came before the end: what its code tells (docs/protocol.md, Errors). */
export function readCloseCode(status: number): CarillonError {
  return new CarillonError(codes[status] ?? "lost", `the WebSocket was closed with ${status}`, {
    status, retryable: true,
  });
}
