// The lab's arithmetic.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Recorder } from "../pages/lab/recorder.ts";
import { class_ends_ms, histogram, milliseconds, octets, percentile } from "../pages/lab/statistics.ts";
import { since } from "../pages/lab/wire.ts";

test("percentiles are values that were there", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile(values, 0), 1);
  assert.equal(percentile([7], 0.99), 7);
  assert.equal(percentile([], 0.5), undefined);
});

test("the histogram counts every value once, its class's end included", () => {
  const counts = histogram([0, 1, 1.5, 2, 3, 4096, 5000]);
  assert.equal(counts.length, class_ends_ms.length);
  assert.deepEqual(counts.slice(0, 3), [2, 2, 1]);
  assert.deepEqual(counts.slice(-2), [1, 1]);
});

test("numbers are short", () => {
  assert.deepEqual([undefined, -0.2, 9.94, 10.4, 1234, 12_345].map(milliseconds), ["–", "0.0 ms", "9.9 ms", "10 ms", "1.23 s", "12.3 s"]);
  assert.deepEqual([undefined, NaN, 999, 1500, 2_500_000].map(octets), ["–", "–", "999 B", "1.5 kB", "2.5 MB"]);
});

test("a recorder counts what was missed, empty answers and reconnects", () => {
  const recorder = new Recorder();
  recorder.on_state("listening");
  for (const [number, delay_ms] of [[3, 10], [4, 20], [7, 30]]) recorder.on_message(number, delay_ms);
  recorder.on_answer(0);
  recorder.on_answer(2);
  recorder.on_tick();
  recorder.on_state("waiting", "again in 1 s");
  recorder.on_state("connecting");
  recorder.on_state("listening");
  recorder.on_state("listening");
  recorder.on_tick();
  const figures = recorder.figures();
  assert.deepEqual([figures.heard_count, figures.missed_count, figures.empty_count, figures.reconnect_count], [3, 2, 1, 1]);
  assert.deepEqual([figures.p50_ms, figures.p99_ms], [20, 30]);
  assert.deepEqual(figures.series_ms, [20, null]);
});

test("a reset begins anew, but misses nothing in between", () => {
  const recorder = new Recorder();
  recorder.on_message(1, 5);
  recorder.reset();
  assert.equal(recorder.figures().heard_count, 0);
  recorder.on_message(3, 5);
  assert.equal(recorder.figures().missed_count, 1);
});

test("tallies that began anew count from there", () => {
  const then = { requests: 5, received_bytes: 500, sent_bytes: 700 };
  assert.deepEqual(since({ requests: 7, received_bytes: 800, sent_bytes: 900 }, then), { requests: 2, received_bytes: 300, sent_bytes: 200 });
  assert.deepEqual(since({ requests: 1, received_bytes: 90, sent_bytes: 80 }, then), { requests: 1, received_bytes: 90, sent_bytes: 80 });
});
