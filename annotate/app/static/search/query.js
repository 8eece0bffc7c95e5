// A search as a person builds it. No DOM here: what is asked for goes in, what the server wants comes out.

/** @typedef {{kind: "text" | "pack" | "image" | "upload", value: string, weight: number, name?: string, data?: string}} Example */

export class QueryDraft {
  constructor() {
    /** @type {Example[]} */
    this.examples = [];
    /** @type {Set<string>} */
    this.liked = new Set();
    /** @type {Set<string>} */
    this.disliked = new Set();
    this.written = "";
    this.fuzzy = false;
    /** @type {Record<string, string>} */
    this.filters = { status: "", min_boxes: "", max_boxes: "", min_score: "", max_score: "", by: "auto" };
  }

  /** The same thing twice is one thing. @param {Example} example */
  add(example) {
    const same = this.examples.find((one) => one.kind === example.kind && one.value === example.value && one.data === example.data);
    if (same) same.weight = example.weight;
    else this.examples.push(example);
  }

  /** @param {number} at */
  remove(at) {
    this.examples.splice(at, 1);
  }

  /** Toward it or away from it. @param {number} at */
  turn(at) {
    this.examples[at].weight *= -1;
  }

  /** A thumb; the same one again takes it back. @param {string} id @param {boolean} up */
  judge(id, up) {
    const [chosen, other] = up ? [this.liked, this.disliked] : [this.disliked, this.liked];
    other.delete(id);
    if (!chosen.delete(id)) chosen.add(id);
  }

  clear() {
    this.examples = [];
    this.liked.clear();
    this.disliked.clear();
    this.written = "";
  }

  get empty() {
    return !this.examples.length && !this.liked.size && !this.words.length;
  }

  get words() {
    return this.written.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean);
  }

  /** @param {number} page @param {number} size */
  asked(page, size) {
    const { status, by, ...bounds } = this.filters;
    const which = Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== "").map(([name, value]) => [name, Number(value)]));
    return {
      examples: this.examples.map(({ kind, value, weight, data }) => ({ kind, value, weight, ...(data ? { data } : {}) })),
      written: this.words.length ? { words: this.words, ...(this.fuzzy ? { fuzzy: 75 } : {}) } : null,
      which: { ...which, ...(status ? { statuses: [status] } : {}) },
      by, liked: [...this.liked], disliked: [...this.disliked], page, size,
    };
  }
}
