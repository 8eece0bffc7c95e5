// How the work goes: what is done, by whom, how fast and how well.

import { api } from "../label/api.js";
import { el, svg } from "../shared/dom.js";
import { byDay, each, percent, roundUp, time } from "./figures.js";
import { t } from "./strings.js";

const DAYS = [7, 30, 90, 365];
const COLORS = ["#1f6feb", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#b3261e", "#57606a"];

/** @param {HTMLElement} root */
export async function start(root) {
  const days = el("select", { name: "days", onchange: () => show(root, body, Number(days.value)) });
  days.append(...DAYS.map((n) => el("option", { value: String(n), selected: n === 30 }, t("days", { n }))));
  const body = el("div", { className: "ad-body" });
  root.replaceChildren(el("header", { className: "ad-bar" }, days), body);
  await show(root, body, 30);
}

/** @param {HTMLElement} root @param {HTMLElement} body @param {number} days */
async function show(root, body, days) {
  root.dataset.state = "loading";
  try {
    const found = await api.dashboard(days);
    body.replaceChildren(...parts(found));
  } catch (error) {
    body.replaceChildren(el("p", { className: "ad-bad" }, t("failed", { why: /** @type {Error} */ (error).message })));
  }
  root.dataset.state = "ready";
}

/** @param {any} found */
function parts(found) {
  const nodes = [tiles(found.pictures)];
  if (!found.days.length && !found.people.length) nodes.push(el("p", { className: "ad-empty" }, t("empty")));
  if (found.days.some((/** @type {any} */ row) => row.finished)) nodes.push(part("finished", chart(found.days)));
  if (found.days.length) {
    const rows = found.days.map((/** @type {any} */ row) => [
      row.user, row.day, row.finished, row.seen, time(row.active_s), each(row.active_s, row.finished), each(row.actions, row.finished),
    ]);
    nodes.push(part("work", table(["person", "day", "col.finished", "seen", "active", "seconds", "actions"], rows, 2), el("p", { className: "ad-note" }, t("note"))));
  }
  if (found.people.length) {
    const rows = found.people.map((/** @type {any} */ row) => [
      row.user, row.reviewed, row.reviewed ? `${row.sent_back} (${percent(row.sent_back / row.reviewed)})` : "–", row.checked,
      percent(row.box_agreement), percent(row.char_disagreement),
    ]);
    nodes.push(part("quality", table(["person", "reviewed", "sent_back", "checked", "box_agreement", "char_disagreement"], rows, 1)));
  }
  if (found.readers.length) {
    const rows = found.readers.map((/** @type {any} */ row) => [row.reader, row.lines.toLocaleString(), percent(row.right), percent(row.char_errors)]);
    nodes.push(part("readers", table(["reader", "lines", "right", "char_errors"], rows, 1)));
  }
  return nodes;
}

/** @param {Record<string, number>} pictures */
function tiles(pictures) {
  const total = Object.values(pictures).reduce((sum, count) => sum + count, 0);
  const done = total ? 1 - (pictures.todo ?? 0) / total : 0;
  const tile = (/** @type {string} */ name) =>
    el("div", { className: "ad-tile", dataset: { status: name } }, el("b", {}, (pictures[name] ?? 0).toLocaleString()), el("span", {}, t(name)));
  const bar = el("div", { className: "ad-progress" }, el("i", { style: `width:${100 * done}%` }));
  const first = el("div", { className: "ad-tile ad-wide" }, el("b", {}, `${percent(done)} ${t("done")}`), el("span", {}, t("of", { n: total.toLocaleString() })), bar);
  return el("div", { className: "ad-tiles" }, first, ...["todo", "confirmed", "no_text", "skipped", "rejected"].map(tile));
}

/** @param {string} title @param {...Node} inside */
function part(title, ...inside) {
  return el("section", { className: "ad-part" }, el("h2", {}, t(title)), ...inside);
}

/** @param {string[]} heads @param {any[][]} rows @param {number} words how many columns from the left hold words */
function table(heads, rows, words) {
  const cell = (/** @type {string} */ tag) => (/** @type {any} */ value, /** @type {number} */ at) =>
    el(tag, { className: at < words ? "" : "ad-number" }, String(value));
  return el("div", { className: "ad-scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map((head, at) => cell("th")(t(head), at)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell("td"))))),
  ));
}

/** Columns a day, a colour a person. @param {any[]} rows */
function chart(rows) {
  const { people, days } = byDay(rows);
  const top = roundUp(Math.max(...days.map((day) => day.total)));
  const width = 900, height = 190, left = 44, base = 160, high = 140;
  const step = (width - left) / days.length;
  const thick = Math.min(46, step * 0.72);
  const nodes = [0, 0.5, 1].flatMap((share) => {
    const y = base - high * share;
    return [svg("line", { class: "ad-line", x1: left, x2: width, y1: y, y2: y }), svg("text", { class: "ad-tick", x: left - 8, y: y + 4, "text-anchor": "end" }, String(top * share))];
  });
  days.forEach((day, at) => {
    const x = left + step * at + (step - thick) / 2;
    let y = base;
    day.counts.forEach((count, who) => {
      if (!count) return;
      const tall = (high * count) / top;
      y -= tall;
      nodes.push(svg("rect", { x, y, width: thick, height: tall, fill: COLORS[who % COLORS.length] }, svg("title", {}, `${people[who]} · ${day.day} · ${count}`)));
    });
    if (at % Math.ceil(days.length / 12) === 0) nodes.push(svg("text", { class: "ad-tick", x: x + thick / 2, y: base + 18, "text-anchor": "middle" }, day.day.slice(5)));
  });
  const legend = el("p", { className: "ad-legend" }, ...people.map((name, at) => el("span", {}, el("i", { style: `background:${COLORS[at % COLORS.length]}` }), name)));
  return el("div", {}, svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "ad-chart", role: "img" }, ...nodes), legend);
}
