import assert from "node:assert/strict";
import test from "node:test";
import * as g from "../../../../annotate/app/static/label/geometry.js";

const SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]];
const near = (one, other, slack = 1e-6) => one.forEach((p, at) => p.forEach((v, axis) =>
  assert.ok(Math.abs(v - other[at][axis]) < slack, `${JSON.stringify(one)} is not ${JSON.stringify(other)}`)));

/** Numbers between 0 and 1, the same every time. */
function* numbers(seed = 1) {
  let state = seed;
  for (;;) {
    state = (state * 1103515245 + 12345) % 2147483648;
    yield state / 2147483648;
  }
}

test("area: clockwise on screen is positive", () => {
  assert.equal(g.area(SQUARE), 100);
  assert.equal(g.area([...SQUARE].reverse()), -100);
});

test("crossesItself: a bow tie does, a square and a concave outline do not", () => {
  assert.equal(g.crossesItself(SQUARE), false);
  assert.equal(g.crossesItself([[0, 0], [10, 10], [10, 0], [0, 10]]), true);
  assert.equal(g.crossesItself([[0, 0], [10, 0], [10, 10], [5, 3], [0, 10]]), false);
});

test("tidied: any order of four clicks gives a sound quad that begins with the first click", () => {
  const orders = (rest) => (rest.length < 2 ? [rest] : rest.flatMap((one, at) => orders(rest.filter((_, i) => i !== at)).map((o) => [one, ...o])));
  for (const clicks of orders(SQUARE)) {
    const found = g.tidied(clicks);
    assert.deepEqual(found[0], clicks[0]);
    assert.equal(g.area(found), 100);
    assert.equal(g.crossesItself(found), false);
  }
});

test("moved: stops at the edge of the picture and keeps its shape", () => {
  const found = g.moved(SQUARE, 500, -500, 100, 80);
  assert.deepEqual(found, [[90, 0], [100, 0], [100, 10], [90, 10]]);
});

test("withCorner: a rectangle stays one, whichever way it is turned", () => {
  const turned = g.turned([[10, 10], [50, 10], [50, 30], [10, 30]], 25);
  for (let at = 0; at < 4; at++) {
    const to = [turned[at][0] + 3, turned[at][1] - 2];
    const found = g.withCorner("rect", turned, at, to);
    near([found[at]], [to]);
    near([found[(at + 2) % 4]], [turned[(at + 2) % 4]]);
    for (let corner = 0; corner < 4; corner++) {
      const [p, q, r] = [found[(corner + 3) % 4], found[corner], found[(corner + 1) % 4]];
      const dot = (p[0] - q[0]) * (r[0] - q[0]) + (p[1] - q[1]) * (r[1] - q[1]);
      assert.ok(Math.abs(dot) < 1e-6);
    }
  }
});

test("withCorner: of a quad moves one corner alone", () => {
  assert.deepEqual(g.withCorner("quad", SQUARE, 1, [14, -3]), [[0, 0], [14, -3], [10, 10], [0, 10]]);
});

test("withEdge: moves along its normal only", () => {
  near(g.withEdge(SQUARE, 0, 7, -4), [[0, -4], [10, -4], [10, 10], [0, 10]]);
  near(g.withEdge(SQUARE, 1, 7, -4), [[0, 0], [17, 0], [17, 10], [0, 10]]);
});

test("turned: and turned back is the same", () => {
  const next = numbers(3);
  for (let round = 0; round < 50; round++) {
    const quad = SQUARE.map(([x, y]) => [x + next.next().value * 4, y + next.next().value * 4]);
    const degrees = next.next().value * 360;
    near(g.turned(g.turned(quad, degrees, [3, 4]), -degrees, [3, 4]), quad, 1e-9);
  }
});

test("ontoQuad: corners onto corners, and straight lines stay straight", () => {
  const next = numbers(5);
  for (let round = 0; round < 50; round++) {
    const quad = SQUARE.map(([x, y]) => [x * 9 + next.next().value * 40, y * 9 + next.next().value * 40]);
    const on = g.ontoQuad(quad);
    near([on(0, 0), on(1, 0), on(1, 1), on(0, 1)], quad, 1e-6);
    const [a, b, c] = [on(0.1, 0.2), on(0.4, 0.35), on(0.9, 0.6)];
    const off = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    assert.ok(Math.abs(off) < 1e-6 * 400);
  }
});

test("rectRound: finds a turned rectangle again, with its own first corner", () => {
  for (const degrees of [0, 12, 45, 80, -30, -85, 170]) {
    const quad = g.turned([[10, 10], [60, 10], [60, 25], [10, 25]], degrees);
    near(g.rectRound(quad, degrees), quad, 1e-6);
  }
});

test("contains and distanceToSegment", () => {
  assert.equal(g.contains(SQUARE, [5, 5]), true);
  assert.equal(g.contains(SQUARE, [15, 5]), false);
  assert.equal(g.distanceToSegment([5, 3], [0, 0], [10, 0]), 3);
  assert.equal(g.distanceToSegment([13, 4], [0, 0], [10, 0]), 5);
});
