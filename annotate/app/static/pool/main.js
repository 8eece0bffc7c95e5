// The pool: add on the left, look through it on the right, and do something with what is chosen.

import { api, ApiError } from "../label/api.js";
import { el } from "../shared/dom.js";
import * as jobs from "../shared/jobs.js";
import { adder } from "./add.js";
import { foot, sure } from "./chosen.js";
import { filters } from "./filters.js";
import { card, group } from "./grid.js";
import { t } from "./strings.js";

const SIZE = 60;
const GROUPS = 20;
const VIEWS = ["pool", "twins", "trash"];

/** @param {HTMLElement} root */
export async function start(root) {
  const me = await api.me().catch(() => ({ role: "annotator" }));
  await new Page(root, me.role).begin();
}

class Page {
  /** @param {HTMLElement} root @param {string} role */
  constructor(root, role) {
    this.root = root;
    this.role = role;
    this.view = "pool";
    /** @type {any[]} */ this.pictures = [];
    /** Where each page up to this one began. @type {(number | string | null)[]} */ this.begins = [null];
    /** @type {number | string | null} */ this.next = null;
    /** @type {Set<string>} */ this.chosen = new Set();
    /** @type {string | null} */ this.last = null;
    this.asked = 0;
    this.note = el("p", { className: "ap-note", role: "status" });
    this.count = el("span", { className: "ap-total" });
    this.grid = el("div", { className: "ap-grid", role: "list" });
    this.filters = filters(() => this.fresh());
    this.back = el("button", { type: "button", name: "back", onclick: () => { this.begins.pop(); this.load(); } }, t("back"));
    this.more = el("button", { type: "button", name: "more", onclick: () => { this.begins.push(this.next); this.load(); } }, t("more"));
    this.tabs = VIEWS.filter((view) => view !== "trash" || role !== "annotator").map((view) => el("button", { type: "button", role: "tab", dataset: { view }, onclick: () => this.show(view) }, t(view)));
    this.foot = foot(role, {
      change: (changes) => this.done("changed", () => api.changePool([...this.chosen], changes)), remove: () => this.remove(),
      restore: () => this.done("restored", () => api.restorePool([...this.chosen])), batch: (name) => this.toBatch(name), page: () => this.choosePage(), all: () => this.chooseAll(),
    });
    const work = el("div", { className: "aj" });
    const left = el("aside", {}, ...adder(role, (text, bad) => this.say(text, bad)), el("section", {}, el("h2", {}, t("running")), work));
    root.replaceChildren(left, el("main", {}, el("header", {}, el("div", { className: "ap-tabs", role: "tablist" }, ...this.tabs), this.count, this.note, this.back, this.more), this.filters.node, this.grid, this.foot.node));
    this.begun = () => jobs.start(work, ["add", "upload", "embed", "import"], () => { if (this.begins.length === 1) this.refresh(); });
  }

  async begin() {
    if (this.role === "annotator") this.say(t("forbidden"));
    await this.show("pool");
    this.begun();
  }

  /** @param {string} view */
  show(view) {
    this.view = view;
    this.root.dataset.view = view;
    for (const tab of this.tabs) tab.setAttribute("aria-selected", String(tab.dataset.view === view));
    this.filters.node.hidden = view === "twins";
    return this.fresh();
  }

  fresh() {
    this.begins = [null];
    this.chosen.clear();
    return this.refresh();
  }

  async refresh() {
    await Promise.all([this.load(), api.poolChoices().then((choices) => this.filters.offer(choices)).catch(() => {})]);
  }

  async load() {
    const asked = ++this.asked;
    this.root.dataset.state = "loading";
    try {
      const after = this.begins.at(-1) ?? undefined;
      const found = this.view === "twins" ? await api.twins(after, GROUPS) : await api.pool({ ...this.filters.asked, deleted: this.view === "trash" || undefined, after, limit: SIZE });
      if (asked !== this.asked) return; // something later has been asked for
      this.next = found.next;
      this.pictures = found.pictures ?? [];
      this.grid.scrollTop = 0;
      if (this.view === "twins") this.drawGroups(found.groups);
      else {
        this.count.textContent = t(found.counted ? "count" : "count.more", { n: found.count.toLocaleString() });
        this.draw();
      }
    } catch (error) {
      if (asked === this.asked) this.fail(error);
    }
    if (asked !== this.asked) return;
    this.back.disabled = this.begins.length === 1;
    this.more.disabled = this.next === null;
    this.root.dataset.state = "ready";
  }

  draw() {
    const cards = this.pictures.map((one) => card(one, this.chosen.has(one.id), (event) => this.toggle(one.id, event.shiftKey)));
    this.grid.replaceChildren(...(cards.length ? cards : [el("p", { className: "ap-none" }, t(this.view === "trash" ? "none.trash" : "none"))]));
    this.mark();
  }

  /** @param {any[][]} groups */
  drawGroups(groups) {
    this.count.textContent = "";
    const nodes = groups.map((some) => group(some, this.role !== "annotator", (keep) => this.settle(some.map((one) => one.id), keep)));
    this.grid.replaceChildren(...(nodes.length ? nodes : [el("p", { className: "ap-none" }, t("none.twins"))]));
    this.root.dataset.pictures = String(groups.length);
    this.mark();
  }

  /** Show what is chosen, without drawing pictures anew. */
  mark() {
    for (const node of this.grid.querySelectorAll(".ap-card")) {
      const on = this.chosen.has(node.dataset.image);
      node.dataset.chosen = String(on);
      node.querySelector(".ap-picture").setAttribute("aria-pressed", String(on));
    }
    const whole = this.pictures.length > 0 && this.pictures.every((one) => this.chosen.has(one.id));
    this.foot.draw(this.chosen.size, this.view, whole);
    this.root.dataset.chosen = String(this.chosen.size);
    if (this.view !== "twins") this.root.dataset.pictures = String(this.pictures.length);
  }

  /** @param {string} id @param {boolean} through all from the one before */
  toggle(id, through) {
    const ids = this.pictures.map((one) => one.id);
    const [a, b] = [ids.indexOf(this.last ?? id), ids.indexOf(id)];
    if (through && a >= 0) for (const one of ids.slice(Math.min(a, b), Math.max(a, b) + 1)) this.chosen.add(one);
    else if (!this.chosen.delete(id)) this.chosen.add(id);
    this.last = id;
    this.mark();
  }

  choosePage() {
    const ids = this.pictures.map((one) => one.id);
    const whole = ids.every((id) => this.chosen.has(id));
    if (whole) this.chosen.clear();
    else for (const id of ids) this.chosen.add(id);
    this.mark();
  }

  async chooseAll() {
    try {
      this.chosen = new Set(await api.poolIds({ ...this.filters.asked, deleted: this.view === "trash" || undefined }));
    } catch (error) {
      this.fail(error);
    }
    this.mark();
  }

  async remove() {
    if (await sure(this.chosen.size)) await this.done("deleted", () => api.deletePool([...this.chosen]));
  }

  /** @param {string} word @param {() => Promise<any>} act */
  async done(word, act) {
    this.root.dataset.state = "loading";
    try {
      const { changed, refused } = await act();
      this.say([t(word, { n: changed }), refused.length ? t("refused", { n: refused.length, why: refused[0] }) : ""].filter(Boolean).join(" · "), refused.length > 0);
      if (word !== "changed") this.chosen.clear();
    } catch (error) {
      this.fail(error);
    }
    await this.refresh();
  }

  /** @param {string} name */
  async toBatch(name) {
    try {
      const { added } = await api.fillBatch(name, [...this.chosen], "");
      this.say(t("batched", { n: added, name }));
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {string[]} ids @param {string[]} keep */
  settle(ids, keep) {
    return this.done(keep.length === ids.length ? "kept" : "deleted", () => api.settleTwins(ids, keep));
  }

  /** @param {unknown} error */
  fail(error) {
    this.say(error instanceof ApiError && error.status === 403 ? t("forbidden") : t("failed", { why: /** @type {Error} */ (error).message }), true);
  }

  /** @param {string} text @param {boolean} bad */
  say(text, bad = false) {
    this.note.textContent = text;
    this.note.title = text;
    this.note.dataset.bad = String(bad);
  }
}
