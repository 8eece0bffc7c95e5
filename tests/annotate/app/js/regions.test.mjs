import assert from "node:assert/strict";
import test from "node:test";
import * as r from "../../../../annotate/app/static/label/regions.js";
import { decided, differences } from "../../../../annotate/app/static/label/conflict.js";
import { History } from "../../../../annotate/app/static/label/history.js";

const box = (id, x, y, w = 40, h = 10, more = {}) => ({
  ...r.newRegion("rect", [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]), id, ...more,
});

test("newRegion: a tall one is a column", () => {
  assert.equal(box("a", 0, 0).direction, "ltr");
  assert.equal(r.newRegion("rect", [[0, 0], [10, 0], [10, 60], [0, 60]]).direction, "ttb");
});

test("isWithheld: a poor guess is, until a person has written something", () => {
  const poor = box("a", 0, 0, 40, 10, { text: "gu3ss", score: 0.4 });
  assert.equal(r.shownText(poor), "");
  assert.equal(r.lacksText(poor), true);
  assert.equal(r.shownText(r.withText(poor, "guess")), "guess");
  assert.equal(r.lacksText({ ...poor, ignore: true }), false);
});

test("regionAt: the smaller box lies on top", () => {
  const some = [box("big", 0, 0, 100, 100), box("small", 40, 40, 10, 10)];
  assert.equal(r.regionAt(some, [45, 45]).id, "small");
  assert.equal(r.regionAt(some, [5, 5]).id, "big");
  assert.equal(r.regionAt(some, [500, 5]), null);
});

test("split: halves cover the whole and share the text", () => {
  const [one, two] = r.split(box("a", 0, 0, 100, 10, { text: "hello world" }), 0.45);
  assert.deepEqual(one.points, [[0, 0], [45, 0], [45, 10], [0, 10]]);
  assert.deepEqual(two.points, [[45, 0], [100, 0], [100, 10], [45, 10]]);
  assert.deepEqual([one.text, two.text], ["hello", "world"]);
});

test("split: between lines, of columns, and of right-to-left text", () => {
  const [top, bottom] = r.split(box("a", 0, 0, 100, 20), 0.5, true);
  assert.deepEqual([top.points[0], bottom.points[0]], [[0, 0], [0, 10]]);
  const [upper, lower] = r.split(box("a", 0, 0, 10, 100, { direction: "ttb", text: "天地玄黄" }), 0.5);
  assert.deepEqual([upper.points[2], lower.points[0]], [[10, 50], [0, 50]]);
  assert.deepEqual([upper.text, lower.text], ["天地", "玄黄"]);
  const [first, second] = r.split(box("a", 0, 0, 100, 10, { direction: "rtl", text: "שלום עולם" }), 0.5);
  assert.ok(first.points[0][0] > second.points[0][0]);
  assert.deepEqual([first.text, second.text], ["שלום", "עולם"]);
});

test("joined: what was split is whole again", () => {
  const whole = box("a", 0, 0, 100, 10, { text: "hello world" });
  const again = r.joined(r.split(whole, 0.45).reverse());
  assert.deepEqual([again.points, again.text, again.kind], [whole.points, "hello world", "rect"]);
  assert.equal(r.joined(r.split(box("b", 0, 0, 100, 10, { text: "红色锦旗" }), 0.5)).text, "红色锦旗");
});

test("joined: parts of a slanted line in the order along it", () => {
  for (const degrees of [-35, -20, 20, 35]) {
    const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
    const slanted = (id, left, text) => {
      const flat = box(id, left, 0, 40, 10, { text });
      return { ...flat, kind: "quad", points: flat.points.map(([x, y]) => [200 + x * cos - y * sin, 200 + x * sin + y * cos]) };
    };
    const [left, right] = [slanted("l", 0, "8129"), slanted("r", 50, "red")];
    assert.equal(r.joined([right, left]).text, "8129 red");
    assert.equal(r.joined([left, right]).text, "8129 red");
  }
});

test("inReadingOrder: rows, slightly slanted, from the left", () => {
  const some = [box("d", 60, 33), box("a", 0, 0), box("c", 0, 30), box("b", 60, 3)];
  assert.deepEqual(r.inReadingOrder(some).map((one) => one.id), ["a", "b", "c", "d"]);
});

test("inReadingOrder: columns and right-to-left rows begin at the right", () => {
  const columns = [box("b", 0, 0, 10, 80, { direction: "ttb" }), box("a", 30, 0, 10, 80, { direction: "ttb" })];
  assert.deepEqual(r.inReadingOrder(columns).map((one) => one.id), ["a", "b"]);
  const rows = [box("b", 0, 0, 40, 10, { direction: "rtl" }), box("a", 60, 1, 40, 10, { direction: "rtl" })];
  assert.deepEqual(r.inReadingOrder(rows).map((one) => one.id), ["a", "b"]);
});

test("copies: have ids of their own and lie in the picture", () => {
  const [copy] = r.copies([box("a", 90, 90)], 12, 120, 120);
  assert.notEqual(copy.id, "a");
  assert.deepEqual(copy.points[2], [120, 112]);
});

test("differences: proposes whose change it is", () => {
  const base = [box("same", 0, 0), box("mine", 0, 20), box("theirs", 0, 40), box("both", 0, 60)];
  const write = (id, text) => (one) => (one.id === id ? { ...one, text } : one);
  const mine = base.map(write("mine", "m")).map(write("both", "m"));
  const theirs = base.map(write("theirs", "t")).map(write("both", "t")).concat(box("new", 0, 80));
  const found = differences(base, mine, theirs);
  const told = Object.fromEntries(found.map((one) => [one.id, `${one.proposed} ${one.both}`]));
  assert.deepEqual(told, { mine: "mine false", theirs: "theirs false", both: "mine true", new: "theirs false" });
  const merged = decided(mine, theirs, new Map(found.map((one) => [one.id, one.proposed])));
  assert.deepEqual(merged.map((one) => `${one.id}:${one.text}`), ["same:", "mine:m", "theirs:t", "both:m", "new:"]);
});

test("differences: a box that they removed stays removed unless I changed it", () => {
  const base = [box("a", 0, 0), box("b", 0, 20)];
  const mine = base.map((one) => (one.id === "b" ? { ...one, text: "kept" } : one));
  const found = differences(base, mine, []);
  assert.deepEqual(found.map((one) => [one.id, one.proposed]), [["a", "theirs"], ["b", "mine"]]);
  assert.deepEqual(decided(mine, [], new Map(found.map((one) => [one.id, one.proposed]))).map((one) => one.id), ["b"]);
});

test("History: a thousand steps back and forth", () => {
  const history = new History({ regions: [], status: "todo" });
  for (let step = 1; step <= 1000; step++) history.commit({ regions: [step] });
  for (let step = 1; step <= 1000; step++) assert.equal(history.undo(), true);
  assert.equal(history.undo(), false);
  assert.deepEqual(history.present.regions, []);
  while (history.redo());
  assert.deepEqual(history.present.regions, [1000]);
});

test("History: typing is one step, and a pause makes two", () => {
  const history = new History({ regions: [], status: "todo" });
  history.commit({ regions: ["h"] }, "text a");
  history.commit({ regions: ["hi"] }, "text a");
  history.pause();
  history.commit({ regions: ["hi!"] }, "text a");
  history.undo();
  assert.deepEqual(history.present.regions, ["hi"]);
  history.undo();
  assert.deepEqual(history.present.regions, []);
});
