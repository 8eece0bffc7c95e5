// From picture to picture: the next ones are loaded before they are asked for, one step is taken at a time, and nobody
// gets a picture that somebody else is working on without being told.

import { ApiError, LANGUAGE, OfflineError } from "./api.js";
import { History } from "./history.js";

const AHEAD = 3;
const KEPT = 24;
const HOLD_MS = 120_000;

export class Flow {
  /**
   * @param {import("./desk.js").Desk} desk @param {any} api @param {import("./sync.js").Sync} sync
   * @param {{user: string, onShown: (page: any) => void, onQueue: (total: number, waiting: number) => void}} told
   */
  constructor(desk, api, sync, told) {
    this.desk = desk;
    this.api = api;
    this.sync = sync;
    this.told = told;
    /** @type {number|null} */ this.batch = null;
    /** @type {Map<string, {doc: any, image: HTMLImageElement|null, why: string, stale: boolean}>} */ this.loaded = new Map();
    /** @type {Map<string, Promise<any>>} */ this.loading = new Map();
    /** @type {Map<string, any>} pictures that were open, with all that can be undone */ this.pages = new Map();
    /** @type {Record<string, {from: string, items: any[]}>} */ this.next = {};
    this.last = Promise.resolve();
    this.waiting = 0;
    this._heldAt = 0;
  }

  /** One step after the other: a key pressed twice goes two pictures on. @template T @param {() => Promise<T>} work */
  inTurn(work) {
    this.waiting++;
    const done = this.last.then(work).finally(() => { this.waiting--; });
    this.last = done.catch(() => {});
    return done;
  }

  /** Go to the next (1) or previous (-1) picture; with `todo` to the next one that nobody has done. */
  go(step, todo = false) {
    return this.inTurn(async () => {
      const from = this.desk.page?.id;
      if (from) this.sync.flush(from).catch(() => {});
      let item;
      try {
        item = await this._after(from, step, todo);
      } catch (error) {
        this.desk.say(error instanceof OfflineError ? "say.offline" : "say.refused", { why: error.message });
        return;
      }
      if (!item) this.desk.say(todo ? "say.alldone" : "say.end");
      else await this._show(item, todo);
    });
  }

  /** Open a picture. @param {string} id @param {boolean} force even when somebody else works on it */
  open(id, force = false) {
    return this.inTurn(() => this._show({ image_id: id, held_by: null }, false, force));
  }

  /** Throw away what was loaded ahead: the list has changed. */
  forget() {
    this.next = {};
  }

  /** Something other than this page has changed a picture. */
  outdate(id) {
    this.pages.delete(id);
    const known = this.loaded.get(id);
    if (known) known.stale = true;
  }

  /** Keep the others off while there is work. */
  async renew() {
    const id = this.desk.page?.id;
    if (!id || this.desk.locked || Date.now() - this._heldAt < HOLD_MS) return;
    this._heldAt = Date.now();
    const lease = await this.api.hold(id).catch(() => null);
    if (lease && this.desk.page?.id === id && lease.user !== this.told.user) this._held(lease.user);
  }

  async _after(from, step, todo) {
    const ready = this.next[`${step} ${todo}`];
    if (ready && ready.from === from) {
      const item = ready.items.find((one) => !todo || (!one.held_by && this._isTodo(one)));
      if (item) return item;
    }
    const ask = (start) => this.api.queue({ batch: this.batch, from: start, step, todo, limit: todo ? 20 : 1, counted: true });
    let found = await ask(from);
    this.told.onQueue(found.total, found.waiting);
    let free = found.items.find((one) => !todo || (!one.held_by && this._isTodo(one)));
    if (!free && todo && from) { // round to the beginning
      found = await ask(undefined);
      free = found.items.find((one) => !one.held_by && one.image_id !== from && this._isTodo(one));
    }
    return free ?? null;
  }

  _isTodo(item) {
    const status = this.sync.pending(item.image_id)?.status ?? this.pages.get(item.image_id)?.history.present.status ?? item.status;
    return status === "todo";
  }

  async _show(item, todo, force = false) {
    const id = item.image_id;
    const before = this.desk.page?.id;
    let one;
    try {
      one = await this.load(id);
    } catch (error) {
      this.desk.say(error instanceof OfflineError ? "say.offline" : "say.refused", { why: error.message });
      return;
    }
    this.desk.locked = Boolean(item.held_by) && !force;
    this._put(id, one);
    if (before && before !== id) this.api.leave(before).catch(() => {});
    await this._claim(id, todo, force);
    this._prefetch(id);
  }

  _put(id, one) {
    const page = this.pages.get(id) ?? this._page(id, one);
    this.pages.delete(id);
    this.pages.set(id, page);
    for (const old of [...this.pages.keys()].slice(0, Math.max(0, this.pages.size - 200))) this.pages.delete(old);
    page.image = one.image;
    page.why = one.why;
    page.ratio = one.image ? one.image.naturalWidth / page.width : 1;
    this.desk.show(page);
    this.told.onShown(page);
  }

  _page(id, { doc }) {
    const pending = this.sync.pending(id);
    const state = { regions: doc.regions, status: doc.status };
    const page = {
      id, name: doc.name, width: doc.width, height: doc.height, rev: doc.rev, base: doc.regions, image: null, why: "", ratio: 1,
      history: new History(state), readings: new Map(doc.regions.map((region) => [region.id, region.readings ?? []])),
    };
    if (pending) {
      page.rev = pending.base_rev;
      page.base = pending.base;
      page.history.amend({ regions: pending.regions, status: pending.status });
    }
    return page;
  }

  /** Whether a picture's file is there: what was loaded before can be on the screen all the same. */
  found(page, there) {
    const why = there ? (page.why === "gone" && page.image ? "" : page.why) : "gone";
    if (why === page.why) return;
    page.why = why;
    if (this.desk.page === page) this.desk.render();
  }

  /** Take the picture, and look whether it is still as it was when it was loaded ahead. */
  async _claim(id, todo, force) {
    let opened;
    try {
      opened = await this.api.open(id, force);
    } catch (error) {
      if (error instanceof ApiError) this.desk.say("say.refused", { why: error.message });
      return;
    }
    const page = this.desk.page;
    if (page?.id !== id) return;
    this._heldAt = Date.now();
    const { doc, lease } = opened;
    this.found(page, !opened.gone);
    this.loaded.set(id, { ...this.loaded.get(id), doc, stale: doc.rev < page.rev });
    // What was saved while this was asked for is newer than the answer.
    if (doc.rev > page.rev && !this.sync.pending(id)) {
      this.pages.delete(id);
      this._put(id, this.loaded.get(id));
    }
    if (lease.user !== this.told.user) this._held(lease.user);
    else {
      this._free();
      if (opened.unread) this.told.onUnread?.(this.desk.page);
    }
  }

  _held(who) {
    this.desk.locked = true;
    this.told.onHeld(who);
    this.desk.render();
  }

  _free() {
    if (this.desk.locked) {
      this.desk.locked = false;
      this.desk.render();
    }
    this.told.onHeld(null);
  }

  async _prefetch(id) {
    const kinds = [[1, true], [1, false], [-1, false]];
    const wanted = new Set();
    try {
      for (const [step, todo] of kinds) {
        if (this.desk.page?.id !== id) return;
        const limit = step < 0 ? 1 : todo ? AHEAD + 2 : AHEAD;
        const found = await this.api.queue({ batch: this.batch, from: id, step, todo, limit, counted: todo });
        if (this.desk.page?.id !== id) return;
        this.next[`${step} ${todo}`] = { from: id, items: found.items };
        for (const item of found.items.slice(0, AHEAD)) if (!item.held_by) wanted.add(item.image_id);
        if (todo) this.told.onQueue(found.total, found.waiting);
      }
    } catch {
      return; // no connection: what is loaded can still be gone through
    }
    for (const one of wanted) {
      if (this.desk.page?.id !== id) return;
      await this.load(one).catch(() => {});
    }
    this.told.onReady?.(id);
  }

  /** A picture's labels and its decoded pixels. @returns {Promise<any>} */
  load(id) {
    const known = this.loaded.get(id);
    if (known?.image && !known.stale) {
      this.loaded.delete(id);
      this.loaded.set(id, known);
      return Promise.resolve(known);
    }
    if (!this.loading.has(id)) {
      const work = this._load(id).finally(() => this.loading.delete(id));
      this.loading.set(id, work);
    }
    return this.loading.get(id);
  }

  async _load(id) {
    const [doc, shown] = await Promise.all([this.api.doc(id), decoded(this.api.mediaUrl(id))]);
    const one = { doc, ...shown, stale: false };
    this.loaded.set(id, one);
    for (const old of [...this.loaded.keys()].slice(0, Math.max(0, this.loaded.size - KEPT))) {
      if (old !== this.desk.page?.id) this.loaded.delete(old);
    }
    return one;
  }
}

/** @param {string} url */
async function decoded(url) {
  const image = new Image();
  image.draggable = false;
  image.alt = "";
  image.src = url;
  try {
    await image.decode();
    return { image, why: "" };
  } catch {
    const answer = await fetch(url, { headers: LANGUAGE }).catch(() => null);
    const body = answer && !answer.ok ? await answer.json().catch(() => null) : null;
    return { image: null, why: answer?.status === 404 ? "gone" : body?.told ?? body?.detail ?? "?" };
  }
}
