// How long a person was active on a picture and how often they did what: pauses of more than 30 s do not count.

const PAUSE_MS = 30_000;

export class Clock {
  /** @param {(image: string, ms: number, actions: Record<string, number>) => void} report @param {() => number} now */
  constructor(report, now = () => performance.now()) {
    this.report = report;
    this.now = now;
    this.image = "";
    this._reset();
  }

  /** A picture was opened; what was done on the one before is reported. */
  start(image) {
    this.stop();
    this.image = image;
    this.last = this.now();
  }

  /** The person did something; `action` names it when it counts as one. @param {string} [action] */
  tick(action) {
    if (!this.image) return;
    const now = this.now();
    if (now - this.last <= PAUSE_MS) this.active += now - this.last;
    this.last = now;
    if (action) this.actions[action] = (this.actions[action] ?? 0) + 1;
  }

  /** Report what has come together. */
  stop() {
    if (this.image && (this.active >= 1 || Object.keys(this.actions).length)) {
      this.report(this.image, Math.round(this.active), this.actions);
    }
    this._reset();
  }

  _reset() {
    this.active = 0;
    /** @type {Record<string, number>} */ this.actions = {};
    this.last = this.now();
  }
}
