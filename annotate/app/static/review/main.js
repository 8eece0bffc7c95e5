// Reviewing: one finished picture after the other, its boxes and texts side by side, one key a verdict.

import { api, ApiError } from "../label/api.js";
import { el } from "../shared/dom.js";
import { checks } from "./checks.js";
import { listing, picture } from "./show.js";
import { t } from "./strings.js";

const AHEAD = 20;

/** @param {HTMLElement} root */
export async function start(root) {
  const page = new Page(root);
  await page.begin();
}

class Page {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {any[]} */
    this.queue = [];
    this.last = 0;
    /** @type {any} */
    this.item = null;
    /** @type {any} */
    this.doc = null;
    this.box = -1;
    this.busy = false;
    this.batch = new URLSearchParams(location.search).get("batch") ?? undefined;
    this.title = el("h2", {});
    this.note = el("p", { className: "ar-note", role: "status" });
    this.left = el("div", { className: "ar-picture" });
    this.right = el("div", { className: "ar-list" });
    this.confirm = el("button", { type: "button", className: "ar-confirm", onclick: () => this.judge("confirm") }, t("confirm"));
    this.reject = el("button", { type: "button", className: "ar-reject", onclick: () => this.ask() }, t("reject"));
    this.skip = el("button", { type: "button", onclick: () => this.next() }, t("skip"));
    this.foot = el("footer", { className: "ar-foot" }, el("span", { className: "ar-keys" }, t("keys")), this.skip, this.reject, this.confirm);
    this.twice = el("div", { className: "ar-checks", hidden: true });
    this.tabs = ["queue", "checks"].map((view) => el("button", { type: "button", role: "tab", dataset: { view }, onclick: () => this.show(view) }, t(view)));
    const tabs = el("div", { className: "ar-tabs", role: "tablist" }, ...this.tabs);
    root.replaceChildren(el("header", { className: "ar-head" }, tabs, this.title, this.note), el("main", { className: "ar-body" }, this.left, this.right), this.twice, this.foot);
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {string} view `queue`, or `checks` for labelling again, unseen */
  async show(view) {
    this.root.dataset.view = view;
    this.twice.hidden = view !== "checks";
    for (const tab of this.tabs) tab.setAttribute("aria-selected", String(tab.dataset.view === view));
    if (view === "checks") await this.guarded(() => checks(this.twice));
  }

  async begin() {
    this.show("queue");
    await this.guarded(() => this.advance());
  }

  async next() {
    await this.guarded(() => this.advance());
  }

  async advance() {
    if (!this.queue.length) {
      this.queue = await api.reviews({ after: this.last, limit: AHEAD, batch: this.batch });
      if (!this.queue.length) {
        this.none(this.last ? t("end") : t("nothing"));
        return;
      }
    }
    this.item = this.queue.shift();
    this.last = this.item.number;
    await this.load();
    const ahead = this.queue[0];
    if (ahead) new Image().src = api.mediaUrl(ahead.image_id);
  }

  async load() {
    const [doc, said] = await Promise.all([api.doc(this.item.image_id), api.reviewsOf(this.item.image_id)]);
    this.doc = doc;
    this.box = -1;
    this.title.replaceChildren(doc.name, el("small", {}, t("by", { who: this.item.annotator })), el("small", {}, t("boxes", { n: doc.regions.length })),
      el("a", { href: `/label?image=${encodeURIComponent(doc.image_id)}`, target: "_blank", title: t("open") }, "↗"));
    this.note.textContent = "";
    this.left.replaceChildren(picture(doc, (at) => this.look(at)));
    this.right.replaceChildren(listing(doc, said, (at) => this.look(at)));
    this.left.scrollTop = 0;
    this.buttons(true);
    this.root.dataset.image = doc.image_id;
  }

  /** @param {string} text */
  none(text) {
    this.item = null;
    this.doc = null;
    this.title.textContent = "";
    this.left.replaceChildren(el("p", { className: "ar-empty" }, text));
    this.right.replaceChildren();
    this.buttons(false);
    this.root.dataset.image = "";
  }

  /** @param {boolean} on */
  buttons(on) {
    for (const button of [this.confirm, this.reject, this.skip]) button.disabled = !on;
  }

  /** @param {"confirm" | "reject"} verdict @param {string} reason */
  async judge(verdict, reason = "") {
    if (!this.item) return;
    await this.guarded(async () => {
      try {
        await api.judge(this.item.image_id, this.doc.rev, verdict, reason);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        await this.load();
        this.note.textContent = t("stale");
        return;
      }
      await this.advance();
    });
  }

  ask() {
    if (!this.item) return;
    const field = el("textarea", { maxLength: 500, rows: 3, placeholder: t("reason") });
    const send = el("button", { type: "submit", className: "ar-reject" }, t("send"));
    const form = el("form", { method: "dialog" }, el("label", {}, t("reason"), field), el("div", {}, el("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), send));
    const dialog = el("dialog", { className: "ar-dialog" }, form);
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!field.value.trim()) {
        field.focus();
        return;
      }
      dialog.close();
      this.judge("reject", field.value);
    });
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.querySelector(".ar")?.append(dialog); // where the colours of the page are
    dialog.showModal();
    field.focus();
  }

  /** @param {number} at */
  look(at) {
    if (!this.doc) return;
    this.box = Math.max(0, Math.min(this.doc.regions.length - 1, at));
    for (const node of this.root.querySelectorAll("[data-box]")) node.classList.toggle("ar-on", node.dataset.box === String(this.box));
    this.right.querySelector(`[data-box="${this.box}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** One thing at a time. @param {() => Promise<void>} step */
  async guarded(step) {
    if (this.busy) return;
    this.busy = true;
    this.root.dataset.state = "loading";
    try {
      await step();
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 403;
      if (refused) this.none(t("forbidden"));
      else this.note.textContent = t("failed", { why: /** @type {Error} */ (error).message });
    } finally {
      this.busy = false;
      this.root.dataset.state = "ready";
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (this.root.dataset.view === "checks" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const acts = {
      a: () => this.judge("confirm"), r: () => this.ask(), s: () => this.next(),
      ArrowDown: () => this.look(this.box + 1), ArrowUp: () => this.look(this.box - 1),
    };
    const act = acts[/** @type {keyof typeof acts} */ (event.key.length === 1 ? event.key.toLowerCase() : event.key)];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
