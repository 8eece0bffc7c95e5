// Keys of the wall. Letters are inert in fields, and nothing is taken from an input method that composes.

import { t } from "./strings.js";

const SHEET = [
  ["← → ↑ ↓", "key.move"], ["Space, X", "key.wrong"], ["Enter", "key.edit"], ["Esc", "key.cancel"], ["Ctrl+Enter", "key.settle"],
  ["PageDown", "key.next"], ["PageUp", "key.back"], ["O", "key.open"], ["?", "key.sheet"],
];

/** @param {any} wall */
export function keys(wall) {
  wall.root.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest?.(".aw-card")?.dataset.at;
    if (at !== undefined) wall.focus = Number(at);
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const inWall = wall.root.contains(target);
    if (!inWall && target !== document.body) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (target.matches("input")) target.blur();
      event.preventDefault();
      wall.settle();
    } else if (target.matches(".aw-text")) inText(wall, event, /** @type {HTMLInputElement} */ (target));
    else if (!target.matches("input, select, textarea") && !event.ctrlKey && !event.metaKey && !event.altKey) onWall(wall, event);
  });
}

/** @param {any} wall @param {KeyboardEvent} event @param {HTMLInputElement} field */
function inText(wall, event, field) {
  if (event.key === "Enter") {
    event.preventDefault();
    const at = wall.focus;
    wall.write(at, field.value);
    if (at + 1 < wall.screen.crops.length) wall.edit(at + 1);
    else wall.look(at);
  } else if (event.key === "Escape") {
    event.preventDefault();
    field.value = wall.screen.text(wall.focus);
    wall.look(wall.focus);
  }
}

/** @param {any} wall @param {KeyboardEvent} event */
function onWall(wall, event) {
  const acts = {
    ArrowLeft: () => wall.look(wall.focus - 1), ArrowRight: () => wall.look(wall.focus + 1),
    ArrowUp: () => wall.look(wall.focus - across(wall)), ArrowDown: () => wall.look(wall.focus + across(wall)),
    " ": () => wall.toggle(wall.focus), x: () => wall.toggle(wall.focus), Enter: () => wall.edit(wall.focus),
    PageDown: () => wall.forward(), PageUp: () => wall.back(), "?": () => sheet(),
    o: () => wall.grid.children[wall.focus]?.querySelector("a")?.click(),
  };
  const act = acts[/** @type {keyof typeof acts} */ (event.key.length === 1 ? event.key.toLowerCase() : event.key)];
  if (!act) return;
  event.preventDefault();
  act();
}

/** How many cards stand side by side. @param {any} wall */
function across(wall) {
  const cards = [...wall.grid.children];
  const top = cards[0]?.offsetTop;
  const second = cards.findIndex((node) => node.offsetTop !== top);
  return second > 0 ? second : Math.max(1, cards.length);
}

function sheet() {
  const dialog = document.createElement("dialog");
  dialog.className = "aw-sheet";
  const title = document.createElement("h2");
  title.textContent = t("sheet");
  const list = document.createElement("dl");
  for (const [key, what] of SHEET) {
    const name = document.createElement("dt");
    name.textContent = key;
    const told = document.createElement("dd");
    told.textContent = t(what);
    list.append(name, told);
  }
  const close = document.createElement("button");
  close.textContent = t("close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.querySelector(".aw")?.append(dialog); // where the colours of the page are
  dialog.showModal();
}
