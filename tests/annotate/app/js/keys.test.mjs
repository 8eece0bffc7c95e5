import assert from "node:assert/strict";
import test from "node:test";
import { Clock } from "../../../../annotate/app/static/label/clock.js";
import { stationsOf } from "../../../../annotate/app/static/label/crop.js";
import { BINDINGS, actionOf, columnAction } from "../../../../annotate/app/static/label/keys.js";
import { TABLES } from "../../../../annotate/app/static/label/strings.js";
import { View } from "../../../../annotate/app/static/label/view.js";

const key = (name, more = {}) => ({ key: name, code: "", keyCode: 0, isComposing: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("letters: draw on the canvas, and are dead in fields", () => {
  for (const letter of "wqpdaskbxmoctgjfzh") {
    assert.notEqual(actionOf(key(letter), "canvas"), null, letter);
    assert.equal(actionOf(key(letter), "field"), null, letter);
    assert.equal(actionOf(key(letter), "other"), null, letter);
  }
});

test("copy, paste and cut: are the browser's in the field", () => {
  for (const [letter, action] of [["c", "copy"], ["v", "paste"], ["x", "cut"], ["a", "select.all"]]) {
    assert.equal(actionOf(key(letter, { ctrlKey: true }), "canvas"), action);
    assert.equal(actionOf(key(letter, { ctrlKey: true }), "field"), null);
  }
});

test("an input method that composes: no key does anything", () => {
  for (const name of ["Enter", "Tab", "Escape", "ArrowDown", "1"]) {
    for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
      for (const place of ["canvas", "field"]) assert.equal(actionOf(key(name, more), place), null);
    }
  }
  assert.equal(actionOf(key("Process", { ctrlKey: true }), "field"), null);
});

test("Ctrl+Enter, Enter and Tab in the field", () => {
  assert.equal(actionOf(key("Enter"), "field"), "accept");
  assert.equal(actionOf(key("Enter", { ctrlKey: true }), "field"), "confirm");
  assert.equal(actionOf(key("Tab", { shiftKey: true }), "field"), "box.previous");
  assert.equal(actionOf(key("z", { ctrlKey: true, shiftKey: true }), "field"), "redo");
  assert.equal(actionOf(key("Z", { metaKey: true }), "canvas"), "undo");
  assert.equal(columnAction(key("ArrowDown")), null);
  assert.equal(columnAction(key("ArrowLeft")), "box.next");
});

test("keyboards of other scripts: the key's place counts", () => {
  assert.equal(actionOf(key("ц", { code: "KeyW" }), "canvas"), "tool.rect");
  assert.equal(actionOf(key("я", { code: "KeyZ", ctrlKey: true }), "field"), "undo");
  assert.equal(actionOf(key("¡", { code: "Digit1", altKey: true }), "field"), "reading");
});

test("no key has two meanings in one place", () => {
  for (const place of ["canvas", "field"]) {
    const seen = new Set();
    for (const binding of BINDINGS.filter((one) => one.where === "both" || one.where === place)) {
      for (const name of binding.keys) {
        assert.ok(!seen.has(name), `${name} in ${place}`);
        seen.add(name);
      }
    }
  }
});

test("every word is there in both languages, and every action has one", () => {
  assert.deepEqual(Object.keys(TABLES.EN).sort(), Object.keys(TABLES.ZH).sort());
  for (const { action, group } of BINDINGS) {
    assert.ok(TABLES.EN[action], action);
    assert.ok(TABLES.EN[`group.${group}`], group);
  }
});

test("View: the point under the cursor stands still when zooming", () => {
  const view = new View(() => {});
  view.resize(800, 600);
  view.show(2000, 1000);
  const before = view.toPicture([300, 250]);
  for (const factor of [1.5, 1.3, 0.7]) view.zoomAt([300, 250], factor);
  view.toPicture([300, 250]).forEach((value, axis) => assert.ok(Math.abs(value - before[axis]) < 1e-9));
  const [x, y] = view.toPicture(view.toStage([123, 45]));
  assert.ok(Math.abs(x - 123) < 1e-9 && Math.abs(y - 45) < 1e-9);
});

test("View: reveal moves nothing when the box can be seen", () => {
  const view = new View(() => {});
  view.resize(800, 600);
  view.show(2000, 1000);
  const { x, y } = view;
  view.reveal([500, 400, 700, 450]);
  assert.deepEqual([view.x, view.y], [x, y]);
  view.zoomAt([0, 0], 8);
  view.reveal([1900, 900, 1950, 920]);
  const [left, top] = view.toStage([1900, 900]);
  assert.ok(left >= 0 && left <= 800 && top >= 0 && top <= 600);
});

test("stationsOf: a slanted quad in perspective, a bent strip along its middle", () => {
  const flat = stationsOf({ direction: "ltr", points: [[0, 0], [100, 0], [100, 20], [0, 20]] });
  assert.equal(flat.lines.length, 2);
  assert.deepEqual(flat.size, [100, 20]);
  const bent = stationsOf({ direction: "ltr", points: [[0, 0], [50, 10], [100, 0], [100, 20], [50, 30], [0, 20]] });
  assert.equal(bent.lines.length, 3);
  assert.deepEqual(bent.lines[1].a, [50, 10]);
  assert.deepEqual(bent.lines[1].b, [50, 30]);
  assert.equal(bent.lines[1].share, 0.5);
});

test("Clock: pauses of more than 30 s do not count", () => {
  let now = 0;
  const reports = [];
  const clock = new Clock((...report) => reports.push(report), () => now);
  clock.start("a");
  for (const at of [1000, 3000, 33_500, 34_500]) {
    now = at;
    clock.tick(at === 3000 ? "confirm" : undefined);
  }
  clock.stop();
  assert.deepEqual(reports, [["a", 4000, { confirm: 1 }]]);
});
