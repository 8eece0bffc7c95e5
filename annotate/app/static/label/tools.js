// What the mouse does on the stage. A drag is shown while it lasts and becomes one step of the history when it ends.

import {
  bounds, centre, clamped, contains, distance, distanceToSegment, isSound, moved, rectBetween, rounded, tidied, turned,
  withCorner, withEdge,
} from "./geometry.js";
import { newRegion, regionAt } from "./regions.js";
import { Shapes } from "./shapes.js";

const GRIP_PX = 8;
const EDGE_PX = 5;
const START_PX = 3;
const SMALLEST_PX = 3;

export class Tools {
  /** @param {import("./desk.js").Desk} desk @param {HTMLElement} stage */
  constructor(desk, stage) {
    this.desk = desk;
    this.stage = stage;
    /** @type {"select"|"rect"|"quad"|"polygon"} */ this.tool = "select";
    /** @type {any} */ this.drag = null;
    /** @type {import("./geometry.js").Points} */ this.draft = [];
    this._pointer = [0, 0];
    /** @type {PointerEvent|null} */ this._latest = null;
    this._frame = 0;
    this.space = false;
    stage.addEventListener("pointerdown", (event) => this._down(event));
    stage.addEventListener("pointermove", (event) => this._moving(event));
    stage.addEventListener("pointerup", (event) => this._up(event));
    stage.addEventListener("pointercancel", () => this.cancel());
    stage.addEventListener("pointerleave", () => desk.shapes.drawHover(null));
    stage.addEventListener("dblclick", (event) => this._double(event));
    stage.addEventListener("wheel", (event) => this._wheel(event), { passive: false });
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("auxclick", (event) => event.preventDefault());
  }

  /** Where the mouse is on the stage. */
  get pointer() {
    this._settle();
    return this._pointer;
  }

  use(tool) {
    this.cancel();
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.desk.render();
  }

  /** Give up what is being drawn or dragged. @returns {boolean} whether there was something */
  cancel() {
    const busy = this.drag !== null || this.draft.length > 0;
    this.drag = null;
    this.draft = [];
    this._latest = null;
    this.desk.shapes.drawDraft([]);
    this.desk.shapes.drawBand(null);
    this.desk.preview(null);
    this.stage.classList.remove("panning");
    return busy;
  }

  /** Close the polygon that is being drawn. */
  finish() {
    const points = this.draft;
    const kind = this.tool === "quad" ? "quad" : "polygon";
    this.draft = [];
    this.desk.shapes.drawDraft([]);
    const found = tidied(points);
    if (!isSound(found, kind)) {
      this.desk.say(points.length >= 3 ? "say.crossed" : "say.small");
      return;
    }
    this._drawn(newRegion(kind, found));
  }

  /** The last point of a draft was wrong. @returns {boolean} */
  dropPoint() {
    if (!this.draft.length) return false;
    this.draft = this.draft.slice(0, -1);
    this.desk.shapes.drawDraft(this.draft);
    return true;
  }

  _place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  _inPicture(staged) {
    const { width, height } = this.desk.page;
    return clamped(this.desk.view.toPicture(staged), width, height);
  }

  _down(event) {
    this._settle();
    if (!this.desk.page || event.target.closest("button")) return; // a captured pointer would never click it
    const staged = this._place(event);
    this.stage.setPointerCapture(event.pointerId);
    this.desk.leaveField();
    if (event.button === 1 || event.button === 2 || this.space) {
      this.drag = { kind: "pan", last: staged };
      this.stage.classList.add("panning");
      return;
    }
    if (event.button !== 0 || this.tool !== "select" && this.desk.refuses()) return;
    if (this.tool === "rect") this.drag = { kind: "rect", from: this._inPicture(staged), start: staged };
    else if (this.tool !== "select") this._click(staged);
    else this.drag = this._grip(staged, event);
  }

  _click(staged) {
    const point = this._inPicture(staged);
    if (this.draft.length && distance(this.desk.view.toStage(this.draft.at(-1)), staged) < 3) return; // the double click's second
    this.draft = [...this.draft, point];
    this.desk.shapes.drawDraft(this.draft);
    if (this.tool === "quad" && this.draft.length === 4) this.finish();
  }

  /** What lies under the cursor: a handle of the selected box, an edge of it, a box, or nothing. */
  _grip(staged, event) {
    const { desk } = this;
    const adding = event.shiftKey || event.ctrlKey || event.metaKey;
    const one = desk.single();
    if (one && (!adding || event.shiftKey)) {
      const outline = one.points.map((p) => desk.view.toStage(p));
      const at = outline.findIndex((p) => Math.max(Math.abs(p[0] - staged[0]), Math.abs(p[1] - staged[1])) <= GRIP_PX);
      if (at >= 0) {
        if (event.altKey && one.kind === "polygon" && one.points.length > 3) {
          desk.reshape(one.id, one.points.filter((_, index) => index !== at));
          return null;
        }
        return { kind: "corner", at, region: one, start: staged };
      }
      if (distance(Shapes.turnHandle(outline).at, staged) <= GRIP_PX + 2) return { kind: "turn", region: one, start: staged };
      const edge = outline.findIndex((p, index) => distanceToSegment(staged, p, outline[(index + 1) % outline.length]) <= EDGE_PX);
      if (edge >= 0 && !event.shiftKey) return { kind: "edge", at: edge, region: one, start: staged };
    }
    const point = desk.view.toPicture(staged);
    const hit = regionAt(desk.regions, point) ?? regionAt(desk.regions, point, 4 / desk.view.scale);
    // A box that is selected stays on top: what it covers is reached by clicking without dragging.
    const kept = desk.selected().find((region) => contains(region.points, point));
    if (!hit) return { kind: "band", from: staged, start: staged, adding };
    if (adding) {
      desk.toggle(hit.id);
      return null;
    }
    if (!kept) desk.select([hit.id]);
    return { kind: "move", start: staged, hit, regions: kept ? desk.selected() : [hit] };
  }

  /** However often a mouse reports, a frame shows where it is last. */
  _moving(event) {
    this._latest = event;
    this._frame ||= requestAnimationFrame(() => this._settle());
  }

  /** Do now what the next frame would do: what comes next must find everything as it is seen. */
  _settle() {
    cancelAnimationFrame(this._frame);
    this._frame = 0;
    const event = this._latest;
    this._latest = null;
    if (event) this._move(event);
  }

  _move(event) {
    const { desk } = this;
    if (!desk.page) return;
    const staged = this._place(event);
    this._pointer = staged;
    const { drag } = this;
    if (!drag) {
      if (this.draft.length) desk.shapes.drawDraft([...this.draft, this._inPicture(staged)]);
      else if (this.tool === "select") this._hover(staged);
      return;
    }
    if (drag.kind === "pan") {
      desk.view.pan(staged[0] - drag.last[0], staged[1] - drag.last[1]);
      drag.last = staged;
      return;
    }
    if (!drag.going && distance(staged, drag.start) < START_PX) return;
    if (drag.kind !== "band" && desk.refuses()) {
      this.cancel();
      return;
    }
    drag.going = true;
    if (drag.kind === "rect") desk.preview(new Map([["draft", rectBetween(drag.from, this._inPicture(staged))]]));
    else if (drag.kind === "band") desk.shapes.drawBand(bounds([drag.from, staged]));
    else desk.preview(this._dragged(drag, staged, event));
  }

  /** Where the outlines are now. @returns {Map<string, import("./geometry.js").Points>} */
  _dragged(drag, staged, event) {
    const { width, height } = this.desk.page;
    const { scale } = this.desk.view;
    const [dx, dy] = [(staged[0] - drag.start[0]) / scale, (staged[1] - drag.start[1]) / scale];
    if (drag.kind === "move") {
      const box = bounds(drag.regions.flatMap((region) => region.points));
      const shift = moved(rectBetween([box[0], box[1]], [box[2], box[3]]), dx, dy, width, height);
      const [mx, my] = [shift[0][0] - box[0], shift[0][1] - box[1]];
      return new Map(drag.regions.map((region) => [region.id, region.points.map(([x, y]) => [x + mx, y + my])]));
    }
    const { region } = drag;
    const inside = (points) => points.map((p) => clamped(p, width, height));
    if (drag.kind === "corner") {
      const to = clamped([region.points[drag.at][0] + dx, region.points[drag.at][1] + dy], width, height);
      return new Map([[region.id, inside(withCorner(region.kind, region.points, drag.at, to, event.shiftKey))]]);
    }
    if (drag.kind === "edge") return new Map([[region.id, inside(withEdge(region.points, drag.at, dx, dy))]]);
    const middle = centre(region.points);
    const at = this.desk.view.toPicture(staged);
    const from = this.desk.view.toPicture(drag.start);
    const angle = ([x, y]) => (Math.atan2(y - middle[1], x - middle[0]) * 180) / Math.PI;
    const degrees = angle(at) - angle(from);
    return new Map([[region.id, inside(turned(region.points, event.shiftKey ? Math.round(degrees / 15) * 15 : degrees))]]);
  }

  _up(event) {
    this._settle();
    const { desk, drag } = this;
    this.drag = null;
    this.stage.classList.remove("panning");
    if (!drag || drag.kind === "pan") return;
    const staged = this._place(event);
    if (drag.kind === "rect") this._endRect(drag, staged);
    else if (drag.kind === "band") this._endBand(drag, staged);
    else if (drag.going) this._endDrag(drag, staged, event);
    else if (drag.kind === "corner") desk.pickCorner(drag.at);
    else if (drag.kind === "move") desk.select([drag.hit.id]);
    desk.preview(null);
  }

  _endRect(drag, staged) {
    const points = rectBetween(drag.from, this._inPicture(staged));
    const small = points[1][0] - points[0][0] < SMALLEST_PX || points[2][1] - points[1][1] < SMALLEST_PX;
    if (small) this.desk.say("say.small");
    else this._drawn(newRegion("rect", points));
  }

  _endBand(drag, staged) {
    const { desk } = this;
    desk.shapes.drawBand(null);
    if (!drag.going) {
      if (!drag.adding) desk.select([]);
      return;
    }
    const box = bounds([desk.view.toPicture(drag.from), desk.view.toPicture(staged)]);
    const within = desk.regions.filter((region) => {
      const [left, top, right, bottom] = bounds(region.points);
      return left >= box[0] && top >= box[1] && right <= box[2] && bottom <= box[3];
    });
    const kept = drag.adding ? [...desk.selection] : [];
    desk.select([...new Set([...kept, ...within.map((region) => region.id)])]);
  }

  _endDrag(drag, staged, event) {
    const { desk } = this;
    const outlines = this._dragged(drag, staged, event);
    desk.act(drag.kind);
    const kinds = drag.kind === "turn" ? "quad" : null;
    desk.reshapeAll(new Map([...outlines].map(([id, points]) => [id, rounded(points)])), kinds);
  }

  _drawn(region) {
    this.use("select");
    this.desk.act("draw");
    this.desk.add([region]);
    this.desk.editText();
  }

  _double(event) {
    const { desk } = this;
    if (!desk.page) return;
    if (this.tool === "polygon" && this.draft.length >= 3) this.finish();
    else if (this.tool === "select" && desk.single()) {
      const one = desk.single();
      const staged = this._place(event);
      const outline = one.points.map((p) => desk.view.toStage(p));
      const edge = outline.findIndex((p, at) => distanceToSegment(staged, p, outline[(at + 1) % outline.length]) <= EDGE_PX);
      if (one.kind === "polygon" && edge >= 0) {
        const points = [...one.points];
        points.splice(edge + 1, 0, this._inPicture(staged));
        desk.reshape(one.id, points);
      } else desk.editText();
    }
  }

  _hover(staged) {
    const { desk } = this;
    const hit = regionAt(desk.regions, desk.view.toPicture(staged));
    desk.shapes.drawHover(hit && !desk.selection.has(hit.id) ? hit.points : null);
    const one = desk.single();
    let cursor = hit ? "pointer" : "default";
    if (one) {
      const outline = one.points.map((p) => desk.view.toStage(p));
      if (outline.some((p) => Math.max(Math.abs(p[0] - staged[0]), Math.abs(p[1] - staged[1])) <= GRIP_PX)) cursor = "crosshair";
      else if (distance(Shapes.turnHandle(outline).at, staged) <= GRIP_PX + 2) cursor = "grab";
      else if (outline.some((p, at) => distanceToSegment(staged, p, outline[(at + 1) % outline.length]) <= EDGE_PX)) cursor = "row-resize";
      else if (contains(one.points, desk.view.toPicture(staged))) cursor = "move";
    }
    if (this.stage.style.cursor !== cursor) this.stage.style.cursor = cursor;
  }

  _wheel(event) {
    if (!this.desk.page) return;
    event.preventDefault();
    // Lines and pages as pixels; a mouse wheel's notch is 100 px or 3 lines.
    const unit = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1;
    if (event.shiftKey) this.desk.view.pan(-(event.deltaX || event.deltaY) * unit, 0);
    else this.desk.view.zoomAt(this._place(event), Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0016)));
  }
}
