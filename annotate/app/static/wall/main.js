// The crop wall: many straightened crops at once; click the wrong ones, one key confirms the rest.

import { api, ApiError, OfflineError } from "../label/api.js";
import { bar } from "./bar.js";
import { card, refresh } from "./card.js";
import { keys } from "./keys.js";
import { Screen } from "./screen.js";
import { t } from "./strings.js";

/** @param {HTMLElement} root */
export async function start(root) {
  const wall = new Wall(root);
  await wall.open();
}

class Wall {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.screen = new Screen([]);
    /** Places of the screens before this one, to go back to. @type {(string | null)[]} */
    this.before = [];
    /** @type {string | null} */
    this.place = null;
    /** @type {string | null} */
    this.after = null;
    this.focus = 0;
    this.busy = false;
    this.grid = element("div", "aw-grid");
    this.grid.setAttribute("role", "list");
    this.note = element("p", "aw-note");
    this.note.setAttribute("role", "status");
    this.bar = bar({
      changed: () => this.restart(),
      settle: () => this.settle(),
      next: () => this.forward(),
      back: () => this.back(),
    });
    root.replaceChildren(this.bar.node, this.note, this.grid);
    keys(this);
    window.addEventListener("beforeunload", (event) => {
      if (this.screen.touched) event.preventDefault();
    });
  }

  async open() {
    await this.guarded(async () => {
      this.bar.batches(await api.batches());
      await this.load(null);
    });
  }

  async restart() {
    this.before = [];
    await this.guarded(() => this.load(null));
  }

  /** @param {string | null} place */
  async load(place) {
    const found = await api.wall({ ...this.bar.asked(), after: place });
    this.place = place;
    this.after = found.next;
    this.screen = new Screen(found.crops);
    this.focus = 0;
    this.say(found.crops.length ? "" : t("nothing"));
    this.draw();
  }

  async forward() {
    if (this.after === null) {
      this.say(t("end"));
      return;
    }
    const here = this.place;
    await this.guarded(async () => {
      await this.load(this.after);
      this.before.push(here);
    });
  }

  async back() {
    const place = this.before.pop();
    if (place !== undefined) await this.guarded(() => this.load(place));
  }

  async settle() {
    await this.guarded(async () => {
      const marks = this.screen.marks();
      const told = marks.length ? await api.settle(marks) : { changed: 0, stale: [] };
      if (told.stale.length) {
        this.screen.keepOnly(told.stale);
        this.draw();
        this.say(t("stale", { n: told.stale.length }));
        return;
      }
      this.screen = new Screen([]);
      if (this.after === null) {
        this.draw();
        this.say(`${t("settled", { n: told.changed })} · ${t("end")}`);
        return;
      }
      this.before.push(this.place);
      await this.load(this.after);
      this.say(t("settled", { n: told.changed }));
    });
  }

  /** One thing at a time: two fast presses must not race. @param {() => Promise<void>} step */
  async guarded(step) {
    if (this.busy) return;
    this.busy = true;
    this.root.dataset.state = "loading";
    try {
      await step();
    } catch (error) {
      this.say(error instanceof ApiError ? t("refused", { why: error.message }) : t("offline"), true);
      if (!(error instanceof ApiError || error instanceof OfflineError)) throw error;
    } finally {
      this.busy = false;
      this.root.dataset.state = "ready";
    }
  }

  draw() {
    this.grid.replaceChildren(...this.screen.crops.map((_, at) => card(this, at)));
    this.count();
  }

  /** @param {number} at */
  redraw(at) {
    // In place: a field that has the focus must keep it.
    const node = /** @type {HTMLElement | undefined} */ (this.grid.children[at]);
    if (node) refresh(node, this.screen, at);
    this.count();
  }

  count() {
    const screen = this.screen;
    this.bar.counts({
      count: screen.crops.length, wrong: screen.count("wrong"), edited: screen.count("edited"),
      back: this.before.length > 0, next: this.after !== null,
    });
    this.root.dataset.wrong = String(screen.count("wrong"));
    this.root.dataset.edited = String(screen.count("edited"));
    this.root.dataset.crops = String(screen.crops.length);
  }

  /** @param {number} at */
  toggle(at) {
    this.screen.toggle(at);
    this.redraw(at);
    this.look(at);
  }

  /** @param {number} at @param {string} text */
  write(at, text) {
    this.screen.write(at, text);
    this.redraw(at);
  }

  /** @param {number} at */
  look(at) {
    const last = this.screen.crops.length - 1;
    this.focus = Math.max(0, Math.min(last, at));
    const node = /** @type {HTMLElement | undefined} */ (this.grid.children[this.focus]);
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} at */
  edit(at) {
    this.look(at);
    const field = /** @type {HTMLInputElement | null} */ (this.grid.children[this.focus]?.querySelector("input") ?? null);
    field?.focus();
    field?.select();
  }

  /** @param {string} text @param {boolean} bad */
  say(text, bad = false) {
    this.note.textContent = text;
    this.note.dataset.bad = String(bad);
  }
}

/** @param {string} tag @param {string} name */
export function element(tag, name) {
  const node = document.createElement(tag);
  node.className = name;
  return node;
}
