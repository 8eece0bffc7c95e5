// What a person can ask for.

import { el } from "../shared/dom.js";
import { t } from "./strings.js";

const USUAL = ["paddleocr", "craft", "ppocrlabel", "icdar2015", "yolo-obb", "lmdb"];

/**
 * @param {string[]} formats @param {{id: number, name: string}[]} batches
 * @param {(kind: string, args: any) => void} ask @param {(text: string) => void} refuse
 */
export function exportForm(formats, batches, ask, refuse) {
  const name = el("input", { name: "name", required: true, pattern: "[A-Za-z0-9_\\-]{1,64}", title: t("name.hint"), placeholder: t("name.hint"), autocomplete: "off" });
  const boxes = formats.map((format) => check("format", format, format, USUAL.indexOf(format) === 0));
  const usual = boxes.filter((_, at) => USUAL.includes(formats[at]));
  const others = boxes.filter((_, at) => !USUAL.includes(formats[at]));
  const split = el("input", { name: "split", value: "6:2:2", pattern: "\\d+:\\d+(:\\d+)?", required: true });
  const batch = el("select", { name: "batch" }, el("option", { value: "" }, t("pool")), ...batches.map((one) => el("option", { value: one.name }, one.name)));
  const statuses = ["confirmed", "no_text", "todo"].map((status) => check("status", status, t(`status.${status}`), status !== "todo"));
  const category = el("input", { name: "category", placeholder: t("category.hint"), autocomplete: "off" });
  const rest = choice("others", ["drop", "ignore"]);
  const [reviewed, drafts, crops] = ["reviewed", "drafts", "crops"].map((option) => check(option, option, t(option), false));
  const form = el("form", {}, el("h2", {}, t("export")), field("name", name),
    field("formats", el("div", { className: "ax-checks" }, ...usual), el("details", {}, el("summary", {}, t("more")), el("div", { className: "ax-checks" }, ...others))),
    field("split", split), field("batch", batch), field("statuses", el("div", { className: "ax-checks" }, ...statuses)), field("category", category), field("others", rest),
    el("div", { className: "ax-options" }, reviewed, drafts, crops), el("button", { type: "submit", className: "ax-go" }, t("go")));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const on = (/** @type {string} */ group) => [...form.querySelectorAll(`input[name="${group}"]:checked`)].map((one) => /** @type {HTMLInputElement} */ (one).value);
    if (!on("format").length || !on("status").length) {
      refuse(t("noformat"));
      return;
    }
    ask("export", {
      name: name.value, formats: on("format"), split: split.value.split(":").map(Number), batch: batch.value || null, statuses: on("status"),
      reviewed: on("reviewed").length > 0, drafts: on("drafts").length > 0, crops: on("crops").length > 0,
      categories: category.value.split(",").map((/** @type {string} */ one) => one.trim()).filter(Boolean), others: rest.value,
    });
  });
  return form;
}

/** @param {string[]} formats @param {(kind: string, args: any) => void} ask */
export function importForm(formats, ask) {
  const path = el("input", { name: "path", required: true, autocomplete: "off" });
  const format = el("select", { name: "format" }, el("option", { value: "" }, t("guess")), ...formats.map((one) => el("option", { value: one }, one)));
  const existing = choice("existing", ["merge", "replace", "skip"]);
  const state = choice("state", ["confirmed", "todo"]);
  const batch = el("input", { name: "into", maxLength: 128, autocomplete: "off" });
  const form = el("form", {}, el("h2", {}, t("import")), field("path", path), field("format", format), field("existing", existing), field("state", state), field("into", batch),
    el("button", { type: "submit", className: "ax-go" }, t("intake")));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    ask("import", { path: path.value, format: format.value || null, existing: existing.value, confirmed: state.value === "confirmed", batch: batch.value.trim() || null });
  });
  return form;
}

/** @param {string} name @param {...Node} inside */
function field(name, ...inside) {
  return el("fieldset", {}, el("legend", {}, t(name)), ...inside);
}

/** @param {string} name @param {string[]} values */
function choice(name, values) {
  return el("select", { name }, ...values.map((value) => el("option", { value }, t(`${name}.${value}`))));
}

/** @param {string} group @param {string} value @param {string} text @param {boolean} on */
function check(group, value, text, on) {
  return el("label", {}, el("input", { type: "checkbox", name: group, value, checked: on }), text);
}
