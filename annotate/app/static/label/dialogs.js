// What asks and tells in front of the page: the sheet of keys, two versions of a picture, its history, its tags.

import { drawStraight } from "./crop.js";
import { decided, differences } from "./conflict.js";
import { BINDINGS, shownKey } from "./keys.js";
import { named, t } from "./strings.js";

/** @param {string} tag @param {Record<string, any>} values @param {...(Node|string)} children */
export function make(tag, values = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Open a dialog and wait until it is closed. @param {HTMLDialogElement} dialog @param {string} kind */
function ask(dialog, kind, ...children) {
  if (dialog.open) dialog.close("");
  dialog.dataset.kind = kind;
  dialog.replaceChildren(...children);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

const button = (text, onclick, kind = "") => make("button", { type: "button", class: `al-button ${kind}`, onclick }, text);

/** Many keys that do the same in short: four arrows, nine digits. @param {string[]} keys */
function shortened(keys) {
  if (keys.length < 4) return keys;
  return keys[0].endsWith("ArrowLeft") ? [keys[0].replace("ArrowLeft", "← ↑ → ↓")] : [`${keys[0]} – ${keys.at(-1).at(-1)}`];
}

/** The sheet of keys. */
export function sheet(dialog) {
  const groups = [...new Set(BINDINGS.map((binding) => binding.group))].map((group) => {
    const rows = new Map();
    for (const binding of BINDINGS.filter((one) => one.group === group)) {
      const keys = shortened(binding.keys);
      const known = rows.get(binding.action) ?? [];
      rows.set(binding.action, [...known, ...keys]);
    }
    return make("section", {}, make("h3", {}, t(`group.${group}`)), ...[...rows].map(([action, keys]) =>
      make("div", { class: "al-keyrow" }, make("span", {}, ...keys.map((key) => make("kbd", {}, shownKey(key)))), t(action))));
  });
  return ask(dialog, "sheet", make("div", { class: "al-sheet" }, ...groups), make("p", {}, t("mouse")),
    make("footer", {}, button(t("close"), () => dialog.close(), "main")));
}

/** The tags of a region. @returns {Promise<string[]|null>} null when nothing shall change */
export async function askTags(dialog, tags) {
  const input = make("input", { type: "text", value: tags.join(", "), placeholder: t("tags.hint"), maxlength: "1000" });
  const form = make("form", { method: "dialog" }, make("h2", {}, t("tags.title")), input,
    make("footer", {}, button(t("cancel2"), () => dialog.close()), make("button", { class: "al-button main", value: "ok" }, t("ok"))));
  const answer = await ask(dialog, "tags", form);
  if (answer !== "ok") return null;
  return [...new Set(input.value.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean))].slice(0, 50);
}

/**
 * Two versions of a picture. @param {any} pending mine, with the base that both began with @param {any} doc what is stored
 * @returns {Promise<{regions: any[], status: string}|null>} null to decide later
 */
export async function askConflict(dialog, pending, doc, image, ratio) {
  const choices = new Map();
  const found = differences(pending.base, pending.regions, doc.regions);
  for (const one of found) choices.set(one.id, one.proposed);
  const rows = found.map((one) => difference(one, choices, image, ratio));
  const all = (which) => () => {
    for (const row of rows) row.querySelector(`[data-side=${which}]`).click();
  };
  let status = pending.status;
  const statusRow = [];
  if (pending.status !== doc.status) {
    const side = (which, value) => make("button", {
      type: "button", class: `al-side-choice${which === "mine" ? " on" : ""}`, "data-side": which,
      onclick: (event) => { status = value; mark(event.currentTarget); },
    }, t(`status.${value}`));
    statusRow.push(make("div", { class: "al-difference" }, side("mine", pending.status), side("theirs", doc.status)));
    rows.push(...statusRow);
  }
  const answer = await ask(dialog, "conflict", make("h2", {}, t("conflict.title")), make("p", {}, `${doc.name} — ${t("conflict.text")}`),
    make("div", { class: "al-difference head" }, make("b", {}, t("mine")), make("b", {}, t("theirs"))),
    make("div", { class: "al-differences" }, ...rows),
    make("footer", {}, button(t("conflict.all.mine"), all("mine")), button(t("conflict.all.theirs"), all("theirs")),
      button(t("conflict.save"), () => dialog.close("save"), "main")));
  if (answer !== "save") return null;
  return { regions: decided(pending.regions, doc.regions, choices), status };
}

function mark(chosen) {
  for (const node of chosen.parentElement.querySelectorAll(".al-side-choice")) node.classList.toggle("on", node === chosen);
}

function difference(one, choices, image, ratio) {
  const side = (which, region) => {
    const body = [];
    if (!region) body.push(make("em", {}, t("removed")));
    else {
      if (image) {
        const canvas = make("canvas");
        drawStraight(canvas, image, ratio, region, { width: 300, height: 48 });
        body.push(canvas);
      }
      body.push(make("span", { dir: "auto" }, region.text || "—"), make("i", {}, region.ignore ? "###" : named("category", region.category)));
    }
    return make("button", {
      type: "button", class: `al-side-choice${choices.get(one.id) === which ? " on" : ""}`, "data-side": which,
      onclick: (event) => { choices.set(one.id, which); mark(event.currentTarget); },
    }, ...body);
  };
  const row = make("div", { class: `al-difference${one.both ? " both" : ""}`, "data-region": one.id }, side("mine", one.mine), side("theirs", one.theirs));
  if (one.both) row.title = t("conflict.both");
  return row;
}

/** What somebody did; the status that it had then where the deed does not say so. */
function deed(edit) {
  const name = named("action", edit.action);
  return edit.status && ["save", "restore", "wall", "import"].includes(edit.action) ? `${name} · ${t(`status.${edit.status}`)}` : name;
}

/** The history of a picture. @returns {Promise<number|null>} the revision to go back to */
export async function askHistory(dialog, edits) {
  const time = new Intl.DateTimeFormat(navigator.language, { dateStyle: "short", timeStyle: "medium" });
  const rows = [...edits].reverse().map((edit, at) => {
    const counts = [edit.put.length ? `+${edit.put.length}` : "", edit.removed.length ? `−${edit.removed.length}` : ""].filter(Boolean).join(" ");
    return make("div", { class: "al-edit", "data-rev": edit.rev }, make("b", {}, String(edit.rev)), make("time", {}, time.format(new Date(edit.at))),
      make("span", {}, edit.who), make("em", {}, deed(edit)), make("i", {}, counts),
      at === 0 ? make("small", {}, t("now")) : button(t("restore"), () => dialog.close(String(edit.rev))));
  });
  const answer = await ask(dialog, "history", make("h2", {}, t("history.title")), make("div", { class: "al-edits" }, ...rows),
    make("footer", {}, button(t("close"), () => dialog.close(), "main")));
  return answer === "" ? null : Number(answer);
}
