// Searching the pool: a query on the left, what was found on the right, chosen pictures into a batch.

import { api, ApiError } from "../label/api.js";
import { el } from "../shared/dom.js";
import { builder } from "./builder.js";
import { hit } from "./hit.js";
import { QueryDraft } from "./query.js";
import { t } from "./strings.js";

const SIZE = 48;

/** @param {HTMLElement} root */
export async function start(root) {
  const page = new Page(root);
  await page.begin();
}

class Page {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.draft = new QueryDraft();
    /** @type {any} */
    this.found = null;
    this.page = 0;
    this.asked = 0;
    /** @type {Set<string>} */
    this.chosen = new Set();
    this.builder = builder(this.draft, { search: () => this.search(0), say: (text) => this.say(text, true) });
    this.grid = el("div", { className: "aq-grid", role: "list" });
    this.note = el("p", { className: "aq-note", role: "status" }, t("start"));
    this.refit = el("button", { type: "button", hidden: true, onclick: () => this.search(0) });
    this.back = el("button", { type: "button", disabled: true, onclick: () => this.search(this.page - 1) }, t("back"));
    this.more = el("button", { type: "button", disabled: true, onclick: () => this.search(this.page + 1) }, t("more"));
    this.every = el("button", { type: "button", disabled: true, onclick: () => this.choose() }, t("all"));
    this.count = el("span", { className: "aq-count" });
    this.names = el("datalist", { id: "aq-batches" });
    this.batch = el("input", { type: "text", name: "batch", placeholder: t("batch.hint"), maxLength: 128, autocomplete: "off" });
    this.batch.setAttribute("list", "aq-batches");
    this.send = el("button", { type: "submit", className: "aq-go", disabled: true }, t("send"));
    const form = el("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.toBatch(); } }, this.every, this.count, this.batch, this.names, this.send);
    root.replaceChildren(el("aside", {}, this.builder.node), el("section", {}, el("header", {}, this.note, this.refit, this.back, this.more), this.grid, el("footer", {}, form)));
  }

  async begin() {
    try {
      const [packs, batches] = await Promise.all([api.packs(), api.batches()]);
      this.builder.packs(packs);
      this.names.replaceChildren(...batches.map((/** @type {any} */ batch) => el("option", { value: batch.name })));
    } catch (error) {
      this.fail(error);
    }
    this.root.dataset.state = "ready";
    const like = new URLSearchParams(location.search).get("like");
    if (like) this.like(like, like.slice(0, 12));
  }

  /** @param {number} page */
  async search(page) {
    this.builder.typed();
    if (this.draft.empty) {
      this.say(t("start"));
      return;
    }
    const asked = ++this.asked;
    this.builder.busy(true);
    this.root.dataset.state = "loading";
    try {
      const found = await api.search(this.draft.asked(page, SIZE));
      if (asked !== this.asked) return; // a later search has overtaken this one
      this.found = found;
      this.page = page;
      this.say(found.hits.length ? [t("found", { page: page + 1 }), found.label.replace(/(^| )written:/, `$1${t("written")}: `), found.model ? t("model", { model: found.model }) : "", found.cut ? t("cut") : ""].filter(Boolean).join(" · ") : t("nothing"));
      this.draw();
      this.grid.scrollTop = 0;
    } catch (error) {
      if (asked === this.asked) this.fail(error);
    } finally {
      if (asked === this.asked) {
        this.builder.busy(false);
        this.root.dataset.state = "ready";
      }
    }
  }

  draw() {
    const hits = this.found?.hits ?? [];
    this.grid.replaceChildren(...hits.map((/** @type {any} */ one) => hit(one, {
      chosen: this.chosen.has(one.image_id), liked: this.draft.liked.has(one.image_id), disliked: this.draft.disliked.has(one.image_id),
      choose: () => { this.toggle(one.image_id); this.draw(); },
      judge: (up) => { this.draft.judge(one.image_id, up); this.draw(); },
      like: () => this.like(one.image_id, one.name),
    })));
    this.back.disabled = this.page === 0;
    this.more.disabled = !this.found?.more;
    this.every.disabled = !hits.length;
    const judged = { up: this.draft.liked.size, down: this.draft.disliked.size };
    this.refit.hidden = !judged.up && !judged.down;
    this.refit.textContent = `${t("refit")} (${t("judged", judged)})`;
    this.counts();
  }

  counts() {
    const hits = this.found?.hits ?? [];
    const whole = hits.length > 0 && hits.every((/** @type {any} */ one) => this.chosen.has(one.image_id));
    this.every.textContent = t(whole ? "none" : "all");
    this.count.textContent = this.chosen.size ? t("chosen", { n: this.chosen.size }) : "";
    this.send.disabled = !this.chosen.size;
    this.root.dataset.hits = String(hits.length);
    this.root.dataset.chosen = String(this.chosen.size);
  }

  /** @param {string} id */
  toggle(id) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  choose() {
    const ids = this.found.hits.map((/** @type {any} */ one) => one.image_id);
    const whole = ids.every((/** @type {string} */ id) => this.chosen.has(id));
    for (const id of ids) if (whole) this.chosen.delete(id); else this.chosen.add(id);
    this.draw();
  }

  /** @param {string} id @param {string} name */
  like(id, name) {
    this.draft.clear();
    this.draft.add({ kind: "image", value: id, weight: 1, name });
    this.builder.refresh();
    this.search(0);
  }

  async toBatch() {
    if (!this.batch.value.trim()) {
      this.batch.focus();
      return;
    }
    try {
      const { batch, added } = await api.fillBatch(this.batch.value.trim(), [...this.chosen], this.found?.label ?? "");
      const link = el("a", { href: `/label?batch=${batch.id}` }, t("label"));
      this.note.replaceChildren(t("sent", { added, n: this.chosen.size, name: batch.name }), " ", link);
      this.chosen.clear();
      this.root.dataset.sent = String(batch.id);
      this.draw();
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {unknown} error */
  fail(error) {
    this.say(error instanceof ApiError ? t("failed", { why: error.message }) : t("offline"), true);
  }

  /** @param {string} text @param {boolean} bad */
  say(text, bad = false) {
    this.note.textContent = text;
    this.note.dataset.bad = String(bad);
  }
}
