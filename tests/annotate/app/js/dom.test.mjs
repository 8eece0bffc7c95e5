// Words and names that all pages show alike.

import assert from "node:assert/strict";
import { test } from "node:test";

import { tail } from "../../../../annotate/app/static/shared/dom.js";

test("tail: the end of a long name, whole signs", () => {
  assert.equal(tail("short.jpg"), "short.jpg");
  assert.equal(tail("det/images/00000/000000001.jpg", 14), "…000000001.jpg");
  assert.equal(tail("锦旗𠮷𠮷𠮷", 3), "…𠮷𠮷");
});
