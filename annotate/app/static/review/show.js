// A finished picture with its boxes, and the list of its texts beside their crops; nothing can be changed here.

import { api } from "../label/api.js";
import { el, svg } from "../shared/dom.js";
import { t } from "./strings.js";

/** @param {any} doc @param {(at: number) => void} look */
export function picture(doc, look) {
  const thick = Math.max(doc.width, doc.height) / 700;
  const shapes = doc.regions.map((/** @type {any} */ region, /** @type {number} */ at) =>
    svg("polygon", {
      class: `ar-box${region.ignore ? " ar-ignored" : ""}`, points: region.points.map((/** @type {number[]} */ point) => point.join(",")).join(" "),
      "stroke-width": thick, "data-box": at, onclick: () => look(at),
    }, svg("title", {}, region.text || t("empty"))));
  return svg("svg", { viewBox: `0 0 ${doc.width} ${doc.height}`, class: "ar-canvas", preserveAspectRatio: "xMidYMid meet" },
    svg("image", { href: api.mediaUrl(doc.image_id), width: doc.width, height: doc.height }), ...shapes);
}

/** @param {any} doc @param {any[]} said @param {(at: number) => void} look */
export function listing(doc, said, look) {
  const rows = doc.regions.map((/** @type {any} */ region, /** @type {number} */ at) => {
    const source = `/api/images/${encodeURIComponent(doc.image_id)}/regions/${encodeURIComponent(region.id)}/crop?height=64`;
    const text = region.ignore ? t("ignored") : region.text || t("empty");
    return el("li", { dataset: { box: String(at) }, onclick: () => look(at) },
      el("img", { src: source, alt: "", loading: "lazy", decoding: "async" }),
      el("bdi", { className: region.ignore || !region.text ? "ar-soft" : "" }, text),
      region.category === "printed" ? null : el("small", {}, region.category));
  });
  const list = el("ol", {}, ...rows);
  if (!said.length) return list;
  const before = said.map((one) => el("li", {}, el("b", {}, `${one.user}: ${t(`verdict.${one.verdict}`)}`), one.reason ? ` — ${one.reason}` : ""));
  return el("div", {}, el("section", { className: "ar-said" }, el("h3", {}, t("history")), el("ul", {}, ...before)), list);
}
