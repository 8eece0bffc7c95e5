// A search as a person builds it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { QueryDraft } from "../../../../annotate/app/static/search/query.js";
import { TABLES } from "../../../../annotate/app/static/search/strings.js";

test("what is asked for", () => {
  const draft = new QueryDraft();
  assert.equal(draft.empty, true);
  draft.add({ kind: "text", value: "red", weight: 1 });
  draft.add({ kind: "upload", value: "a.jpg", weight: 1, data: "eA==" });
  draft.turn(0);
  draft.written = "开业，大吉, , sale";
  draft.fuzzy = true;
  draft.filters = { ...draft.filters, status: "todo", min_boxes: "2", max_score: "0.5" };
  const asked = draft.asked(2, 48);
  assert.deepEqual(asked.examples, [{ kind: "text", value: "red", weight: -1 }, { kind: "upload", value: "a.jpg", weight: 1, data: "eA==" }]);
  assert.deepEqual(asked.written, { words: ["开业", "大吉", "sale"], fuzzy: 75 });
  assert.deepEqual(asked.which, { min_boxes: 2, max_score: 0.5, statuses: ["todo"] });
  assert.deepEqual([asked.page, asked.size, asked.by], [2, 48, "auto"]);
});

test("the same thing twice is one thing", () => {
  const draft = new QueryDraft();
  draft.add({ kind: "pack", value: "neon", weight: 1 });
  draft.add({ kind: "pack", value: "neon", weight: -1 });
  assert.deepEqual(draft.examples.map((one) => one.weight), [-1]);
});

test("thumbs: one of two, and taken back", () => {
  const draft = new QueryDraft();
  draft.judge("a", true);
  draft.judge("a", false);
  assert.deepEqual([[...draft.liked], [...draft.disliked]], [[], ["a"]]);
  draft.judge("a", false);
  assert.equal(draft.empty, true);
});

test("both languages say the same things", () => {
  assert.deepEqual(Object.keys(TABLES.ZH).sort(), Object.keys(TABLES.EN).sort());
});
