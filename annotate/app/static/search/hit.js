// One picture that was found.

import { el } from "../shared/dom.js";
import { t } from "./strings.js";

/**
 * @param {any} one
 * @param {{chosen: boolean, liked: boolean, disliked: boolean, choose: () => void, judge: (up: boolean) => void, like: () => void}} acts
 */
export function hit(one, acts) {
  const where = encodeURIComponent(one.image_id);
  const thumb = (up, on, sign, title) => el("button", { type: "button", title, "aria-pressed": String(on), className: "aq-thumb", onclick: () => acts.judge(up) }, sign);
  const image = el("img", { src: `/api/images/${where}/thumb?side=320`, alt: one.name, loading: "lazy", decoding: "async" });
  const parts = Object.entries(one.parts);
  const scores = parts.length > 1 ? parts.map(([name, score]) => `${name}: ${Number(score).toFixed(3)}`).join("\n") : "";
  return el("article", { className: "aq-hit", role: "listitem", dataset: { image: one.image_id, chosen: String(acts.chosen), status: one.status } },
    el("button", { type: "button", className: "aq-picture", title: t("choose"), "aria-pressed": String(acts.chosen), onclick: acts.choose }, image),
    el("div", { className: "aq-under" },
      el("b", { title: scores }, one.score.toFixed(3)),
      one.written ? el("bdi", { title: one.written }, one.written) : el("span", { title: one.name }, one.name),
      one.twins.length ? el("small", {}, t("twins", { n: one.twins.length })) : null),
    el("div", { className: "aq-acts" },
      thumb(true, acts.liked, "👍", t("up")), thumb(false, acts.disliked, "👎", t("down")),
      el("button", { type: "button", title: t("like"), onclick: acts.like }, "≈"),
      el("a", { href: `/label?image=${where}`, target: "_blank", title: t("open") }, "↗")),
  );
}
