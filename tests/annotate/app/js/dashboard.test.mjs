// Figures as people read them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byDay, each, percent, roundUp, time } from "../../../../annotate/app/static/dashboard/figures.js";
import { TABLES } from "../../../../annotate/app/static/dashboard/strings.js";
import { TABLES as REVIEW } from "../../../../annotate/app/static/review/strings.js";

test("shares, times and means", () => {
  assert.deepEqual([percent(null), percent(0.031), percent(0.5)], ["–", "3.1 %", "50 %"]);
  assert.deepEqual([time(59), time(61), time(3700)], ["59 s", "0:01 h", "1:02 h"]);
  assert.deepEqual([each(5, 2), each(5, 0)], ["2.5", "–"]);
});

test("days without work are there too", () => {
  const rows = [{ day: "2026-02-27", user: "li", finished: 2 }, { day: "2026-03-02", user: "wang", finished: 3 }, { day: "2026-03-02", user: "li", finished: 1 }];
  const { people, days } = byDay(rows);
  assert.deepEqual(people, ["li", "wang"]);
  assert.deepEqual(days.map((day) => [day.day, ...day.counts]), [["2026-02-27", 2, 0], ["2026-02-28", 0, 0], ["2026-03-01", 0, 0], ["2026-03-02", 1, 3]]);
  assert.deepEqual(byDay([]), { people: [], days: [] });
});

test("the top of a chart is a round number", () => {
  assert.deepEqual([0, 5, 6, 11, 20, 21, 99, 101].map(roundUp), [5, 5, 10, 20, 20, 50, 100, 200]);
});

test("both languages say the same things", () => {
  for (const tables of [TABLES, REVIEW]) assert.deepEqual(Object.keys(tables.ZH).sort(), Object.keys(tables.EN).sort());
});
