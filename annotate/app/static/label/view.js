// Where the picture lies on the stage: zoom and pan, and the way from stage to picture and back.

const MIN_SCALE = 0.01;
const MAX_SCALE = 40;

export class View {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.stage = { width: 1, height: 1 };
    this.picture = { width: 1, height: 1 };
    this.fitted = true;
  }

  /** The stage has another size. */
  resize(width, height) {
    const centre = this.toPicture([this.stage.width / 2, this.stage.height / 2]);
    this.stage = { width, height };
    if (this.fitted) this.fit();
    else this._centre(centre, this.scale);
  }

  /** Another picture. */
  show(width, height) {
    this.picture = { width, height };
    this.fit();
  }

  /** @returns {[number, number]} */
  toPicture([x, y]) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  /** @returns {[number, number]} */
  toStage([x, y]) {
    return [x * this.scale + this.x, y * this.scale + this.y];
  }

  fit() {
    const margin = 24;
    const scale = Math.min(
      (this.stage.width - 2 * margin) / this.picture.width, (this.stage.height - 2 * margin) / this.picture.height, 8,
    );
    this._centre([this.picture.width / 2, this.picture.height / 2], scale);
    this.fitted = true;
  }

  /** Zoom with the point under the cursor standing still. */
  zoomAt([x, y], factor) {
    const scale = Math.min(Math.max(this.scale * factor, MIN_SCALE), MAX_SCALE);
    const [px, py] = this.toPicture([x, y]);
    this.fitted = false;
    this._set(scale, x - px * scale, y - py * scale);
  }

  pan(dx, dy) {
    this.fitted = false;
    this._set(this.scale, this.x + dx, this.y + dy);
  }

  /** Show a box at a size at which it can be read, in the middle. @param {[number, number, number, number]} box */
  zoomTo([left, top, right, bottom]) {
    const room = 0.6;
    const scale = Math.min(
      (this.stage.width * room) / Math.max(right - left, 1), (this.stage.height * room) / Math.max(bottom - top, 1), 6,
    );
    this.fitted = false;
    this._centre([(left + right) / 2, (top + bottom) / 2], scale);
  }

  /** Pan as little as is needed to see a box; nothing moves when it is on the stage, `covered` px less at its right. */
  reveal([left, top, right, bottom], covered = 0) {
    const [x1, y1] = this.toStage([left, top]);
    const [x2, y2] = this.toStage([right, bottom]);
    const margin = 16;
    const shift = (low, high, size) => {
      if (low >= margin && high <= size - margin) return 0;
      if (high - low > size - 2 * margin) return (size - low - high) / 2;
      return low < margin ? margin - low : size - margin - high;
    };
    const [dx, dy] = [shift(x1, x2, this.stage.width - covered), shift(y1, y2, this.stage.height)];
    if (dx || dy) this.pan(dx, dy);
  }

  _centre([x, y], scale) {
    this._set(scale, this.stage.width / 2 - x * scale, this.stage.height / 2 - y * scale);
  }

  _set(scale, x, y) {
    this.scale = scale;
    // Some of the picture always stays on the stage.
    const keep = 60;
    this.x = Math.min(Math.max(x, keep - this.picture.width * scale), this.stage.width - keep);
    this.y = Math.min(Math.max(y, keep - this.picture.height * scale), this.stage.height - keep);
    this.onChange();
  }
}
