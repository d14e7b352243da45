// What an application says, made ready for the wire.
import { asError, CarillonError } from "./errors.ts";

/** As it is now: what waits, or is repeated, must not change with the application's object. */
export function snapshot(data: unknown): unknown {
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    throw new CarillonError("not_supported", "binary data is published by POST /api/messages?channel=…");
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (thrown) {
    throw asError(thrown, "invalid", "the data cannot be JSON: ");
  }
  return text === undefined ? null : JSON.parse(text);
}
