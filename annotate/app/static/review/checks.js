// Blind checks: how many pictures wait for a second, unseen labelling, and how far people agree.

import { api } from "../label/api.js";
import { el } from "../shared/dom.js";
import { t } from "./strings.js";

const SHARES = [1, 3, 4, 5, 10, 25, 100];
const USUAL = "4";

/** @param {HTMLElement} root where it is drawn */
export async function checks(root) {
  const share = el("select", { name: "share", onchange: () => count() }, ...SHARES.map((value) => el("option", { value: String(value) }, t("percent", { n: value }))));
  share.value = USUAL;
  const waiting = el("p", { className: "ar-soft" });
  const go = el("a", { className: "ar-start" }, t("check"));
  const pairs = await api.agreements();
  root.replaceChildren(el("section", {}, el("h2", {}, t("checks")), el("p", { className: "ar-soft" }, t("checks.why")), el("label", {}, t("share"), share), waiting, go),
    el("section", {}, el("h2", {}, t("agreement")), pairs.length ? table(pairs) : el("p", { className: "ar-soft" }, t("agreement.none"))));
  await count();

  async function count() {
    const value = Number(share.value) / 100;
    const found = await api.checks(value, 200);
    waiting.textContent = found.length ? t(found.length < 200 ? "waiting" : "waiting.more", { n: found.length }) : t("nochecks");
    go.hidden = !found.length;
    go.href = `/label?check=${value}`;
    root.dataset.waiting = String(found.length);
  }
}

/** @param {any[]} pairs */
function table(pairs) {
  const heads = ["first", "second", "pictures", "boxes.agree", "chars.agree"];
  const percent = (/** @type {number} */ part, /** @type {number} */ all) => (all ? `${((100 * part) / all).toFixed(1)} %` : "–");
  const rows = pairs.map((one) => [one.annotator, one.user, one.pictures, percent(one.both, one.both + one.only_first + one.only_second), percent(one.chars - Math.min(one.chars, one.char_errors), one.chars)]);
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", {}, t(head))))), el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((value) => el("td", {}, String(value)))))));
}
