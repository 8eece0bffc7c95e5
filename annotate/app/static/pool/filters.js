// What of the pool is shown.

import { el } from "../shared/dom.js";
import { t } from "./strings.js";

const STATUSES = ["", "todo", "confirmed", "skipped", "rejected", "no_text"];

/** @param {() => void} changed */
export function filters(changed) {
  const select = (/** @type {string} */ name) => el("select", { name });
  const text = el("input", { type: "search", name: "text", maxLength: 200, autocomplete: "off" });
  const status = el("select", { name: "status" }, ...STATUSES.map((value) => el("option", { value }, t(`status.${value}`))));
  const [source, clip, tag] = ["source", "clip", "tag"].map(select);
  const number = (/** @type {string} */ name, /** @type {string} */ hint) => el("input", { type: "number", name, min: "1", placeholder: hint });
  const [least, most] = [number("min_side", "≥"), number("max_side", "≤")];
  const [from, to] = ["added_from", "added_to"].map((name) => el("input", { type: "date", name }));
  const form = el("form", { className: "ap-filters" }, labelled("text", text), labelled("status", status), labelled("source", source), labelled("clip", clip), labelled("tag", tag),
    labelled("side", el("span", { className: "ap-pair" }, least, most)), labelled("date", el("span", { className: "ap-pair" }, from, to)), el("button", { type: "reset" }, t("clear")));
  form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); changed(); });
  form.addEventListener("change", () => changed());
  form.addEventListener("reset", () => setTimeout(changed));

  return {
    node: form,
    /** @param {any} choices */
    offer(choices) {
      fill(source, choices.sources.map((/** @type {any} */ one) => [one.id, `${[t(`kind.${one.kind}`), one.name].filter(Boolean).join(" ")} (${one.pictures.toLocaleString()})`]));
      fill(clip, choices.clips.map((/** @type {any} */ one) => [one.id, `${one.name} (${one.pictures.toLocaleString()})`]));
      fill(tag, choices.tags.map((/** @type {string} */ one) => [one, one]));
    },
    get asked() {
      return {
        text: text.value.trim() || undefined, status: status.value || undefined, source: source.value || undefined, clip: clip.value || undefined, tag: tag.value || undefined,
        min_side: least.value || undefined, max_side: most.value || undefined, added_from: from.value ? moment(from.value) : undefined, added_to: to.value ? moment(to.value, 1) : undefined,
      };
    },
  };
}

/** The beginning of a day where the person is, or of a later one. @param {string} day @param {number} later */
function moment(day, later = 0) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** @param {HTMLSelectElement} node @param {[any, string][]} choices */
function fill(node, choices) {
  const { value } = node;
  node.replaceChildren(el("option", { value: "" }, t("any")), ...choices.map(([key, name]) => el("option", { value: String(key) }, name)));
  node.value = choices.some(([key]) => String(key) === value) ? value : "";
}

/** @param {string} name @param {Node} inside */
function labelled(name, inside) {
  return el("label", {}, el("span", {}, t(name)), inside);
}
