// Which key does what. The sheet (`?`) is made from the same table. Letters are dead in text fields, and nothing is
// looked at while an input method composes.

/**
 * where: "canvas" (dead in fields), "field" (only in the region's text field), "both".
 * @typedef {{action: string, keys: string[], where: "canvas"|"field"|"both", group: string}} Binding
 */
/** @type {Binding[]} */
export const BINDINGS = [
  { group: "draw", action: "tool.rect", keys: ["W"], where: "canvas" },
  { group: "draw", action: "tool.quad", keys: ["Q"], where: "canvas" },
  { group: "draw", action: "tool.polygon", keys: ["P"], where: "canvas" },
  { group: "draw", action: "cancel", keys: ["Escape"], where: "both" },
  { group: "draw", action: "delete", keys: ["Delete", "Backspace"], where: "canvas" },
  { group: "draw", action: "split", keys: ["S"], where: "canvas" },
  { group: "draw", action: "split.lines", keys: ["Shift+S"], where: "canvas" },
  { group: "draw", action: "join", keys: ["M"], where: "canvas" },
  { group: "draw", action: "sort", keys: ["O"], where: "canvas" },
  { group: "draw", action: "turn.left", keys: ["["], where: "canvas" },
  { group: "draw", action: "turn.right", keys: ["]"], where: "canvas" },
  { group: "draw", action: "nudge", keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], where: "canvas" },
  { group: "draw", action: "nudge.far", keys: ["Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"], where: "canvas" },
  { group: "text", action: "box.next", keys: ["Tab"], where: "both" },
  { group: "text", action: "box.previous", keys: ["Shift+Tab"], where: "both" },
  { group: "text", action: "edit", keys: ["Enter", "F2"], where: "canvas" },
  { group: "text", action: "accept", keys: ["Enter"], where: "field" },
  { group: "text", action: "box.next", keys: ["ArrowDown"], where: "field" },
  { group: "text", action: "box.previous", keys: ["ArrowUp"], where: "field" },
  { group: "text", action: "reading", keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], where: "canvas" },
  { group: "text", action: "reading", keys: ["Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5", "Alt+6", "Alt+7", "Alt+8", "Alt+9"], where: "both" },
  { group: "text", action: "ignore", keys: ["Ctrl+I"], where: "both" },
  { group: "text", action: "category", keys: ["C"], where: "canvas" },
  { group: "text", action: "direction", keys: ["T"], where: "canvas" },
  { group: "text", action: "tags", keys: ["G"], where: "canvas" },
  { group: "text", action: "read", keys: ["Ctrl+R"], where: "both" },
  { group: "text", action: "read.all", keys: ["Ctrl+Shift+R"], where: "both" },
  { group: "flow", action: "confirm", keys: ["Ctrl+Enter"], where: "both" },
  { group: "flow", action: "image.next", keys: ["D"], where: "canvas" },
  { group: "flow", action: "image.previous", keys: ["A"], where: "canvas" },
  { group: "flow", action: "image.todo", keys: ["Shift+D"], where: "canvas" },
  { group: "flow", action: "skip", keys: ["K"], where: "canvas" },
  { group: "flow", action: "no_text", keys: ["B"], where: "canvas" },
  { group: "flow", action: "reject", keys: ["X"], where: "canvas" },
  { group: "flow", action: "save", keys: ["Ctrl+S"], where: "both" },
  { group: "edit", action: "undo", keys: ["Ctrl+Z"], where: "both" },
  { group: "edit", action: "redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], where: "both" },
  { group: "edit", action: "copy", keys: ["Ctrl+C"], where: "canvas" },
  { group: "edit", action: "cut", keys: ["Ctrl+X"], where: "canvas" },
  { group: "edit", action: "paste", keys: ["Ctrl+V"], where: "canvas" },
  { group: "edit", action: "select.all", keys: ["Ctrl+A"], where: "canvas" },
  { group: "edit", action: "history", keys: ["J"], where: "canvas" },
  { group: "view", action: "fit", keys: ["F"], where: "canvas" },
  { group: "view", action: "zoom.box", keys: ["Z"], where: "canvas" },
  { group: "view", action: "zoom.in", keys: ["+", "="], where: "canvas" },
  { group: "view", action: "zoom.out", keys: ["-"], where: "canvas" },
  { group: "view", action: "hide", keys: ["H"], where: "canvas" },
  { group: "view", action: "sheet", keys: ["?", "F1"], where: "canvas" },
];

/** The name of what was pressed, such as `Ctrl+Shift+Z`; "" while an input method composes. @param {KeyboardEvent} event */
export function nameOf(event) {
  if (event.isComposing || event.keyCode === 229 || event.key === "Process" || event.key === "Dead") return "";
  let key = event.key;
  // Alt writes other characters on some keyboards: there the key's place counts.
  if (event.altKey && /^Digit\d$/.test(event.code)) key = event.code.slice(5);
  if (key.length === 1 && /\p{L}/u.test(key)) {
    // On a keyboard of another script the key's place counts as well.
    key = /[a-z]/i.test(key) ? key.toUpperCase() : /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : key;
  }
  const command = event.ctrlKey || event.metaKey;
  const shifted = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return `${command ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shifted ? "Shift+" : ""}${key}`;
}

/** @param {KeyboardEvent} event @param {"canvas"|"field"|"other"} place @returns {string|null} the action */
export function actionOf(event, place) {
  if (place === "other") return null; // a field or a dialog of another kind
  const name = nameOf(event);
  if (!name) return null;
  const fits = (binding) => (binding.where === "both" || binding.where === place) && binding.keys.includes(name);
  return BINDINGS.find(fits)?.action ?? null;
}

/** The same in the field of a column: up and down move along its text, so left and right go to the next box and back. */
export function columnAction(event) {
  const name = nameOf(event);
  if (name === "ArrowUp" || name === "ArrowDown") return null;
  if (name === "ArrowLeft") return "box.next";
  return name === "ArrowRight" ? "box.previous" : actionOf(event, "field");
}

/** Keys as people read them. @param {string} name */
export function shownKey(name) {
  const mac = typeof navigator !== "undefined" && /mac/i.test(navigator.platform ?? "");
  const signs = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del", Backspace: "⌫", Enter: "Enter" };
  return name.split("+").map((part) => signs[part] ?? (mac && part === "Ctrl" ? "⌘" : part)).join("+") || "+";
}
