// What the demos make of what they hear.
import assert from "node:assert/strict";
import { test } from "node:test";
import { thinned } from "../pages/demos/board/stroke.ts";
import { empty_room, hear } from "../pages/demos/chat/room.ts";
import { size_text } from "../pages/demos/files/size.ts";
import { bell_of, Track } from "../pages/demos/game/arena.ts";
import { room_of } from "../pages/demos/kit/room.ts";
import { latest, with_reading } from "../pages/demos/sensors/series.ts";
import { Tape } from "../pages/demos/stocks/tape.ts";

/** @param {unknown[]} said */
function room_after(...said) {
  return said.reduce((room, data, index) => hear(room, { offset: index + 1, timestamp: 0, data }), empty_room);
}

test("a room counts reactions by what they are to, and ignores what it does not know", () => {
  const text = { text: "hello", name: "Ann", from: "a" };
  const room = room_after(text, { to: 1, reaction: "love" }, { to: 1, reaction: "love" }, { to: 9, reaction: "love" }, { to: 1, reaction: "?" }, null, 7, "x", {});
  assert.deepEqual(room.entries.map(({ offset, reactions }) => [offset, reactions]), [[1, { love: 2 }]]);
});

test("a room forgets the oldest", () => {
  const room = room_after(...Array.from({ length: 250 }, (_, index) => ({ text: `${index}`, name: "", from: "a" })));
  assert.deepEqual([room.entries.length, room.entries[0].text, room.entries[0].name], [200, "50", "Somebody"]);
});

test("a stroke keeps its ends and leaves out what nobody sees", () => {
  assert.deepEqual(thinned([[0.1, 0.1], [0.1001, 0.1], [0.2, 0.123456], [0.2001, 0.1234]]), [[0.1, 0.1], [0.2, 0.1235], [0.2001, 0.1234]]);
  assert.deepEqual(thinned([]), []);
  assert.deepEqual(thinned([[0.5, 0.5]]), [[0.5, 0.5]]);
  assert.equal(thinned(Array.from({ length: 1000 }, (_, index) => [index, 0])).length, 400);
});

test("a bell is the same for everybody, and within the arena", () => {
  for (let time_ms = 1_700_000_000_000; time_ms < 1_700_000_400_000; time_ms += 4000) {
    const bell = bell_of(time_ms);
    assert.deepEqual(bell, bell_of(time_ms - (time_ms % 4000) + 3999));
    for (const value of [bell.x, bell.y]) assert.ok(value >= 0.1 && value <= 0.9);
  }
});

test("a player glides between the places that are known", () => {
  const track = new Track();
  assert.equal(track.at(0), undefined);
  track.add(100, { x: 0, y: 1 });
  track.add(200, { x: 1, y: 0 });
  assert.deepEqual(track.at(150), { x: 0.5, y: 0.5 });
  assert.deepEqual([track.at(50)?.x, track.at(900)?.x], [0, 1]);
});

test("a tape counts what was left out by the offsets", () => {
  const tape = new Tape();
  assert.equal(tape.skipped_share, undefined);
  for (const offset of [11, 12, 20]) tape.hear({ symbol: offset === 20 ? "A" : "B", price: offset }, offset);
  assert.equal(tape.skipped_share, 0.7);
  tape.tick(1000);
  tape.hear({ symbol: "B", price: 10 }, 21);
  tape.tick(1000);
  assert.deepEqual(tape.quotes(), [{ symbol: "A", price: 20, change: 0 }, { symbol: "B", price: 10, change: -2 }]);
});

test("readings need a name, and nothing else", () => {
  let sensors = with_reading({}, { sensor: "a", temperature: 20 }, 1);
  sensors = with_reading(sensors, /** @type {any} */ ({ sensor: "a", humidity: "wet" }), 2);
  sensors = with_reading(sensors, /** @type {any} */ ({ temperature: 1 }), 3);
  sensors = with_reading(sensors, /** @type {any} */ (null), 3);
  assert.deepEqual(sensors, { a: { time_s: [1, 2], temperature: [20, null], humidity: [null, null] } });
  assert.deepEqual(latest(sensors.a), { time_s: 2, temperature: null, humidity: null });
});

test("a room is what the address names, if it can be one", () => {
  assert.deepEqual(["#bells", "#Room-7", "", "#", "#a b", "#%E0%A4%A", `#${"x".repeat(33)}`].map(room_of),
    ["bells", "room-7", "lobby", "lobby", "lobby", "lobby", "lobby"]);
});

test("sizes are said in the unit that fits", () => {
  assert.deepEqual([0, 1, 999, 1000, 50_000_000, 4 * 1024 ** 3, 5e15].map(size_text),
    ["0 B", "1 B", "999 B", "1.0 kB", "50.0 MB", "4.3 GB", "5000000.0 GB"]);
});
