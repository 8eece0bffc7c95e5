// Outlines on the stage. All boxes that stand still are four paths in one layer; what is selected or being drawn lies in
// a layer above, so that a drag among 1,000 boxes repaints one of them.

import { bounds, centre, isSound } from "./geometry.js";
import { isWithheld } from "./regions.js";

const CLASSES = ["ignore", "confirmed", "todo", "low"];
const SVG = "http://www.w3.org/2000/svg";
export const TURN_PX = 26;

/** @param {import("./regions.js").Region} region */
export function classOf(region) {
  if (region.ignore) return "ignore";
  if (region.state === "confirmed") return "confirmed";
  return isWithheld(region) ? "low" : "todo";
}

const short = (value) => Math.round(value * 10) / 10;
const pathOf = (points) => `M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}Z`;

export class Shapes {
  /** @param {SVGSVGElement} base @param {SVGSVGElement} over @param {import("./view.js").View} view */
  constructor(base, over, view) {
    this.view = view;
    this.group = base.querySelector("g");
    this.halo = this._add(this.group, "path", "halo");
    this.paths = Object.fromEntries(CLASSES.map((name) => [name, this._add(this.group, "path", name)]));
    this.over = over;
    this.hover = this._add(over, "path", "hover");
    this.selectedHalo = this._add(over, "path", "selected-halo");
    this.selected = this._add(over, "path", "selected");
    const handles = this._add(over, "g", "handles");
    this.turnLine = this._add(handles, "path", "turn-line");
    this.turn = this._add(handles, "circle", "turn");
    this.turn.setAttribute("r", "5.5");
    this.cornerGroup = this._add(handles, "g", "corners");
    /** @type {SVGElement[]} */ this.corners = [];
    this.draft = this._add(over, "path", "draft");
    this.band = this._add(over, "rect", "band");
  }

  /** The boxes that stand still. @param {import("./regions.js").Region[]} regions @param {Set<string>} selection */
  drawBase(regions, selection) {
    const drawings = Object.fromEntries(CLASSES.map((name) => [name, []]));
    const all = [];
    for (const region of regions) {
      if (selection.has(region.id)) continue;
      const drawing = pathOf(region.points);
      drawings[classOf(region)].push(drawing);
      all.push(drawing);
    }
    this._set(this.halo, "d", all.join(""));
    for (const name of CLASSES) this._set(this.paths[name], "d", drawings[name].join(""));
  }

  /** The view has moved. */
  place() {
    const { scale, x, y } = this.view;
    this.group.setAttribute("transform", `matrix(${scale} 0 0 ${scale} ${x} ${y})`);
  }

  /**
   * What is selected, with handles when it is one.
   * @param {{kind: string, points: import("./geometry.js").Points}[]} outlines @param {number|null} corner
   */
  drawSelected(outlines, corner = null) {
    const staged = outlines.map(({ points }) => points.map((p) => this.view.toStage(p)));
    const drawing = staged.map(pathOf).join("");
    this._set(this.selectedHalo, "d", drawing);
    this._set(this.selected, "d", drawing);
    this.selected.classList.toggle("bad", outlines.some(({ kind, points }) => !isSound(points, kind)));
    this._placeHandles(staged.length === 1 ? staged[0] : [], corner);
  }

  /** @param {import("./geometry.js").Points|null} points in the picture */
  drawHover(points) {
    this._set(this.hover, "d", points ? pathOf(points.map((p) => this.view.toStage(p))) : "");
  }

  /** @param {import("./geometry.js").Points} points in the picture, not closed */
  drawDraft(points) {
    const staged = points.map((p) => this.view.toStage(p));
    const dots = staged.map(([x, y]) => `M${short(x - 3)} ${short(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`).join("");
    this._set(this.draft, "d", staged.length ? `M${staged.map((p) => p.map(short).join(" ")).join("L")}${dots}` : "");
  }

  /** @param {[number, number, number, number]|null} box on the stage */
  drawBand(box) {
    this.band.style.display = box ? "" : "none";
    if (!box) return;
    const [left, top, right, bottom] = box;
    this._setAll(this.band, { x: left, y: top, width: right - left, height: bottom - top });
  }

  /** Where the handle lies that turns an outline (stage pixels). @param {import("./geometry.js").Points} staged */
  static turnHandle(staged) {
    const [a, b] = staged;
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const [cx, cy] = centre(staged);
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    let normal = [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
    if (normal[0] * (middle[0] - cx) + normal[1] * (middle[1] - cy) < 0) normal = [-normal[0], -normal[1]];
    return { at: [middle[0] + normal[0] * TURN_PX, middle[1] + normal[1] * TURN_PX], foot: middle };
  }

  /** Move the handles to an outline; the nodes stay, because making them anew is what costs in a drag. */
  _placeHandles(staged, corner) {
    const [left, top, right, bottom] = staged.length ? bounds(staged) : [0, 0, 0, 0];
    const turns = right - left > 14 || bottom - top > 14;
    this._show(this.turnLine, turns);
    this._show(this.turn, turns);
    if (turns) {
      const { foot, at } = Shapes.turnHandle(staged);
      this._set(this.turnLine, "d", `M${foot.map(short).join(" ")}L${at.map(short).join(" ")}`);
      this._setAll(this.turn, { cx: short(at[0]), cy: short(at[1]) });
    }
    // On a small box they must not hide what is written.
    const size = Math.min(right - left, bottom - top) > 40 ? 9 : 6;
    while (this.corners.length < staged.length) this.corners.push(this._add(this.cornerGroup, "rect", "corner"));
    this.corners.forEach((node, at) => {
      this._show(node, at < staged.length);
      if (at >= staged.length) return;
      const [x, y] = staged[at];
      this._set(node, "class", `corner${at === 0 ? " first" : ""}${at === corner ? " picked" : ""}`);
      this._setAll(node, { x: short(x - size / 2), y: short(y - size / 2), width: size, height: size });
    });
  }

  _add(parent, tag, name) {
    const node = document.createElementNS(SVG, tag);
    node.setAttribute("class", name);
    parent.append(node);
    return node;
  }

  _show(node, shown) {
    const wanted = shown ? "" : "none";
    if (node.style.display !== wanted) node.style.display = wanted;
  }

  _setAll(node, values) {
    for (const [name, value] of Object.entries(values)) this._set(node, name, String(value));
  }

  _set(node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}
