// The region that is read: its crop, above it nothing but pixels, below it the text field, then what readers read.

import { drawStraight } from "./crop.js";
import { LOW_CHAR, VERY_LOW_CHAR, isWithheld, shownText } from "./regions.js";
import { named, t } from "./strings.js";

export class Editor {
  /** @param {import("./desk.js").Desk} desk @param {Record<string, any>} parts */
  constructor(desk, parts) {
    this.desk = desk;
    this.parts = parts;
    this.field = parts.field;
    this.composing = false;
    this.room = { width: 1, height: 1 };
    this.field.addEventListener("compositionstart", () => { this.composing = true; });
    this.field.addEventListener("compositionend", () => { this.composing = false; this._typed(); });
    this.field.addEventListener("input", () => { if (!this.composing) this._typed(); });
    this.field.addEventListener("scroll", () => this._follow());
    this.field.addEventListener("blur", () => desk.page?.history.pause());
    parts.readings.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-number]");
      if (chosen) desk.run("reading", Number(chosen.dataset.number));
    });
  }

  get focused() {
    return document.activeElement === this.field;
  }

  focus() {
    if (this.field.disabled) return;
    this.field.focus({ preventScroll: true });
    this.field.select();
  }

  /** Show the region that is selected, or that there is none. */
  show() {
    const { desk, field, parts } = this;
    const region = desk.single();
    const many = desk.selection.size;
    parts.dock.parentElement.dataset.direction = region?.direction ?? "ltr";
    field.disabled = !region || desk.locked;
    const text = region ? shownText(region) : "";
    if (field.value !== text && !this.composing) {
      field.value = text;
    }
    field.placeholder = region ? t(!isWithheld(region) ? "field.type" : region.direction === "ttb" ? "field.withheld.short" : "field.withheld") : many ? t("several", { n: many }) : t("field.none");
    field.dir = region?.direction === "rtl" ? "rtl" : "auto";
    field.dataset.region = region?.id ?? "";
    this._marks(region);
    this._facts(region);
    this.drawCrop();
  }

  /**
   * The crop again. @param {boolean} follows an outline that is being dragged: quick, and nothing is measured, which
   * would lay the page out twice a frame
   */
  drawCrop(follows = false) {
    const { desk, parts } = this;
    const region = desk.single();
    const { image } = desk.page ?? {};
    const holder = parts.cropholder;
    if (!region || !image) {
      parts.crop.style.visibility = "hidden";
      return;
    }
    parts.crop.style.visibility = "";
    const points = desk.previewed?.get(region.id) ?? region.points;
    if (!follows) this.room = { width: holder.clientWidth - 4, height: holder.clientHeight - 4 };
    drawStraight(parts.crop, image, desk.page.ratio, { ...region, points }, this.room, follows);
  }

  _typed() {
    const region = this.desk.single();
    if (!region || this.desk.locked) return;
    // One line, as it will be stored.
    const inLine = (part) => part.replace(/[\r\n\t\v\f\x85\u2028\u2029]+/g, " ");
    const text = inLine(this.field.value);
    if (text !== this.field.value) {
      const at = inLine(this.field.value.slice(0, this.field.selectionStart)).length;
      this.field.value = text;
      this.field.setSelectionRange(at, at);
    }
    if (text === shownText(region)) return;
    this.desk.act("type");
    this.desk.setText(region.id, text);
  }

  /** Colour the characters of which the reader was not sure, for as long as its text stands. */
  _marks(region) {
    const { marks } = this.parts;
    const reading = region && !isWithheld(region) ? this.desk.readings(region.id).find((one) => one.text === region.text) : null;
    const scores = region?.state === "todo" ? reading?.char_scores : null;
    if (!scores || scores.length !== [...region.text].length) {
      marks.replaceChildren();
      return;
    }
    const spans = [...region.text].map((char, at) => {
      const span = document.createElement("span");
      span.textContent = char;
      if (scores[at] < VERY_LOW_CHAR) span.className = "very-low";
      else if (scores[at] < LOW_CHAR) span.className = "low";
      return span;
    });
    marks.replaceChildren(...spans);
    marks.dir = this.field.dir;
    this._follow();
  }

  _follow() {
    this.parts.marks.scrollLeft = this.field.scrollLeft;
    this.parts.marks.scrollTop = this.field.scrollTop;
  }

  _facts(region) {
    const { parts, desk } = this;
    const readings = region ? desk.readings(region.id) : [];
    parts.readings.replaceChildren(...readings.slice(0, 9).map((reading, at) => this._reading(reading, at, region)));
    for (const name of ["category", "direction", "tags", "ignore"]) parts[name].disabled = !desk.selection.size || desk.locked;
    const some = desk.selected();
    const shared = (read) => (some.length && some.every((one) => read(one) === read(some[0])) ? read(some[0]) : null);
    parts.category.textContent = some.length ? named("category", shared((one) => one.category) ?? "…") : "–";
    const direction = shared((one) => one.direction);
    parts.direction.textContent = direction ? t(`dir.${direction}`) : some.length ? "…" : "–";
    parts.tags.textContent = region?.tags.length ? region.tags.join(", ") : `# ${t("tags")}`;
    parts.ignore.classList.toggle("on", some.length > 0 && some.every((one) => one.ignore));
  }

  _reading(reading, at, region) {
    const node = document.createElement("button");
    node.type = "button";
    node.className = `al-reading${reading.text === shownText(region) ? " taken" : ""}`;
    node.dataset.number = String(at + 1);
    node.title = reading.reader;
    const key = document.createElement("kbd");
    key.textContent = String(at + 1);
    const text = document.createElement("span");
    text.textContent = reading.text || "∅";
    const score = document.createElement("i");
    score.textContent = `${Math.round(reading.score * 100)}%`;
    node.append(key, text, score);
    return node;
  }
}
