// Saving: every change goes to the browser's storage at once and to the server soon after; what the server does not
// take for now (no connection, restart, full disk, no login) is sent again until it does. One save a picture at a time.

import { ApiError, OfflineError } from "./api.js";

const SOON_MS = 350;
const KEPT_MS = 120;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

/** @typedef {"saved"|"saving"|"offline"|"unsaved"|"login"|"conflict"|"refused"} SyncState */

export class Sync {
  /**
   * @param {{save: Function}} api
   * @param {{put: Function, remove: Function, all: Function}} storage
   * @param {string} user
   * @param {{onState?: Function, onSaved?: Function, onConflict?: Function, onRefused?: Function, onUnsaved?: (why: string) => void}} events
   */
  constructor(api, storage, user, events = {}) {
    this.api = api;
    this.storage = storage;
    this.user = user;
    this.events = events;
    /** @type {Map<string, Entry>} */ this.entries = new Map();
    this.failures = 0;
    /** @type {SyncState} */ this.trouble = "saved";
    this.message = "";
  }

  /** Take up what an earlier visit could not send. */
  async recover() {
    for (const pending of await this.storage.all(this.user)) {
      if (!this.entries.has(pending.image)) this.entries.set(pending.image, new Entry(pending));
    }
    return Promise.all([...this.entries.keys()].map((image) => this.flush(image)));
  }

  /** @param {string} image @returns {any|null} what waits to be sent */
  pending(image) {
    return this.entries.get(image)?.pending ?? null;
  }

  get waiting() {
    return this.entries.size;
  }

  /** @returns {SyncState} */
  get state() {
    const states = [...this.entries.values()].map((entry) => entry.blocked);
    if (states.includes("conflict")) return "conflict";
    if (states.includes("refused")) return "refused";
    if (!this.entries.size) return "saved";
    return this.trouble === "saved" ? "saving" : this.trouble;
  }

  /**
   * Something has changed.
   * @param {{image: string, name: string, base_rev: number, base: any[], regions: any[], status: string}} change
   */
  put(change) {
    const old = this.entries.get(change.image);
    const entry = old ?? new Entry({ ...change, user: this.user });
    // While something waits, its own base stays: the server has not seen what came between.
    if (old) entry.pending = { ...old.pending, regions: change.regions, status: change.status };
    entry.version++;
    if (entry.blocked === "refused") entry.blocked = null;
    this.entries.set(change.image, entry);
    clearTimeout(entry.keeping);
    entry.keeping = setTimeout(() => this._keep(entry), KEPT_MS);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.flush(change.image), SOON_MS);
    this._tell();
  }

  /** Send what waits for a picture (for all without one) now. @param {string} [image] */
  async flush(image) {
    if (image === undefined) {
      await Promise.all([...this.entries.keys()].map((one) => this.flush(one)));
      return;
    }
    const entry = this.entries.get(image);
    if (!entry || entry.blocked) return;
    clearTimeout(entry.timer);
    entry.sending ??= this._send(entry).finally(() => { entry.sending = null; });
    await entry.sending;
  }

  /** Keep everything in the browser's storage now: the page is about to go. */
  async keep() {
    await Promise.all([...this.entries.values()].map((entry) => this._keep(entry)));
  }

  /** A conflict was decided: save this on top of what is stored. */
  resolve(image, regions, status, doc) {
    const entry = this.entries.get(image);
    if (!entry) return Promise.resolve();
    entry.pending = { ...entry.pending, regions, status, base_rev: doc.rev, base: doc.regions };
    entry.blocked = null;
    entry.version++;
    this._keep(entry);
    return this.flush(image);
  }

  async _send(entry) {
    const { image } = entry.pending;
    while (this.entries.get(image) === entry && !entry.blocked) {
      const { version, pending } = entry;
      let saved;
      try {
        saved = await this.api.save(image, pending.base_rev, pending.regions, pending.status);
      } catch (error) {
        this._failed(entry, error);
        return;
      }
      this.failures = 0;
      this.trouble = "saved";
      entry.pending = { ...entry.pending, base_rev: saved.rev, base: pending.regions };
      if (entry.version === version) {
        clearTimeout(entry.keeping);
        this.entries.delete(image);
      }
      // Told before anything is awaited: the next change must begin with this revision.
      this.events.onSaved?.(image, saved, pending);
      this._tell();
      if (this.entries.get(image) === entry) this._keep(entry);
      else await this.storage.remove(this.user, image).catch(() => {});
    }
  }

  _failed(entry, error) {
    this.message = error.message;
    if (error instanceof ApiError && error.status === 409) {
      entry.blocked = "conflict";
      this.events.onConflict?.(entry.pending, error.body.doc);
    } else if (error instanceof ApiError && [400, 403, 404, 413, 422].includes(error.status)) {
      entry.blocked = "refused";
      this.events.onRefused?.(entry.pending, error.message);
    } else {
      const before = this.trouble;
      this.trouble = !(error instanceof ApiError) ? "offline" : error.status === 401 ? "login" : "unsaved";
      if (this.trouble === "unsaved" && before !== "unsaved") this.events.onUnsaved?.(error.message);
      const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      entry.timer = setTimeout(() => this.flush(entry.pending.image), wait);
      if (!(error instanceof ApiError || error instanceof OfflineError)) throw error;
    }
    this._keep(entry);
    this._tell();
  }

  async _keep(entry) {
    clearTimeout(entry.keeping);
    if (this.entries.get(entry.pending.image) !== entry) return;
    await this.storage.put(entry.pending).catch(() => {});
    // It may have been sent while it was being kept.
    if (this.entries.get(entry.pending.image) !== entry) {
      await this.storage.remove(this.user, entry.pending.image).catch(() => {});
    }
  }

  _tell() {
    this.events.onState?.(this.state, this.waiting, this.message);
  }
}

class Entry {
  constructor(pending) {
    this.pending = pending;
    this.version = 0;
    /** @type {null|"conflict"|"refused"} */ this.blocked = null;
    /** @type {Promise<void>|null} */ this.sending = null;
    this.timer = 0;
    this.keeping = 0;
  }
}
