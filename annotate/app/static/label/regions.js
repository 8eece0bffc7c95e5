// What is done to regions as wholes: new ones, splitting, joining, reading order. Pure; see `records.Region` for fields.

import {
  area, bounds, centre, contains, isUpright, ontoQuad, rectBetween, rectRound, rounded, straightSize,
} from "./geometry.js";

/**
 * @typedef {Object} Region
 * @property {string} id
 * @property {"rect"|"quad"|"polygon"} kind
 * @property {import("./geometry.js").Points} points
 * @property {string} text
 * @property {"todo"|"confirmed"} state
 * @property {string} category
 * @property {boolean} ignore
 * @property {string|null} ignore_reason
 * @property {"ltr"|"rtl"|"ttb"} direction
 * @property {string} origin
 * @property {number|null} score
 * @property {string[]} tags
 * @property {Object} extra
 */
/** @typedef {{reader: string, text: string, score: number, char_scores: number[]|null}} Reading */

// Below this score a reader's text has too many mistakes to be worth correcting: an empty field is faster.
export const LIKELY_WRONG = 0.8;
export const LOW_CHAR = 0.9;
export const VERY_LOW_CHAR = 0.6;

/** A UUID; `crypto.randomUUID` is there only on https and loopback. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Region["kind"]} kind @param {import("./geometry.js").Points} points @param {Partial<Region>} more @returns {Region} */
export function newRegion(kind, points, more = {}) {
  const [width, height] = points.length === 4 ? straightSize(points) : [1, 1];
  return {
    id: newId(), kind, points: rounded(points), text: "", state: "todo", category: "printed", ignore: false,
    ignore_reason: null, direction: height > 2 * width ? "ttb" : "ltr", origin: "", score: null, tags: [], extra: {},
    ...more,
  };
}

/** Whether a reader's guess is better withheld. @param {Region} region */
export function isWithheld(region) {
  return region.state === "todo" && !region.ignore && region.score !== null && region.score < LIKELY_WRONG;
}

/** What a person sees in the field. @param {Region} region */
export function shownText(region) {
  return isWithheld(region) ? "" : region.text;
}

/** Whether a picture cannot be confirmed because of this region. @param {Region} region */
export function lacksText(region) {
  return !region.ignore && shownText(region).trim() === "";
}

/** The same region with a text that a person has chosen. @param {Region} region @param {string} text @returns {Region} */
export function withText(region, text) {
  return { ...region, text, score: null };
}

/** The region under a point: the smallest of those that hold it. @param {Region[]} regions */
export function regionAt(regions, point, slack = 0) {
  let found = null;
  let smallest = Infinity;
  for (const region of regions) {
    const [left, top, right, bottom] = bounds(region.points);
    if (point[0] < left - slack || point[0] > right + slack || point[1] < top - slack || point[1] > bottom + slack) continue;
    const size = Math.abs(area(region.points));
    if (size < smallest && (contains(region.points, point) || slack > 0)) [found, smallest] = [region, size];
  }
  return found;
}

/**
 * Cut a region in two: across the line of text at the share `at` of its length, or between two lines.
 * @param {Region} region @param {number} at @param {boolean} lines @returns {[Region, Region]}
 */
export function split(region, at, lines = false) {
  const quad = region.points.length === 4 ? region.points : rectRound(region.points);
  const on = ontoQuad(quad);
  // Along a column the text runs down: cutting across it is cutting from side to side.
  const down = lines !== (region.direction === "ttb");
  const [p, q] = down ? [on(0, at), on(1, at)] : [on(at, 0), on(at, 1)];
  const first = down ? [quad[0], quad[1], q, p] : [quad[0], p, q, quad[3]];
  const second = down ? [p, q, quad[2], quad[3]] : [p, quad[1], quad[2], q];
  const [one, two] = splitText(region.text, region.direction === "rtl" && !lines ? 1 - at : at);
  const texts = region.direction === "rtl" && !lines ? [two, one] : [one, two];
  const kind = region.kind === "polygon" ? "quad" : region.kind;
  const half = (points, text) => ({
    ...region, id: newId(), kind, points: rounded(points), text, state: "todo", origin: "",
  });
  const halves = [half(first, texts[0]), half(second, texts[1])];
  const turned = region.direction === "ttb" && lines; // of two columns the right one is read first
  return region.direction === "rtl" && !lines || turned ? [halves[1], halves[0]] : halves;
}

/** A text in two at about a share of its length, at a space if one is near. */
export function splitText(text, at) {
  const chars = [...text];
  const wanted = Math.round(chars.length * at);
  for (let off = 0; off <= Math.max(1, chars.length * 0.15); off++) {
    for (const place of [wanted - off, wanted + off]) {
      if (chars[place] === " ") return [chars.slice(0, place).join(""), chars.slice(place + 1).join("")];
    }
  }
  return [chars.slice(0, wanted).join(""), chars.slice(wanted).join("")];
}

/** Parts of one line as they are read along it, however it slants: the right half of a rising line lies higher. */
function alongLine(regions) {
  const [a, b] = regions.reduce((one, other) => (straightSize(other.points)[0] > straightSize(one.points)[0] ? other : one)).points;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [cos, sin] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const level = regions.map((region) => ({ ...region, points: region.points.map(([x, y]) => [x * cos + y * sin, y * cos - x * sin]) }));
  const places = new Map(inReadingOrder(level).map((region, at) => [region.id, at]));
  return [...regions].sort((one, other) => places.get(one.id) - places.get(other.id));
}

/** Several regions as one, in reading order. @param {Region[]} regions @returns {Region} */
export function joined(regions) {
  const ordered = alongLine(regions);
  const first = ordered[0];
  const points = ordered.flatMap((region) => region.points);
  const [a, b] = [first.points[0], first.points[1]];
  const degrees = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
  const upright = ordered.every((region) => isUpright(region.points)) && Math.abs(degrees) < 1;
  const [left, top, right, bottom] = bounds(points);
  return {
    ...first, id: newId(), kind: upright ? "rect" : "quad", state: "todo", origin: "",
    points: rounded(upright ? rectBetween([left, top], [right, bottom]) : rectRound(points, degrees)),
    text: ordered.reduce((text, region) => joinTexts(text, region.text), ""),
    score: ordered.some((region) => region.score !== null) ? Math.min(...ordered.map((region) => region.score ?? 1)) : null,
    tags: [...new Set(ordered.flatMap((region) => region.tags))],
    ignore: ordered.every((region) => region.ignore),
  };
}

const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\u3000-\u303f\uff00-\uffef]/u;

function joinTexts(one, other) {
  if (!one || !other) return one || other;
  const close = SPACELESS.test([...one].at(-1)) || SPACELESS.test([...other][0]);
  return one + (close ? "" : " ") + other;
}

/**
 * Regions as they are read: rows from the top, each from the left; rows of right-to-left text from the right; a picture
 * of columns from the right. @param {Region[]} regions @returns {Region[]}
 */
export function inReadingOrder(regions) {
  if (!regions.length) return [];
  const columns = regions.filter((region) => region.direction === "ttb").length > regions.length / 2;
  const rtl = regions.filter((region) => region.direction === "rtl").length > regions.length / 2;
  const [main, cross] = columns ? [0, 1] : [1, 0];
  const sign = columns ? -1 : 1;
  const items = regions.map((region) => {
    const box = bounds(region.points);
    return { region, middle: centre(region.points), size: columns ? box[2] - box[0] : box[3] - box[1] };
  });
  items.sort((one, other) => sign * (one.middle[main] - other.middle[main]));
  const rows = [];
  for (const item of items) {
    const row = rows.at(-1);
    const near = row && Math.abs(item.middle[main] - row.at) < 0.5 * Math.min(row.size, item.size);
    if (near) {
      row.items.push(item);
      row.at += (item.middle[main] - row.at) / row.items.length;
    } else {
      rows.push({ at: item.middle[main], size: item.size, items: [item] });
    }
  }
  const back = rtl && !columns ? -1 : 1;
  return rows.flatMap((row) =>
    row.items.sort((one, other) => back * (one.middle[cross] - other.middle[cross])).map((item) => item.region));
}

/** Copies of regions with ids of their own, moved by some pixels and into the picture. */
export function copies(regions, shift, width, height) {
  return regions.map((region) => {
    const points = region.points.map(([x, y]) => [
      Math.min(Math.max(x + shift, 0), width), Math.min(Math.max(y + shift, 0), height),
    ]);
    return { ...region, id: newId(), points: rounded(points), origin: "", state: "todo", score: null };
  }).filter((region) => Math.abs(area(region.points)) >= 4);
}

/** Whether two regions say the same. */
export function sameRegion(one, other) {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

/** A region as it is sent: without what readers read. @param {Region} region */
export function plain(region) {
  const { id, kind, points, text, state, category, ignore, ignore_reason, direction, origin, score, tags, extra } = region;
  return { id, kind, points, text, state, category, ignore, ignore_reason, direction, origin, score, tags, extra };
}

