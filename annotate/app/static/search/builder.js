// The left side: words, pictures, things that carry text, what is written, and filters.

import { el } from "../shared/dom.js";
import { chinese, t } from "./strings.js";

const MOST_BYTES = 20 * 2 ** 20;
const STATUSES = ["", "todo", "confirmed", "skipped", "rejected", "no_text"];
const BY = ["auto", "whole", "plain", "parts"];

/**
 * @param {import("./query.js").QueryDraft} draft
 * @param {{search: () => void, say: (text: string) => void}} acts
 */
export function builder(draft, acts) {
  const chips = el("ul", { className: "aq-chips" });
  const words = el("input", { type: "text", name: "words", placeholder: t("words.hint"), maxLength: 500, autocomplete: "off" });
  const file = el("input", { type: "file", accept: "image/*", hidden: true, onchange: () => take(file.files) });
  const packs = el("div", { className: "aq-packs" });
  const written = el("input", { type: "text", name: "written", placeholder: t("written.hint"), maxLength: 500, autocomplete: "off" });
  const fuzzy = el("select", { name: "fuzzy" }, el("option", { value: "" }, t("exact")), el("option", { value: "1" }, t("fuzzy")));
  const go = el("button", { type: "submit", className: "aq-go" }, t("search"));

  const form = el("form", { className: "aq-form", onsubmit: submit },
    field("words", el("div", { className: "aq-line" }, words, el("button", { type: "button", onclick: () => file.click(), title: t("picture.hint") }, t("picture")), file)),
    chips,
    field("packs", packs),
    field("written", el("div", { className: "aq-line" }, written, fuzzy)),
    el("details", {}, el("summary", {}, t("filters")),
      field("status", choice("status", STATUSES)), field("boxes", range("min_boxes", "max_boxes", "1")), field("score", range("min_score", "max_score", "0.05")), field("by", choice("by", BY))),
    el("div", { className: "aq-line" }, el("button", { type: "button", onclick: clear }, t("clear")), go),
  );
  written.addEventListener("input", () => { draft.written = written.value; });
  fuzzy.addEventListener("change", () => { draft.fuzzy = fuzzy.value === "1"; });
  form.addEventListener("dragover", (/** @type {DragEvent} */ event) => event.preventDefault());
  form.addEventListener("drop", (/** @type {DragEvent} */ event) => { event.preventDefault(); take(event.dataTransfer?.files); });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) take(event.clipboardData.files);
  });

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    typed();
    acts.search();
  }

  function typed() {
    if (words.value.trim()) draft.add({ kind: "text", value: words.value.trim(), weight: 1 });
    words.value = "";
    refresh();
  }

  function clear() {
    draft.clear();
    words.value = "";
    written.value = "";
    refresh();
  }

  /** @param {FileList | null | undefined} files */
  async function take(files) {
    for (const one of files ?? []) {
      if (one.size > MOST_BYTES) acts.say(t("too.large"));
      else draft.add({ kind: "upload", value: one.name || "picture", weight: 1, data: await base64(one) });
    }
    file.value = "";
    refresh();
    if (!draft.empty) acts.search();
  }

  function refresh() {
    chips.replaceChildren(...draft.examples.map((example, at) => chip(example, at)));
  }

  /** @param {import("./query.js").Example} example @param {number} at */
  function chip(example, at) {
    const away = example.weight < 0;
    const picture = example.kind === "image" ? `/api/images/${encodeURIComponent(example.value)}/thumb?side=160` : example.data ? `data:image/*;base64,${example.data}` : "";
    const turn = el("button", { type: "button", className: "aq-sign", title: t(away ? "away" : "toward"), onclick: () => { draft.turn(at); refresh(); } }, away ? "−" : "+");
    const drop = el("button", { type: "button", title: t("remove"), onclick: () => { draft.remove(at); refresh(); } }, "×");
    return el("li", { dataset: { away: String(away) } }, turn, picture ? el("img", { src: picture, alt: "" }) : null, el("span", {}, example.name ?? example.value), drop);
  }

  /** @param {string} name @param {...Node} inside */
  function field(name, ...inside) {
    return el("fieldset", {}, el("legend", {}, t(name)), ...inside);
  }

  /** @param {string} name @param {string[]} values */
  function choice(name, values) {
    const node = el("select", { name, onchange: () => { draft.filters[name] = node.value; } });
    node.append(...values.map((value) => el("option", { value }, t(`${name}.${value}`))));
    node.value = draft.filters[name];
    return node;
  }

  /** @param {string} low @param {string} high @param {string} step */
  function range(low, high, step) {
    const input = (/** @type {string} */ name, /** @type {string} */ hint) => {
      const node = el("input", { type: "number", min: "0", step, placeholder: t(hint), onchange: () => { draft.filters[name] = node.value; } });
      return node;
    };
    return el("div", { className: "aq-line" }, input(low, "from"), input(high, "to"));
  }

  return {
    node: form, refresh, typed,
    /** @param {{key: string, names: Record<string, string>}[]} all */
    packs: (all) => packs.replaceChildren(...all.map((one) => {
      const name = (chinese ? one.names.zh : one.names.en) ?? one.key;
      return el("button", { type: "button", dataset: { pack: one.key }, onclick: () => { draft.add({ kind: "pack", value: one.key, weight: 1, name }); refresh(); acts.search(); } }, name);
    })),
    /** @param {boolean} busy */
    busy: (busy) => { go.disabled = busy; go.textContent = t(busy ? "searching" : "search"); },
  };
}

/** @param {File} file @returns {Promise<string>} */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
