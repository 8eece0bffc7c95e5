// What a screen of crops tells the server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Screen } from "../../../../annotate/app/static/wall/screen.js";
import { TABLES } from "../../../../annotate/app/static/wall/strings.js";

const crop = (id, text, state = "todo") => ({ image_id: "i", region: { id, text, score: 0.5, state, direction: "ltr" } });

test("untouched crops are confirmed as they were seen", () => {
  const screen = new Screen([crop("a", "一"), crop("b", "two", "confirmed")]);
  assert.deepEqual(screen.marks(), [{ image_id: "i", region_id: "a", seen: "一", text: null, wrong: false }]);
  assert.equal(screen.touched, false);
});

test("a wrong crop is told as wrong, and its text is left alone", () => {
  const screen = new Screen([crop("a", "x"), crop("b", "y", "confirmed")]);
  screen.write(0, "z");
  screen.toggle(0);
  screen.toggle(1);
  assert.deepEqual(screen.marks().map((mark) => [mark.wrong, mark.text]), [[true, null], [true, null]]);
  assert.equal(screen.count("wrong"), 2);
});

test("a text that is typed makes a wrong crop right; the old text again is no change", () => {
  const screen = new Screen([crop("a", "old")]);
  screen.toggle(0);
  screen.write(0, " new\ttext ");
  assert.deepEqual([screen.state(0), screen.text(0)], ["edited", "new text"]);
  screen.write(0, "old");
  assert.deepEqual([screen.state(0), screen.touched], ["plain", false]);
});

test("what the server left alone stays, to be looked at again", () => {
  const screen = new Screen([crop("a", "x"), crop("b", "y"), crop("c", "z")]);
  screen.write(1, "typed");
  screen.keepOnly([{ image_id: "i", region_id: "b" }]);
  assert.deepEqual([screen.crops.length, screen.state(0), screen.text(0)], [1, "stale", "typed"]);
});

test("both languages say the same things", () => {
  assert.deepEqual(Object.keys(TABLES.ZH).sort(), Object.keys(TABLES.EN).sort());
});
