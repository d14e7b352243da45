// The checker must catch what it is there for, whatever else is right.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { judge } from "./checker.mjs";
import { Random } from "./random.mjs";

const published = Array.from({ length: 1000 }, (_, index) => ({
  epoch: "k3f9",
  offset: index + 1,
  data: { number: index + 1 },
}));

/** @param {typeof published} received @param {Partial<ReturnType<typeof judge>>} findings */
function expect_only(received, findings) {
  const { text, ...verdict } = judge(published, received);
  const clean = { lost: [], duplicated: [], reordered: [], foreign: [] };
  assert.deepEqual(verdict, { ok: false, ...clean, ...findings }, text);
}

test("what arrived as it was published is in order", () => {
  const verdict = judge(published, published);
  assert.equal(verdict.ok, true);
  assert.equal(verdict.text, "1000 of 1000: complete, once each, in order");
});

test("a loss is caught, wherever it is", () => {
  for (const index of [0, 1, 499, 998, 999]) {
    expect_only(published.toSpliced(index, 1), { lost: [`k3f9:${index + 1}`] });
  }
});

test("nothing received is a thousand losses", () => {
  assert.equal(judge(published, []).lost.length, 1000);
});

test("a duplicate is caught, beside its twin and far from it", () => {
  for (const index of [0, 1, 500, 999]) {
    const again = published[index];
    expect_only(published.toSpliced(index, 0, again), { duplicated: [`k3f9:${index + 1}`] });
    expect_only([...published, again], { duplicated: [`k3f9:${index + 1}`] });
  }
});

test("a message before its turn is caught", () => {
  for (const index of [0, 300, 998]) {
    const [first, second] = published.slice(index, index + 2);
    expect_only(published.toSpliced(index, 2, second, first), { reordered: [`k3f9:${index + 1}`] });
  }
  expect_only([published[999], ...published.slice(0, 999)], {
    reordered: published.slice(0, 999).map(({ offset }) => `k3f9:${offset}`),
  });
});

test("a message of another epoch, place or content is caught", () => {
  const strangers = [
    { epoch: "zzzz", offset: 7, data: { number: 7 } },
    { epoch: "k3f9", offset: 1001, data: { number: 1001 } },
    { epoch: "k3f9", offset: 7, data: { number: 8 } },
  ];
  for (const stranger of strangers) {
    expect_only(published.toSpliced(20, 0, stranger), {
      foreign: [`${stranger.epoch}:${stranger.offset}`],
    });
  }
});

test("several planted faults are each named", () => {
  const random = new Random(20_261_124);
  for (let round = 0; round < 50; round++) {
    const lost = random.between(1, 300);
    const repeated = random.between(400, 1000);
    const received = [...published, published[repeated - 1]].toSpliced(lost - 1, 1);
    expect_only(received, { lost: [`k3f9:${lost}`], duplicated: [`k3f9:${repeated}`] });
  }
});

test("the program says the same by its exit code", () => {
  const folder = mkdtempSync(join(tmpdir(), "carillon-checker-"));
  /** @param {string} name @param {typeof published} records */
  const write = (name, records) => {
    const path = join(folder, name);
    writeFileSync(path, records.map((record) => JSON.stringify(record) + "\n").join(""));
    return path;
  };
  try {
    const program = new URL("checker.mjs", import.meta.url).pathname;
    const all = write("all.ndjson", published);
    const some = write("some.ndjson", published.slice(1));
    const right = spawnSync(process.execPath, [program, all, all], { encoding: "utf8" });
    const wrong = spawnSync(process.execPath, [program, all, some], { encoding: "utf8" });
    assert.equal(right.status, 0);
    assert.equal(wrong.status, 1);
    assert.match(wrong.stdout, /^999 of 1000: 1 lost \(k3f9:1\)$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
