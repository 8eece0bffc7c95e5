// Points and outlines in picture pixels: x right, y down, [x, y] pairs, clockwise on screen from the reader's top left.
// Pure functions: nothing here knows of the screen, of events or of the server.

/** @typedef {[number, number]} Point */
/** @typedef {Point[]} Points */

/** @param {Points} points */
export function area(points) {
  let sum = 0;
  for (let at = 0; at < points.length; at++) {
    const [x1, y1] = points[at];
    const [x2, y2] = points[(at + 1) % points.length];
    sum += x1 * y2 - x2 * y1;
  }
  return sum / 2;
}

/** @param {Points} points @returns {[number, number, number, number]} left, top, right, bottom */
export function bounds(points) {
  let [left, top] = points[0];
  let [right, bottom] = points[0];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return [left, top, right, bottom];
}

/** @param {Points} points @returns {Point} */
export function centre(points) {
  const [left, top, right, bottom] = bounds(points);
  return [(left + right) / 2, (top + bottom) / 2];
}

/** @param {Point} one @param {Point} other */
export function distance(one, other) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}

/** How far a point is from the stretch between two others. @param {Point} p @param {Point} a @param {Point} b */
export function distanceToSegment(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length)) : 0;
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/** @param {Point} p @param {Points} points */
export function contains(points, p) {
  let inside = false;
  for (let at = 0, before = points.length - 1; at < points.length; before = at++) {
    const [x1, y1] = points[at];
    const [x2, y2] = points[before];
    if (y1 > p[1] !== y2 > p[1] && p[0] < ((x2 - x1) * (p[1] - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Whether two edges that are not neighbours meet. @param {Points} points */
export function crossesItself(points) {
  const count = points.length;
  const side = (p, q, r) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
  for (let one = 0; one < count; one++) {
    const [a, b] = [points[one], points[(one + 1) % count]];
    for (let other = one + 2; other < count; other++) {
      if ((other + 1) % count === one) continue;
      const [c, d] = [points[other], points[(other + 1) % count]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

/** Whether an outline may be kept: an area, no crossing, and a quad has no corner that turns inward. @param {Points} points */
export function isSound(points, kind = "polygon") {
  if (points.length < 3 || Math.abs(area(points)) < 4 || crossesItself(points)) return false;
  return kind === "polygon" || points.every((p, at) => cross(points[(at + 3) % 4], p, points[(at + 1) % 4]) >= 0);
}

/** @param {Point} p @param {number} width @param {number} height @returns {Point} */
export function clamped(p, width, height) {
  return [Math.min(Math.max(p[0], 0), width), Math.min(Math.max(p[1], 0), height)];
}

/** Points with at most two decimals, as they are stored. @param {Points} points @returns {Points} */
export function rounded(points) {
  return points.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);
}

/** @param {Point} a @param {Point} b @returns {Points} */
export function rectBetween(a, b) {
  const [left, right] = a[0] < b[0] ? [a[0], b[0]] : [b[0], a[0]];
  const [top, bottom] = a[1] < b[1] ? [a[1], b[1]] : [b[1], a[1]];
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

/** Clicked points as an outline: clockwise, uncrossed, beginning with the first click. @param {Points} points */
export function tidied(points) {
  let found = points;
  if (points.length === 4 && crossesItself(points)) {
    const [cx, cy] = [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / 4);
    const turned = [...points].sort((p, q) => Math.atan2(p[1] - cy, p[0] - cx) - Math.atan2(q[1] - cy, q[0] - cx));
    const start = turned.indexOf(points[0]);
    found = [...turned.slice(start), ...turned.slice(0, start)];
  }
  return area(found) < 0 ? [found[0], ...found.slice(1).reverse()] : found;
}

/** Move as far as the picture goes. @param {Points} points @returns {Points} */
export function moved(points, dx, dy, width, height) {
  const [left, top, right, bottom] = bounds(points);
  const x = Math.min(Math.max(dx, -left), Math.max(width - right, -left));
  const y = Math.min(Math.max(dy, -top), Math.max(height - bottom, -top));
  return points.map(([px, py]) => [px + x, py + y]);
}

/** @param {Points} points @param {number} degrees clockwise @returns {Points} */
export function turned(points, degrees, [cx, cy] = centre(points)) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return points.map(([x, y]) => [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos]);
}

/** Whether a quad's sides lie along the picture's. @param {Points} points */
export function isUpright(points) {
  if (points.length !== 4) return false;
  return points.every(([x, y], at) => {
    const [nx, ny] = points[(at + 1) % 4];
    return Math.abs(x - nx) < 0.01 || Math.abs(y - ny) < 0.01;
  });
}

/**
 * A corner dragged to a place. Rectangles stay rectangles: the opposite corner stands still.
 * @param {"rect"|"quad"|"polygon"} kind @param {Points} points @param {number} at @param {Point} to @param {boolean} square
 * keep the right angles of a turned rectangle @returns {Points}
 */
export function withCorner(kind, points, at, to, square = false) {
  if (points.length !== 4 || (kind !== "rect" && !square)) return points.map((p, index) => (index === at ? to : p));
  const far = points[(at + 2) % 4];
  const [ax, ay] = unit(far, points[(at + 1) % 4]);
  const [bx, by] = unit(far, points[(at + 3) % 4]);
  const [dx, dy] = [to[0] - far[0], to[1] - far[1]];
  const found = [...points];
  found[at] = to;
  // Each neighbour keeps its direction from the far corner.
  const along = dx * ax + dy * ay;
  const across = dx * bx + dy * by;
  found[(at + 1) % 4] = [far[0] + along * ax, far[1] + along * ay];
  found[(at + 3) % 4] = [far[0] + across * bx, far[1] + across * by];
  return found;
}

/** The edge from corner `at` to the next, dragged: it moves along its normal. @param {Points} points @returns {Points} */
export function withEdge(points, at, dx, dy) {
  const next = (at + 1) % points.length;
  const [ux, uy] = unit(points[at], points[next]);
  const along = -dx * uy + dy * ux;
  const [mx, my] = [-uy * along, ux * along];
  return points.map(([x, y], index) => (index === at || index === next ? [x + mx, y + my] : [x, y]));
}

/** @param {Point} from @param {Point} to @returns {Point} */
function unit(from, to) {
  const length = distance(from, to) || 1;
  return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
}

/** Width and height of a quad lying straight, as recognisers cut it. @param {Points} q @returns {[number, number]} */
export function straightSize(q) {
  return [Math.max(distance(q[0], q[1]), distance(q[3], q[2])), Math.max(distance(q[0], q[3]), distance(q[1], q[2]))];
}

/** A function from the unit square to a quad, in perspective. @param {Points} q @returns {(u: number, v: number) => Point} */
export function ontoQuad(q) {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = q;
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const det = dx1 * dy2 - dx2 * dy1 || 1e-9;
  const g = (sx * dy2 - sy * dx2) / det;
  const h = (dx1 * sy - dy1 * sx) / det;
  return (u, v) => {
    const w = g * u + h * v + 1;
    return [
      ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / w,
      ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / w,
    ];
  };
}

/** The smallest turned rectangle round points, its first side nearest to `degrees`. @param {Points} points @returns {Points} */
export function rectRound(points, degrees = 0) {
  const outline = hull(points);
  let best = null;
  for (let at = 0; at < outline.length; at++) {
    const [a, b] = [outline[at], outline[(at + 1) % outline.length]];
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const flat = turned(outline, (-angle * 180) / Math.PI, [0, 0]);
    const [left, top, right, bottom] = bounds(flat);
    const size = (right - left) * (bottom - top);
    if (!best || size < best.size - 1e-6) best = { size, angle, box: rectBetween([left, top], [right, bottom]) };
  }
  const found = turned(best.box, (best.angle * 180) / Math.PI, [0, 0]);
  const off = (at) => {
    const [a, b] = [found[at], found[(at + 1) % 4]];
    const between = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI - degrees;
    return Math.abs(((between + 540) % 360) - 180);
  };
  const start = [0, 1, 2, 3].reduce((one, other) => (off(other) < off(one) - 1e-9 ? other : one), 0);
  return [...found.slice(start), ...found.slice(0, start)];
}

/** @param {Points} points @returns {Points} clockwise on screen */
export function hull(points) {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (ordered) => {
    const kept = [];
    for (const p of ordered) {
      while (kept.length > 1 && cross(kept[kept.length - 2], kept[kept.length - 1], p) <= 0) kept.pop();
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  const found = [...half(sorted), ...half(sorted.reverse())];
  return found.length ? found : points.slice(0, 1);
}

function cross(o, a, b) {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}
