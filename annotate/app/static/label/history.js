// Everything that was done to one picture since it was opened, and back again, without limit.

/** @typedef {{regions: import("./regions.js").Region[], status: string}} State */

export class History {
  /** @param {State} state */
  constructor(state) {
    this.present = state;
    /** @type {State[]} */ this.past = [];
    /** @type {State[]} */ this.future = [];
    this._key = "";
    this._at = 0;
  }

  /**
   * Do something. Steps with the same key that follow each other quickly (typing, nudging) are undone as one.
   * @param {Partial<State>} change @param {string} key
   */
  commit(change, key = "") {
    const now = Date.now();
    const goesOn = key !== "" && key === this._key && now - this._at < 1500 && this.past.length > 0;
    if (!goesOn) this.past.push(this.present);
    this.present = { ...this.present, ...change };
    this.future = [];
    this._key = key;
    this._at = now;
  }

  /** Let the next step stand alone even if it has the same key. */
  pause() {
    this._key = "";
  }

  undo() {
    return this._step(this.past, this.future);
  }

  redo() {
    return this._step(this.future, this.past);
  }

  /** Something came from elsewhere (the server mended an outline): the present, but no step. @param {Partial<State>} change */
  amend(change) {
    this.present = { ...this.present, ...change };
  }

  _step(from, to) {
    if (!from.length) return false;
    to.push(this.present);
    this.present = from.pop();
    this.pause();
    return true;
  }
}
