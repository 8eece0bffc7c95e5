// What went out and came in.

import { el } from "../shared/dom.js";
import { t } from "./strings.js";

/** @param {any[]} datasets */
export function table(datasets) {
  if (!datasets.length) return el("p", { className: "ax-none" }, t("none"));
  const head = el("tr", {}, ...["when", "who", "what", "came"].map((name) => el("th", {}, t(name))), el("th", {}));
  return el("div", { className: "ax-scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...datasets.map(row))));
}

/** @param {any} one */
function row(one) {
  const name = one.path.split(/[\\/]/).pop();
  const fetched = one.direction === "export" ? el("a", { href: `/api/datasets/${one.id}/archive`, download: "" }, t("fetch")) : null;
  return el("tr", { dataset: { dataset: String(one.id) } },
    el("td", {}, new Date(one.at).toLocaleString()), el("td", {}, one.who),
    el("td", { title: one.path }, el("b", {}, `${t(one.direction)} ${name}`), el("small", {}, one.formats.join(", "))),
    el("td", {}, ...told(one).map((line) => el("div", {}, line))), el("td", {}, fetched));
}

/** @param {any} one @returns {string[]} */
export function told(one) {
  const counts = one.counts;
  if (one.direction === "import") {
    const lines = [t("pictures", { n: counts.read ?? 0 }), t("texts", { n: counts.regions ?? 0 })];
    return counts.faults_total ? [...lines, t("faults", { n: counts.faults_total })] : lines;
  }
  const parts = Object.entries(counts.parts ?? {});
  const sum = parts.reduce((all, [, count]) => all + Number(count), 0);
  const split = parts.map(([part, count]) => `${part || "–"} ${count}`).join(", ");
  const lines = [`${t("pictures", { n: sum })} (${split})`, t("texts", { n: counts.kept ?? 0 })];
  const left = Object.entries(counts.refused ?? {});
  if (left.length) lines.push(`${t("left")}: ${left.map(([why, count]) => `${why} ${count}`).join(", ")}`);
  return lines;
}
