// The page's skeleton. Everything has its fixed place: nothing moves when a picture, a box or a message changes.

import { t } from "./strings.js";
import { shownKey } from "./keys.js";

const icon = (body) => `<svg viewBox="0 0 20 20" aria-hidden="true">${body}</svg>`;
const TOOLS = [
  ["tool.select", "Esc", icon('<path d="M5 2.5v13l3.6-3.2 2.3 5 2.2-1-2.3-4.9H15.5z"/>')],
  ["tool.rect", "W", icon('<rect x="3" y="5" width="14" height="10"/>')],
  ["tool.quad", "Q", icon('<path d="M3 7.5 16 4l1.5 9.5L4.5 16z"/>')],
  ["tool.polygon", "P", icon('<path d="M3 9 9 3.5l8 3-2.5 9.5-8.5.500z"/>')],
  null,
  ["split", "S", icon('<rect x="2.5" y="6" width="6" height="8"/><rect x="11.5" y="6" width="6" height="8"/><path d="M10 3v14" stroke-dasharray="2 2"/>')],
  ["join", "M", icon('<rect x="2.5" y="6" width="15" height="8"/><path d="M6 10h8M12 8l2 2-2 2M8 8l-2 2 2 2"/>')],
  ["sort", "O", icon('<path d="M4 5h12M4 10h8M4 15h5M14 9v7M12 14l2 2.5 2-2.5"/>')],
  null,
  ["undo", "Ctrl+Z", icon('<path d="M7 4 3.5 7.5 7 11M4 7.5h7.5a4.5 4.5 0 0 1 0 9H8"/>')],
  ["redo", "Ctrl+Shift+Z", icon('<path d="M13 4l3.5 3.5L13 11M16 7.5H8.5a4.5 4.5 0 0 0 0 9H12"/>')],
  null,
  ["zoom.in", "+", icon('<circle cx="9" cy="9" r="5.5"/><path d="m13 13 4 4M9 6.5v5M6.5 9h5"/>')],
  ["zoom.out", "-", icon('<circle cx="9" cy="9" r="5.5"/><path d="m13 13 4 4M6.5 9h5"/>')],
  ["fit", "F", icon('<path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"/>')],
  null,
  ["history", "J", icon('<circle cx="10" cy="10" r="7"/><path d="M10 6v4.5l3 2"/>')],
  ["sheet", "?", icon('<path d="M7 7.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.1-1.5 2.4M10 15.5v.1"/>')],
];

function tool(entry) {
  if (!entry) return '<span class="al-gap"></span>';
  const [action, key, drawing] = entry;
  const title = `${t(action)} · ${shownKey(key)}`;
  return `<button type="button" class="al-tool" data-action="${action}" title="${title}" aria-label="${title}">${drawing}</button>`;
}

const flowButton = (action, key, kind = "") => `<button type="button" class="al-flow ${kind}" data-action="${action}" title="${t(action)} · ${shownKey(key)}">
  <span>${t(`short.${action}`)}</span><kbd>${shownKey(key)}</kbd></button>`;

/**
 * Build the page into `root`. @param {HTMLElement} root @returns {Record<string, any>} its parts by name
 */
export function build(root) {
  root.innerHTML = `
  <header class="al-top">
    <a class="al-brand" href="/"><img src="/ui/icon.svg" alt="" width="22" height="22"></a>
    <nav class="al-nav" data-part="nav"></nav>
    <select class="al-batch" data-part="batch" aria-label="batch"></select>
    <button type="button" class="al-step" data-action="image.previous" title="${t("image.previous")} · A">‹</button>
    <span class="al-place" data-part="place"></span>
    <button type="button" class="al-step" data-action="image.next" title="${t("image.next")} · D">›</button>
    <span class="al-name" data-part="name"></span>
    <span class="al-pill" data-part="status"></span>
    <span class="al-room"></span>
    <span class="al-sync" data-part="sync" role="status"></span>
    <span class="al-who" data-part="who"></span>
  </header>
  <aside class="al-tools" role="toolbar">${TOOLS.map(tool).join("")}</aside>
  <main class="al-stage" data-part="stage" tabindex="-1">
    <div class="al-picture" data-part="picture"></div>
    <svg class="al-base" data-part="base"><g></g></svg>
    <svg class="al-over" data-part="over"></svg>
    <div class="al-banner" data-part="banner" hidden></div>
    <div class="al-hint" data-part="hint" hidden></div>
    <div class="al-toast" data-part="toast" role="status"></div>
    <div class="al-zoom" data-part="zoom"></div>
  </main>
  <section class="al-dock" data-part="dock">
    <div class="al-read">
      <div class="al-crop" data-part="cropholder"><canvas data-part="crop"></canvas></div>
      <div class="al-fieldholder">
        <div class="al-marks" data-part="marks" aria-hidden="true"></div>
        <textarea class="al-field" data-part="field" rows="1" wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" disabled></textarea>
      </div>
    </div>
    <div class="al-facts">
      <div class="al-readings" data-part="readings"></div>
      <span class="al-room"></span>
      <button type="button" class="al-chip" data-action="category" data-part="category" title="${t("category")} · C"></button>
      <button type="button" class="al-chip" data-action="direction" data-part="direction" title="${t("direction")} · T"></button>
      <button type="button" class="al-chip" data-action="tags" data-part="tags" title="${t("tags")} · G"></button>
      <button type="button" class="al-chip" data-action="ignore" data-part="ignore" title="${t("ignore")} · ${shownKey("Ctrl+I")}">${t("ignored")}</button>
      <button type="button" class="al-chip" data-action="read" title="${t("read")} · ${shownKey("Ctrl+R")}">OCR</button>
    </div>
  </section>
  <aside class="al-side">
    <div class="al-count" data-part="count"></div>
    <div class="al-list" data-part="list" tabindex="-1"><div class="al-rows" data-part="rows"></div></div>
    <div class="al-progress"><i data-part="bar"></i><span data-part="progress"></span></div>
    <div class="al-actions">
      ${flowButton("confirm", "Ctrl+Enter", "main")}
      ${flowButton("skip", "K")}${flowButton("no_text", "B")}${flowButton("reject", "X", "bad")}
    </div>
  </aside>
  <dialog class="al-dialog" data-part="dialog"></dialog>`;
  const parts = {};
  for (const node of root.querySelectorAll("[data-part]")) parts[node.dataset.part] = node;
  return parts;
}
