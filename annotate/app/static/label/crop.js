// A region straightened, drawn in the browser so that it follows the hand: what stands above the text field.

import { distance, ontoQuad, rectRound, straightSize } from "./geometry.js";

const STRIPS = 14;

/**
 * Draw a region straight onto a canvas, as large as fits into the room.
 * @param {HTMLCanvasElement} canvas @param {CanvasImageSource & {naturalWidth: number}} image
 * @param {number} ratio pixels of `image` to one of the picture @param {import("./regions.js").Region} region
 * @param {{width: number, height: number}} room in CSS pixels
 * @param {boolean} quick while it moves: pixels between pixels are guessed more simply
 */
export function drawStraight(canvas, image, ratio, region, room, quick = false) {
  const stations = stationsOf(region);
  const [width, height] = stations.size;
  const zoom = Math.min(room.width / width, room.height / height, 12);
  const density = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * zoom)), Math.max(1, Math.round(height * zoom))];
  const [wide, high] = [Math.round(w * density), Math.round(h * density)];
  const context = canvas.getContext("2d");
  if (canvas.width !== wide || canvas.height !== high) {
    [canvas.width, canvas.height] = [wide, high]; // this empties it as well
    [canvas.style.width, canvas.style.height] = [`${w}px`, `${h}px`];
  } else context.clearRect(0, 0, wide, high);
  context.imageSmoothingQuality = quick ? "low" : "high";
  const { lines } = stations;
  for (let at = 0; at + 1 < lines.length; at++) {
    const [from, to] = [lines[at], lines[at + 1]];
    strip(context, image, ratio, from, to, stations.down ? [0, canvas.height] : [0, canvas.width],
      stations.down ? canvas.width : canvas.height, stations.down);
  }
}

/**
 * Lines across the text from its begin to its end: pairs of points with their share of the length.
 * @param {import("./regions.js").Region} region
 */
export function stationsOf(region) {
  const { points } = region;
  const down = region.direction === "ttb";
  if (points.length === 4 || points.length % 2) {
    const quad = points.length === 4 ? points : rectRound(points);
    const on = ontoQuad(quad);
    const parallel = distance([quad[0][0] + quad[2][0], quad[0][1] + quad[2][1]], [quad[1][0] + quad[3][0], quad[1][1] + quad[3][1]]) < 1.5;
    const count = parallel ? 1 : STRIPS;
    const lines = Array.from({ length: count + 1 }, (_, at) => {
      const share = at / count;
      return { share, a: down ? on(0, share) : on(share, 0), b: down ? on(1, share) : on(share, 1) };
    });
    return { lines, size: straightSize(quad), down };
  }
  // A bent strip: as many points along the one side as along the other.
  const half = points.length / 2;
  const rolled = down ? [...points.slice(1), points[0]] : points;
  const [one, other] = [rolled.slice(0, half), rolled.slice(half).reverse()];
  const middle = one.map((p, at) => [(p[0] + other[at][0]) / 2, (p[1] + other[at][1]) / 2]);
  const reached = [0];
  for (let at = 1; at < half; at++) reached.push(reached[at - 1] + distance(middle[at - 1], middle[at]));
  const length = reached[half - 1] || 1;
  const across = one.reduce((sum, p, at) => sum + distance(p, other[at]), 0) / half || 1;
  const lines = reached.map((at, index) => ({
    share: at / length, a: down ? other[index] : one[index], b: down ? one[index] : other[index],
  }));
  return { lines, size: down ? [across, length] : [length, across], down };
}

/** One strip between two stations, as two triangles whose pixels are moved together. */
function strip(context, image, ratio, from, to, [start, end], across, down) {
  const [low, high] = [start + from.share * (end - start), start + to.share * (end - start)];
  const place = (along, side) => (down ? [side, along] : [along, side]);
  const source = [from.a, to.a, to.b, from.b].map(([x, y]) => [x * ratio, y * ratio]);
  const target = [place(low, 0), place(high, 0), place(high, across), place(low, across)];
  const [s, t] = [source, target];
  const flat = Math.hypot(s[0][0] + s[2][0] - s[1][0] - s[3][0], s[0][1] + s[2][1] - s[1][1] - s[3][1]) < 1.5 * ratio;
  if (flat) {
    triangle(context, image, [s[0], s[1], s[3]], [t[0], t[1], t[3]], t);
  } else {
    triangle(context, image, [s[0], s[1], s[2]], [t[0], t[1], t[2]], [t[0], t[1], t[2]]);
    triangle(context, image, [s[0], s[2], s[3]], [t[0], t[2], t[3]], [t[0], t[2], t[3]]);
  }
}

function triangle(context, image, s, t, outline) {
  const [ux, uy, vx, vy] = [s[1][0] - s[0][0], s[1][1] - s[0][1], s[2][0] - s[0][0], s[2][1] - s[0][1]];
  const det = ux * vy - vx * uy;
  if (Math.abs(det) < 1e-9) return;
  const [px, py, qx, qy] = [t[1][0] - t[0][0], t[1][1] - t[0][1], t[2][0] - t[0][0], t[2][1] - t[0][1]];
  const a = (px * vy - qx * uy) / det;
  const c = (qx * ux - px * vx) / det;
  const b = (py * vy - qy * uy) / det;
  const d = (qy * ux - py * vx) / det;
  const [mx, my] = [0, 1].map((axis) => outline.reduce((sum, p) => sum + p[axis], 0) / outline.length);
  context.save();
  context.beginPath();
  for (const [x, y] of outline) { // half a pixel more, so that no seam shows between neighbours
    const length = Math.hypot(x - mx, y - my) || 1;
    context.lineTo(x + ((x - mx) / length) * 0.7, y + ((y - my) / length) * 0.7);
  }
  context.closePath();
  context.clip();
  context.setTransform(a, b, c, d, t[0][0] - a * s[0][0] - c * s[0][1], t[0][1] - b * s[0][0] - d * s[0][1]);
  context.drawImage(image, 0, 0);
  context.restore();
}
