// carillon.cbor by an implementation that is not ours: npm's `cbor-x`.
import assert from "node:assert/strict";
import { Encoder } from "cbor-x";

const plain = new Encoder({ useRecords: false, mapsAsObjects: true });

/** @type {import("./command_socket.mjs").Codec} */
export const cbor_codec = {
  subprotocols: ["carillon.cbor"],
  encode: (frame) => plain.encode(frame),
  decode: (data, is_binary) => {
    assert.ok(is_binary, "CBOR comes in binary frames");
    return plain.decode(data);
  },
};
