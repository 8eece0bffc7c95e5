// One picture of the pool, and a group of pictures that are nearly the same.

import { el, tail } from "../shared/dom.js";
import { t } from "./strings.js";

/** @param {any} one @param {boolean} chosen @param {(event: MouseEvent) => void} choose */
export function card(one, chosen, choose) {
  const where = encodeURIComponent(one.id);
  const image = el("img", { src: `/api/images/${where}/thumb?side=320`, alt: one.name, loading: "lazy", decoding: "async" });
  const facts = [`${one.width} × ${one.height}`, one.box_count ? t("boxes", { n: one.box_count }) : "", one.time_ms === null ? "" : clock(one.time_ms)].filter(Boolean).join(" · ");
  return el("article", { className: "ap-card", role: "listitem", dataset: { image: one.id, chosen: String(chosen), status: one.status } },
    el("button", { type: "button", className: "ap-picture", title: t("choose"), "aria-pressed": String(chosen), onclick: choose }, image),
    el("div", { className: "ap-name" }, tail(one.name), el("a", { href: `/label?image=${where}`, target: "_blank", title: t("open") }, "↗")),
    el("div", { className: "ap-facts" }, el("small", {}, facts), el("small", { className: "ap-status" }, t(`status.${one.status}`))),
    one.tags.length ? el("div", { className: "ap-tags" }, ...one.tags.slice(0, 4).map((/** @type {string} */ tag) => el("i", { title: tag }, tag))) : null);
}

/** @param {any[]} some @param {boolean} may @param {(keep: string[]) => void} settle */
export function group(some, may, settle) {
  const all = some.map((one) => one.id);
  const pictures = some.map((one) => {
    const where = encodeURIComponent(one.id);
    return el("figure", { dataset: { image: one.id } }, el("a", { href: `/label?image=${where}`, target: "_blank", title: t("open") }, el("img", { src: `/api/images/${where}/thumb?side=320`, alt: one.name, loading: "lazy" })),
      el("figcaption", {}, tail(one.name), el("small", {}, `${one.width} × ${one.height} · ${t(`status.${one.status}`)}`)),
      may ? el("button", { type: "button", onclick: () => settle([one.id]) }, t("keep.one")) : null);
  });
  const acts = may ? [el("button", { type: "button", className: "ap-all", onclick: () => settle(all) }, t("keep.all")), el("button", { type: "button", className: "ap-first", onclick: () => settle([all[0]]) }, t("keep.first"))] : [];
  return el("section", { className: "ap-group", dataset: { size: String(some.length) } }, el("header", {}, el("b", {}, t("group", { n: some.length })), ...acts), el("div", {}, ...pictures));
}

/** @param {number} ms */
function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
