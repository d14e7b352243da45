// HTTP/1.1 answers, read strictly from the bytes of a `Wire`.
import assert from "node:assert/strict";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Map<string, string>} fields  by their names in lower case
 * @property {Buffer} body
 * @property {any} json                    the body's JSON, or undefined where it has another type
 */

const status_line = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]+$/;
const field_line = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x20-\x7e]*)$/;
const imf_date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Waits for one whole answer and checks what is true of every one.
 * @param {import("./wire.mjs").Wire} wire
 * @param {{ method?: string }} [options] of the request: HEAD has answers without a body
 */
export async function read_answer(wire, { method = "GET" } = {}) {
  const answer = await wire.take((bytes, over) => parse_answer(bytes, over, method), "an answer");
  if (answer.status >= 200) check_date(answer);
  if (answer.status >= 400) assert.equal(answer.fields.get("content-type"), "application/problem+json");
  return answer;
}

/** @param {Answer} answer */
function check_date(answer) {
  const date = answer.fields.get("date") ?? "";
  assert.match(date, imf_date);
  const hour_ms = 3_600_000;
  assert.ok(Math.abs(Date.parse(date) - Date.now()) < hour_ms, date);
}

/**
 * @param {Buffer} bytes
 * @param {boolean} over
 * @param {string} method
 * @returns {{ value: Answer, size: number } | undefined}
 */
export function parse_answer(bytes, over, method) {
  const head_end = bytes.indexOf("\r\n\r\n");
  if (head_end < 0) return undefined;
  const [first, ...lines] = bytes.toString("latin1", 0, head_end).split("\r\n");
  const status = Number(status_line.exec(first)?.[1]);
  assert.ok(status, `no status line: ${first}`);
  const fields = new Map(lines.map((line) => read_field(line)));
  assert.equal(fields.size, lines.length, `a field came twice: ${lines}`);
  const rest = bytes.subarray(head_end + 4);
  const read = read_body(rest, over, fields, method === "HEAD" || status < 200 || [204, 304].includes(status));
  if (!read) return undefined;
  const { body, size } = read;
  const is_json = /^application\/(problem\+)?json/.test(fields.get("content-type") ?? "");
  const json = is_json && body.length > 0 ? JSON.parse(body.toString()) : undefined;
  return { value: { status, fields, body, json }, size: head_end + 4 + size };
}

/** @param {string} line @returns {[string, string]} */
function read_field(line) {
  const found = field_line.exec(line);
  assert.ok(found, `no field line: ${line}`);
  return [found[1].toLowerCase(), found[2]];
}

/** @param {Buffer} bytes @param {boolean} over @param {Map<string, string>} fields @param {boolean} none */
function read_body(bytes, over, fields, none) {
  if (none) return { body: Buffer.alloc(0), size: 0 };
  const coding = fields.get("transfer-encoding");
  const length = fields.get("content-length");
  assert.ok(!coding || !length, "both framings at once");
  if (coding) return read_chunks(bytes);
  if (length === undefined) return over ? { body: bytes, size: bytes.length } : undefined;
  const size = Number(length);
  return bytes.length < size ? undefined : { body: bytes.subarray(0, size), size };
}

/** @param {Buffer} bytes */
function read_chunks(bytes) {
  /** @type {Buffer[]} */
  const pieces = [];
  let at = 0;
  for (;;) {
    const line_end = bytes.indexOf("\r\n", at);
    if (line_end < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, line_end), 16);
    const begin = line_end + 2;
    if (bytes.length < begin + size + 2) return undefined;
    assert.equal(bytes.toString("latin1", begin + size, begin + size + 2), "\r\n");
    at = begin + size + 2;
    if (size === 0) return { body: Buffer.concat(pieces), size: at };
    pieces.push(bytes.subarray(begin, begin + size));
  }
}
