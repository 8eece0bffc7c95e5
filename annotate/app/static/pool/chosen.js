// The foot: what can be done with the pictures that are chosen.

import { el } from "../shared/dom.js";
import { words } from "./add.js";
import { t } from "./strings.js";

const SETTABLE = ["todo", "skipped", "rejected"];

/**
 * @param {string} role
 * @param {{change: (changes: any) => void, remove: () => void, restore: () => void, batch: (name: string) => void, page: () => void, all: () => void}} acts
 */
export function foot(role, acts) {
  const count = el("span", { className: "ap-count" });
  const page = el("button", { type: "button", name: "page", onclick: acts.page }, t("choose.page"));
  const all = el("button", { type: "button", name: "all", onclick: acts.all }, t("choose.all"));
  const tag = el("input", { name: "tags", placeholder: t("tags"), title: t("tags.hint"), maxLength: 300, autocomplete: "off" });
  const tagging = (/** @type {string} */ way, /** @type {string} */ key) => el("button", { type: "button", name: way, onclick: () => {
    const tags = words(tag.value);
    if (tags.length) acts.change({ [key]: tags });
    else tag.focus();
  } }, t(way));
  const status = el("select", { name: "set", onchange: () => { if (status.value) acts.change({ status: status.value }); status.value = ""; } },
    el("option", { value: "" }, `${t("set")}…`), ...SETTABLE.map((value) => el("option", { value }, t(`status.${value}`))));
  const named = (/** @type {string} */ name, /** @type {string} */ hint, /** @type {(value: string) => void} */ act) => {
    const input = el("input", { name, placeholder: t(hint), maxLength: 128, autocomplete: "off" });
    const go = () => { if (input.value.trim()) act(input.value.trim()); else input.focus(); };
    return el("span", { className: "ap-pair" }, input, el("button", { type: "button", name: `to.${name}`, onclick: go }, t(name === "batch" ? "batch" : "setsource")));
  };
  const remove = el("button", { type: "button", name: "delete", className: "ap-bad", onclick: acts.remove }, t("delete"));
  const restore = el("button", { type: "button", name: "restore", onclick: acts.restore }, t("restore"));
  const batch = named("batch", "batch.name", acts.batch);
  const change = [el("span", { className: "ap-pair" }, tag, tagging("addtag", "add_tags"), tagging("removetag", "remove_tags")), status];
  const source = named("source", "source.name", (value) => acts.change({ source: value }));
  const inPool = [batch, ...(role === "annotator" ? [] : change), ...(role === "admin" ? [source] : []), ...(role === "annotator" ? [] : [remove])];
  const node = el("footer", {}, page, all, count, el("div", { className: "ap-acts" }, ...inPool, ...(role === "annotator" ? [] : [restore])));
  return {
    node,
    /** @param {number} n @param {string} view @param {boolean} whole all of the page are chosen */
    draw(n, view, whole) {
      node.hidden = view === "twins";
      count.textContent = n ? t("chosen", { n: n.toLocaleString() }) : "";
      page.textContent = t(whole ? "choose.none" : "choose.page");
      for (const one of inPool) one.hidden = view !== "pool";
      restore.hidden = view !== "trash";
      for (const one of node.querySelectorAll(".ap-acts button, .ap-acts select")) one.disabled = !n;
    },
  };
}

/** Ask before pictures are taken out. @param {number} n @returns {Promise<boolean>} */
export function sure(n) {
  return new Promise((resolve) => {
    const yes = el("button", { type: "button", className: "ap-bad", onclick: () => { resolve(true); dialog.close(); } }, t("yes"));
    const no = el("button", { type: "button", onclick: () => dialog.close() }, t("cancel"));
    const dialog = el("dialog", { className: "ap-dialog" }, el("h2", {}, t("really", { n: n.toLocaleString() })), el("p", {}, t("really.more")), el("div", {}, no, yes));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(false); });
    document.querySelector(".ap")?.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
