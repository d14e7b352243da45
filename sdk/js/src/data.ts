// What an application says, made ready for the wire.
import { asError } from "./errors.ts";
import type { Wire } from "./message.ts";

/**
 * The members of a command that carry `data`, as it is now: what waits, or is repeated, must not change
 * with the application's object. Octets are base64.
 */
export function dataMembers(data: unknown): Wire {
  if (data instanceof ArrayBuffer) return dataMembers(new Uint8Array(data));
  if (ArrayBuffer.isView(data)) {
    let octets = "";
    for (const octet of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) octets += String.fromCharCode(octet);
    return { data: btoa(octets), encoding: "base64" };
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (thrown) {
    throw asError(thrown, "invalid", "the data cannot be JSON: ");
  }
  return { data: text === undefined ? null : JSON.parse(text) };
}
