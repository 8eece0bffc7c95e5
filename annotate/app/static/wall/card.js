// One crop with its text.

import { t } from "./strings.js";

/**
 * @param {{screen: import("./screen.js").Screen, toggle: (at: number) => void, write: (at: number, text: string) => void, edit: (at: number) => void, look: (at: number) => void}} wall
 * @param {number} at
 */
export function card(wall, at) {
  const crop = wall.screen.crops[at];
  const { region } = crop;
  const node = document.createElement("article");
  node.className = "aw-card";
  node.tabIndex = -1;
  node.setAttribute("role", "listitem");
  node.dataset.at = String(at);

  const picture = document.createElement("button");
  picture.type = "button";
  picture.className = "aw-crop";
  picture.title = t("mark");
  picture.tabIndex = -1;
  const image = document.createElement("img");
  image.decoding = "async";
  image.alt = "";
  image.src = `/api/images/${encodeURIComponent(crop.image_id)}/regions/${encodeURIComponent(region.id)}/crop?height=96`;
  picture.append(image);
  picture.addEventListener("click", () => wall.toggle(at));

  const field = document.createElement("input");
  field.className = "aw-text";
  field.spellcheck = false;
  field.autocomplete = "off";
  field.dir = region.direction === "rtl" ? "rtl" : "auto";
  field.setAttribute("aria-label", region.text);
  field.addEventListener("change", () => wall.write(at, field.value));
  field.addEventListener("focus", () => node.classList.add("aw-editing"));
  field.addEventListener("blur", () => node.classList.remove("aw-editing"));

  const foot = document.createElement("footer");
  const score = document.createElement("span");
  score.textContent = region.score === null ? t("manual") : region.score.toFixed(2);
  score.className = region.score !== null && region.score < 0.8 ? "aw-low" : "";
  const open = document.createElement("a");
  open.href = `/label?image=${encodeURIComponent(crop.image_id)}&region=${encodeURIComponent(region.id)}`;
  open.target = "_blank";
  open.textContent = "↗";
  open.title = t("open");
  open.tabIndex = -1;
  foot.append(score, open);

  node.append(picture, field, foot);
  refresh(node, wall.screen, at);
  return node;
}

/** Show what is said of a crop now. @param {HTMLElement} node @param {import("./screen.js").Screen} screen @param {number} at */
export function refresh(node, screen, at) {
  const state = screen.state(at);
  node.dataset.state = state;
  node.querySelector(".aw-crop")?.setAttribute("aria-pressed", String(state === "wrong"));
  const field = /** @type {HTMLInputElement} */ (node.querySelector(".aw-text"));
  if (field.value !== screen.text(at)) field.value = screen.text(at);
}
