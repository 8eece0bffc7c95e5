// One picture that was found.

import { el, svg, tail } from "../shared/dom.js";
import { t } from "./strings.js";

// Drawn: not every machine has a font with these signs.
const THUMB = "M2.5 9h3v8h-3zM7 9l3.5-6.5c1.4 0 2 1 2 2L11.8 8h4.4a1.5 1.5 0 0 1 1.5 1.8l-1.1 5.7a1.8 1.8 0 0 1-1.8 1.5H7z";

/**
 * @param {any} one
 * @param {{chosen: boolean, liked: boolean, disliked: boolean, choose: () => void, judge: (up: boolean) => void, like: () => void}} acts
 */
export function hit(one, acts) {
  const where = encodeURIComponent(one.image_id);
  const thumb = (up, on, title) => el("button", { type: "button", title, "aria-pressed": String(on), className: "aq-thumb", onclick: () => acts.judge(up) }, svg("svg", { viewBox: "0 0 20 20", class: up ? "" : "aq-down" }, svg("path", { d: THUMB })));
  const image = el("img", { src: `/api/images/${where}/thumb?side=320`, alt: one.name, loading: "lazy", decoding: "async" });
  const parts = Object.entries(one.parts);
  const scores = parts.length > 1 ? parts.map(([name, score]) => `${name}: ${Number(score).toFixed(3)}`).join("\n") : "";
  return el("article", { className: "aq-hit", role: "listitem", dataset: { image: one.image_id, chosen: String(acts.chosen), status: one.status } },
    el("button", { type: "button", className: "aq-picture", title: t("choose"), "aria-pressed": String(acts.chosen), onclick: acts.choose }, image),
    el("div", { className: "aq-under" },
      el("b", { title: scores }, one.score.toFixed(3)),
      one.written ? el("bdi", { title: one.written }, one.written) : tail(one.name),
      one.twins.length ? el("small", {}, t("twins", { n: one.twins.length })) : null),
    el("div", { className: "aq-acts" },
      thumb(true, acts.liked, t("up")), thumb(false, acts.disliked, t("down")),
      el("button", { type: "button", title: t("like"), onclick: acts.like }, "≈"),
      el("a", { href: `/label?image=${where}`, target: "_blank", title: t("open") }, "↗")),
  );
}
