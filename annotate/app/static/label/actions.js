// What each key and button does, by the names in `keys.js`.

import { ApiError, OfflineError } from "./api.js";
import { askHistory, askTags, sheet } from "./dialogs.js";
import { bounds, rounded, turned } from "./geometry.js";
import { copies, inReadingOrder, joined, lacksText, split, withText } from "./regions.js";

const DIRECTIONS = ["ltr", "rtl", "ttb"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// For the work log: what counts as an action of the person.
const SILENT = new Set(["sheet", "cancel", "save", "reading", "nudge", "hide"]);

/**
 * @param {{desk: import("./desk.js").Desk, flow: import("./flow.js").Flow, sync: import("./sync.js").Sync, api: any, act: (name: string) => void}} shop
 * @returns {(action: string, value?: any, event?: KeyboardEvent) => void}
 */
export function actions(shop) {
  const { desk, flow, sync, api, act } = shop;
  /** @type {{from: string, regions: any[]}} */ let clipboard = { from: "", regions: [] };

  /** Change what is selected. */
  const each = (change) => desk.change(desk.selection, change);

  const table = {
    "tool.select": () => desk.tools.use("select"),
    "tool.rect": () => desk.tools.use("rect"),
    "tool.quad": () => desk.tools.use("quad"),
    "tool.polygon": () => desk.tools.use("polygon"),
    cancel: () => {
      if (desk.editor.focused) desk.leaveField();
      else if (!desk.tools.cancel() && desk.tools.tool === "select") desk.select([]);
      if (desk.tools.tool !== "select") desk.tools.use("select");
    },
    delete: () => {
      if (!desk.tools.dropPoint()) desk.remove(desk.selection);
    },
    split: () => splitAt(false),
    "split.lines": () => splitAt(true),
    join: () => {
      const some = desk.selected();
      if (some.length < 2) return;
      const gone = new Set(some.map((region) => region.id));
      const one = joined(some);
      const at = desk.regions.findIndex((region) => gone.has(region.id));
      const rest = desk.regions.filter((region) => !gone.has(region.id));
      desk.commit({ regions: [...rest.slice(0, at), one, ...rest.slice(at)] });
      desk.select([one.id]);
    },
    sort: () => desk.commit({ regions: inReadingOrder(desk.regions) }),
    "turn.left": () => turn(-1),
    "turn.right": () => turn(1),
    nudge: (_, event) => nudge(event, 1),
    "nudge.far": (_, event) => nudge(event, 10),
    "box.next": () => desk.step(1),
    "box.previous": () => desk.step(-1),
    edit: () => {
      if (desk.tools.draft.length >= 3) desk.tools.finish();
      else if (desk.single()) desk.editText();
      else desk.step(1);
    },
    accept: () => {
      const region = desk.single();
      if (!region) return;
      if (!lacksText(region)) desk.change([region.id], (one) => ({ ...one, state: "confirmed" }));
      if (!desk.step(1)) desk.leaveField();
    },
    reading: (number) => {
      const region = desk.single();
      const reading = region && desk.readings(region.id)[number - 1];
      if (reading) desk.change([region.id], (one) => withText(one, reading.text));
    },
    ignore: () => {
      const on = desk.selected().some((region) => !region.ignore);
      each((region) => ({ ...region, ignore: on, ignore_reason: on ? "person" : null, state: on ? "confirmed" : "todo" }));
    },
    category: () => {
      const { categories } = desk.settings;
      const [first] = desk.selected();
      if (!first) return;
      const next = categories[(categories.indexOf(first.category) + 1) % categories.length];
      each((region) => ({ ...region, category: next }));
    },
    direction: () => {
      const [first] = desk.selected();
      if (!first) return;
      const next = DIRECTIONS[(DIRECTIONS.indexOf(first.direction) + 1) % DIRECTIONS.length];
      each((region) => ({ ...region, direction: next }));
    },
    tags: async () => {
      const [first] = desk.selected();
      if (!first) return;
      const tags = await askTags(desk.parts.dialog, first.tags);
      if (tags) each((region) => ({ ...region, tags }));
    },
    read: () => shop.read(desk.selected().length ? desk.selected() : null),
    "read.all": () => shop.read(null),
    confirm: () => {
      const lacking = desk.regions.filter(lacksText);
      if (lacking.length || !desk.regions.length) {
        desk.say(lacking.length ? "say.empty" : "say.nobox", { n: lacking.length });
        if (lacking.length) desk.select([lacking[0].id], true);
        return;
      }
      finish("confirmed", desk.regions.map((region) => (region.state === "confirmed" ? region : { ...region, state: "confirmed" })));
    },
    skip: () => finish("skipped"),
    reject: () => finish("rejected"),
    no_text: () => finish("no_text", []),
    "image.next": () => flow.go(1),
    "image.previous": () => flow.go(-1),
    "image.todo": () => flow.go(1, true),
    save: () => sync.flush(),
    undo: () => desk.undo(),
    redo: () => desk.redo(),
    copy: () => {
      if (!desk.selection.size) return;
      clipboard = { from: desk.page.id, regions: desk.selected() };
      desk.say("say.copied", { n: clipboard.regions.length });
    },
    cut: () => {
      table.copy();
      if (desk.selection.size) desk.remove(desk.selection);
    },
    paste: () => {
      const { page } = desk;
      if (!page || !clipboard.regions.length) return;
      const some = copies(clipboard.regions, clipboard.from === page.id ? 12 : 0, page.width, page.height);
      desk.add(some);
      desk.say("say.pasted", { n: some.length });
    },
    "select.all": () => desk.select(desk.regions.map((region) => region.id)),
    history: async () => {
      const { page } = desk;
      if (!page) return;
      try {
        await sync.flush(page.id);
        const rev = await askHistory(desk.parts.dialog, await api.history(page.id));
        if (rev === null) return;
        const old = await api.revision(page.id, rev);
        desk.commit({ regions: old.regions, status: old.status });
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof OfflineError)) throw error;
        desk.say(error instanceof OfflineError ? "say.offline" : "say.refused", { why: error.message });
      }
    },
    fit: () => desk.view.fit(),
    "zoom.box": () => {
      const some = desk.selected();
      if (some.length) desk.view.zoomTo(bounds(some.flatMap((region) => region.points)));
    },
    "zoom.in": () => zoom(1.25),
    "zoom.out": () => zoom(0.8),
    hide: () => {
      desk.hidden = !desk.hidden;
      desk.render();
    },
    sheet: () => sheet(desk.parts.dialog),
  };

  function zoom(factor) {
    const { width, height } = desk.view.stage;
    desk.view.zoomAt([width / 2, height / 2], factor);
  }

  function nudge(event, far) {
    const [dx, dy] = ARROWS[event.key];
    desk.nudge(dx * far, dy * far);
  }

  function turn(degrees) {
    const some = desk.selected();
    const outlines = new Map(some.map((region) => [region.id, rounded(turned(region.points, degrees))]));
    desk.reshapeAll(outlines, "quad", `turn ${[...desk.selection].join()}`);
  }

  function splitAt(lines) {
    const region = desk.single();
    if (!region) return;
    const halves = split(region, shareAt(region, lines), lines);
    desk.commit({ regions: desk.regions.flatMap((one) => (one.id === region.id ? halves : [one])) });
    desk.select(halves.map((one) => one.id).slice(0, 1));
  }

  /** Where the cursor is along (or across) a line, as a share of it; the middle when it is elsewhere. */
  function shareAt(region, lines) {
    const [a, b, , d] = region.points;
    const down = lines !== (region.direction === "ttb");
    const end = down ? d : b;
    const [ux, uy] = [end[0] - a[0], end[1] - a[1]];
    const [px, py] = desk.view.toPicture(desk.tools.pointer);
    const [left, top, right, bottom] = bounds(region.points);
    const share = ((px - a[0]) * ux + (py - a[1]) * uy) / (ux * ux + uy * uy || 1);
    const over = px >= left && px <= right && py >= top && py <= bottom;
    return over && share > 0.05 && share < 0.95 ? share : 0.5;
  }

  function finish(status, regions = desk.regions) {
    if (!desk.page || !desk.commit({ status, regions })) return;
    sync.flush(desk.page.id).catch(() => {});
    flow.go(1, true);
  }

  return (action, value, event) => {
    const doing = table[action];
    if (!doing) return;
    if (!desk.page && action !== "sheet" && !action.startsWith("image.")) return;
    act(SILENT.has(action) ? "" : action);
    doing(value, event);
  };
}
