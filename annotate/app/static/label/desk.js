// The desk: the picture that is open, what is selected on it, and the one way in which anything on it changes.

import { bounds, clamped, isSound, moved, rounded } from "./geometry.js";
import { plain, withText } from "./regions.js";
import { Editor } from "./editor.js";
import { List } from "./list.js";
import { Shapes } from "./shapes.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";
import { t } from "./strings.js";

// Of the stage, where columns are read.
const COLUMN_PX = 265;

/**
 * A picture that is open.
 * @typedef {Object} Page
 * @property {string} id @property {string} name @property {number} width @property {number} height
 * @property {number} rev what the server has, as far as we know
 * @property {any[]} base the regions at that revision
 * @property {import("./history.js").History} history
 * @property {Map<string, import("./regions.js").Reading[]>} readings
 * @property {HTMLImageElement|null} image
 * @property {string} why it cannot be shown; "gone" also when it is on the screen and its file has been deleted since
 * @property {number} ratio pixels of `image` to one of the picture
 */

export class Desk {
  /** @param {HTMLElement} root @param {Record<string, any>} parts @param {{categories: string[]}} settings */
  constructor(root, parts, settings) {
    this.root = root;
    this.parts = parts;
    this.settings = settings;
    /** @type {Page|null} */ this.page = null;
    /** @type {Set<string>} */ this.selection = new Set();
    /** Where `step` goes on after the selected boxes were removed: the place of the first of them. */
    this.resumeAt = -1;
    /** @type {number|null} */ this.corner = null;
    /** @type {Map<string, any>|null} */ this.previewed = null;
    this.locked = false;
    this.hidden = false;
    /** @type {(page: Page) => void} */ this.onChange = () => {};
    /** @type {(action: string) => void} */ this.act = () => {};
    /** @type {(action: string, value?: any) => void} */ this.run = () => {};
    this.view = new View(() => this._viewed());
    this.shapes = new Shapes(parts.base, parts.over, this.view);
    this.tools = new Tools(this, parts.stage);
    this.editor = new Editor(this, parts);
    this.list = new List(this, parts);
    this._wanted = 0;
    new ResizeObserver(() => this._resized()).observe(parts.stage);
    this.tools.use("select");
  }

  get regions() {
    return this.page?.history.present.regions ?? [];
  }

  get status() {
    return this.page?.history.present.status ?? "todo";
  }

  /** @param {string} id @returns {import("./regions.js").Reading[]} best first */
  readings(id) {
    return this.page?.readings.get(id) ?? [];
  }

  selected() {
    return this.regions.filter((region) => this.selection.has(region.id));
  }

  /** The selected region if it is one. */
  single() {
    if (this.selection.size !== 1) return null;
    const [id] = this.selection;
    return this.regions.find((region) => region.id === id) ?? null;
  }

  // ---- pictures

  /** Put a picture onto the desk. @param {Page} page */
  show(page) {
    this.page = page;
    this.selection = new Set();
    this.resumeAt = -1;
    this.corner = null;
    this.tools.cancel();
    this.parts.picture.replaceChildren();
    if (page.image) {
      this.parts.picture.append(page.image);
      page.image.style.width = `${page.width}px`;
      page.image.style.height = `${page.height}px`;
    }
    this.parts.list.scrollTop = 0;
    this.view.show(page.width, page.height);
    this.renderNow();
  }

  // ---- changes

  /**
   * Change the picture. @param {{regions?: any[], status?: string}} change @param {string} key joins steps, see `History`
   * @returns {boolean} whether it could be changed
   */
  commit(change, key = "") {
    if (!this.page || this.refuses()) return false;
    this.page.history.commit(change, key);
    this._changed();
    return true;
  }

  /** Whether the picture is somebody else's for now; says so, lest work seem lost. */
  refuses() {
    if (this.locked) this.say("say.held", { who: this.root.dataset.held || "?" });
    return this.locked;
  }

  undo() {
    if (this.page && !this.locked && this.page.history.undo()) this._changed();
  }

  redo() {
    if (this.page && !this.locked && this.page.history.redo()) this._changed();
  }

  /** @param {Set<string>|string[]} ids @param {(region: any) => any} change @param {string} key */
  change(ids, change, key = "") {
    const wanted = new Set(ids);
    return this.commit({ regions: this.regions.map((region) => (wanted.has(region.id) ? change(region) : region)) }, key);
  }

  setText(id, text) {
    return this.change([id], (region) => withText(region, text), `text ${id}`);
  }

  add(regions) {
    if (this.commit({ regions: [...this.regions, ...regions] })) this.select(regions.map((region) => region.id));
  }

  remove(ids) {
    const gone = new Set(ids);
    const first = this.regions.findIndex((region) => gone.has(region.id));
    this.commit({ regions: this.regions.filter((region) => !gone.has(region.id)) });
    this.select([]);
    this.resumeAt = first;
  }

  reshape(id, points) {
    this.reshapeAll(new Map([[id, rounded(points)]]));
  }

  /** @param {Map<string, any>} outlines @param {string|null} kind of a rectangle that was turned */
  reshapeAll(outlines, kind = null, key = "") {
    if (this.regions.some(({ id, kind }) => outlines.has(id) && !isSound(outlines.get(id), kind))) {
      this.say("say.crossed");
      return;
    }
    this.change([...outlines.keys()], (region) => ({
      ...region, points: outlines.get(region.id), kind: kind && region.kind === "rect" ? kind : region.kind,
    }), key);
  }

  /** Move the picked corner, else what is selected. */
  nudge(dx, dy) {
    const { page } = this;
    const some = this.selected();
    if (!page || !some.length) return;
    const outlines = new Map(some.map((region) => {
      if (this.corner === null || some.length > 1) return [region.id, moved(region.points, dx, dy, page.width, page.height)];
      const points = region.points.map((p, at) => (at === this.corner ? clamped([p[0] + dx, p[1] + dy], page.width, page.height) : p));
      return [region.id, points];
    }));
    const single = this.single();
    const skewed = this.corner !== null && single?.kind === "rect" ? "quad" : null;
    this.reshapeAll(outlines, skewed, `nudge ${[...this.selection].join()} ${this.corner}`);
  }

  // ---- selection

  /** @param {string[]} ids @param {boolean} edit go on into the text field */
  select(ids, edit = false) {
    this.page?.history.pause();
    this.selection = new Set(ids);
    this.resumeAt = -1;
    this.corner = null;
    const one = this.single();
    this.renderNow();
    if (one) {
      this.list.reveal(one.id);
      this.view.reveal(bounds(one.points), one.direction === "ttb" ? COLUMN_PX : 0);
      if (edit) this.editor.focus();
    }
  }

  toggle(id) {
    const ids = new Set(this.selection);
    if (!ids.delete(id)) ids.add(id);
    this.select([...ids]);
  }

  pickCorner(at) {
    this.corner = at;
    this.render();
  }

  /** The next (1) or previous (-1) region and its text. @returns {boolean} whether there is one */
  step(by) {
    const { regions } = this;
    if (!regions.length) return false;
    const current = regions.findIndex((region) => this.selection.has(region.id));
    const before = this.resumeAt >= 0 ? this.resumeAt - (by > 0 ? 1 : 0) : by > 0 ? -1 : regions.length;
    const next = (current < 0 ? before : current) + by;
    if (next < 0 || next >= regions.length) return false;
    this.select([regions[next].id], true);
    return true;
  }

  editText() {
    if (this.single()) {
      this.renderNow();
      this.editor.focus();
    }
  }

  leaveField() {
    if (this.editor.focused) this.editor.field.blur();
    this.parts.stage.focus({ preventScroll: true });
  }

  // ---- drawing

  /** Show outlines that are not decided yet; `draft` is a new one. @param {Map<string, any>|null} outlines */
  preview(outlines) {
    const shown = outlines ?? this.previewed;
    this.previewed = outlines;
    this._drawSelected();
    if (shown) this.editor.drawCrop(outlines !== null);
  }

  /** Draw everything at the next frame. */
  render() {
    this._wanted ||= requestAnimationFrame(() => this.renderNow());
  }

  renderNow() {
    cancelAnimationFrame(this._wanted);
    this._wanted = 0;
    const { root, page, parts } = this;
    this.shapes.drawBase(this.hidden ? [] : this.regions, this.selection);
    this.shapes.drawHover(null);
    this._drawSelected();
    this.editor.show();
    this.list.draw();
    root.dataset.image = page?.id ?? "";
    root.dataset.status = this.status;
    root.dataset.regions = String(this.regions.length);
    root.dataset.selected = [...this.selection].join(" ");
    root.dataset.rev = String(page?.rev ?? "");
    root.dataset.undo = String(page?.history.past.length ?? 0);
    root.classList.toggle("boxes-hidden", this.hidden);
    parts.status.textContent = page ? t(`status.${this.status}`) : "";
    parts.status.dataset.status = this.status;
    root.dataset.why = page?.why ?? "";
    parts.hint.hidden = !page || (!page.why && (this.regions.length > 0 || this.status === "no_text"));
    parts.hint.dataset.bad = String(Boolean(page?.why));
    parts.hint.textContent = !page?.why ? t("nobox") : page.why === "gone" ? t("say.gone", { name: page.name }) : t("say.broken", { why: page.why });
    for (const node of root.querySelectorAll(".al-tool[data-action^='tool.']")) {
      node.classList.toggle("on", node.dataset.action === `tool.${this.tools.tool}`);
    }
  }

  /** Tell something for a moment. @param {string} key @param {Record<string, any>} values */
  say(key, values = {}) {
    const { toast } = this.parts;
    toast.textContent = t(key, values);
    toast.dataset.said = key;
    toast.classList.add("shown");
    clearTimeout(this._toast);
    this._toast = setTimeout(() => toast.classList.remove("shown"), Math.max(3500, 70 * toast.textContent.length));
  }

  _changed() {
    const ids = new Set(this.regions.map((region) => region.id));
    for (const id of this.selection) if (!ids.has(id)) this.selection.delete(id);
    this.render();
    this.onChange(this.page);
  }

  _drawSelected() {
    const outlines = this.selected().map((region) => ({ kind: region.kind, points: this.previewed?.get(region.id) ?? region.points }));
    const draft = this.previewed?.get("draft");
    this.shapes.drawSelected(draft ? [...outlines, { kind: "rect", points: draft }] : outlines, this.corner);
  }

  _viewed() {
    const { scale, x, y } = this.view;
    this.parts.picture.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.parts.picture.classList.toggle("close", scale >= 4);
    this.shapes.place();
    this.shapes.drawHover(null);
    this._drawSelected();
    this.parts.zoom.textContent = `${Math.round(scale * 100)}%`;
  }

  _resized() {
    const { clientWidth, clientHeight } = this.parts.stage;
    this.view.resize(clientWidth, clientHeight);
    this.render();
  }
}

/** What is sent to the server. */
export function plainRegions(page) {
  return page.history.present.regions.map(plain);
}
