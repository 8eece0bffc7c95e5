// The list of boxes at the side: only the rows that can be seen exist, so that 1,000 boxes cost what 20 cost.

import { classOf } from "./shapes.js";
import { isWithheld, shownText } from "./regions.js";
import { t } from "./strings.js";

const ROW_PX = 32;

export class List {
  /** @param {import("./desk.js").Desk} desk @param {Record<string, any>} parts */
  constructor(desk, parts) {
    this.desk = desk;
    this.parts = parts;
    /** @type {HTMLElement[]} */ this.rows = [];
    parts.list.addEventListener("scroll", () => this.draw());
    parts.rows.addEventListener("mousedown", (event) => {
      const row = event.target.closest("[data-id]");
      if (!row) return;
      event.preventDefault();
      if (event.shiftKey || event.ctrlKey || event.metaKey) desk.toggle(row.dataset.id);
      else desk.select([row.dataset.id], true);
    });
    parts.rows.addEventListener("dblclick", () => { desk.run("zoom.box"); desk.editText(); });
  }

  draw() {
    const { desk, parts } = this;
    const { regions } = desk;
    const { list, rows } = parts;
    rows.style.height = `${regions.length * ROW_PX}px`;
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_PX) - 2);
    const count = Math.min(regions.length - first, Math.ceil(list.clientHeight / ROW_PX) + 4);
    while (this.rows.length < count) this.rows.push(this._row());
    this.rows.forEach((row, at) => {
      const region = at < count ? regions[first + at] : null;
      row.style.display = region ? "" : "none";
      if (region) this._fill(row, region, first + at);
    });
    const confirmed = regions.filter((region) => region.state === "confirmed").length;
    parts.count.textContent = `${confirmed} / ${regions.length} ${t("boxes")}`;
  }

  /** Scroll as little as is needed to see a region's row. */
  reveal(id) {
    const at = this.desk.regions.findIndex((region) => region.id === id);
    if (at < 0) return;
    const { list } = this.parts;
    const [top, bottom] = [at * ROW_PX, (at + 1) * ROW_PX];
    if (top < list.scrollTop) list.scrollTop = Math.max(0, top - ROW_PX);
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight + ROW_PX;
  }

  _row() {
    const row = document.createElement("div");
    row.className = "al-row";
    row.innerHTML = "<b></b><i></i><span></span><em></em>";
    this.parts.rows.append(row);
    return row;
  }

  _fill(row, region, at) {
    const selected = this.desk.selection.has(region.id);
    row.dataset.id = region.id;
    row.dataset.state = classOf(region);
    row.classList.toggle("selected", selected);
    row.style.transform = `translateY(${at * ROW_PX}px)`;
    const [number, , text, score] = row.children;
    number.textContent = String(at + 1);
    const shown = region.ignore ? region.text || "###" : shownText(region);
    if (text.textContent !== (shown || "—")) text.textContent = shown || "—";
    text.dir = region.direction === "rtl" ? "rtl" : "auto";
    const low = region.score !== null && region.state === "todo" && (isWithheld(region) || region.score < 0.9);
    score.textContent = low ? `${Math.round(region.score * 100)}` : "";
  }
}
