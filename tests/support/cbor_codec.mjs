// carillon.cbor by an implementation that is not ours: npm's `cborg`.
import assert from "node:assert/strict";
import { decode, encode } from "cborg";

/** @type {import("./command_socket.mjs").Codec} */
export const cbor_codec = {
  subprotocols: ["carillon.cbor"],
  encode: (frame) => encode(frame),
  decode: (data, is_binary) => {
    assert.ok(is_binary, "CBOR comes in binary frames");
    return decode(data);
  },
};
