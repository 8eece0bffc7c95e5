// Labelling pictures again without seeing their labels: the routes of the canvas, answered by those of blind checks.
// Nothing of the first person's work is asked for. What is drawn stays in the browser until it is given.

import { ApiError } from "./api.js";
import { t } from "./strings.js";

/**
 * @param {any} api @param {number} share of all pictures @param {string} user
 * @param {(review: any) => void} given is told how far the two agree
 */
export function blindApi(api, share, user, given) {
  const key = (/** @type {string} */ id) => `annotate check ${user} ${id}`;
  /** Pictures that were given or passed by. @type {Set<string>} */ const past = new Set();
  const refuse = () => Promise.reject(new ApiError(403, { detail: t("say.unseen") }));

  async function doc(/** @type {string} */ id) {
    const found = await api.check(id);
    const draft = localStorage.getItem(key(id));
    return draft ? { ...found, regions: JSON.parse(draft) } : found;
  }

  async function queue({ from, step = 1, limit = 1 }) {
    const all = (await api.checks(share)).map((one) => ({ image_id: one.image_id, name: one.name, status: "todo", position: one.number, held_by: null }));
    const left = all.filter((one) => !past.has(one.image_id));
    const at = left.findIndex((one) => one.image_id === from);
    const items = at < 0 ? left : step < 0 ? left.slice(0, at).reverse() : left.slice(at + 1);
    return { items: items.slice(0, limit), total: left.length + past.size, waiting: left.length };
  }

  async function save(id, base_rev, regions, status) {
    if (status === "confirmed" || status === "no_text") {
      given(await api.giveCheck(id, regions));
      localStorage.removeItem(key(id));
      past.add(id);
    } else if (status === "todo") localStorage.setItem(key(id), JSON.stringify(regions));
    else past.add(id);
    return { rev: base_rev, mended: [] };
  }

  return {
    ...api, doc, queue, save, history: refuse, revision: refuse, read: refuse,
    open: async (id) => ({ doc: await doc(id), lease: { user }, unread: false }), hold: async () => ({ user }), leave: async () => {},
  };
}
