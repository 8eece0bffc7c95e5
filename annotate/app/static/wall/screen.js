// What a person has said of the crops of one screen. No DOM here: marks go in, what the server wants comes out.

/**
 * @typedef {{image_id: string, region: {id: string, text: string, score: number | null, state: string, direction: string}}} Crop
 * @typedef {{wrong: boolean, text: string | null, stale: boolean}} Said
 */

export class Screen {
  /** @param {Crop[]} crops */
  constructor(crops) {
    this.crops = crops;
    /** @type {Said[]} */
    this.said = crops.map(() => ({ wrong: false, text: null, stale: false }));
  }

  /** The text as it would be stored now. @param {number} at */
  text(at) {
    return this.said[at].text ?? this.crops[at].region.text;
  }

  /** @param {number} at */
  toggle(at) {
    this.said[at].wrong = !this.said[at].wrong;
  }

  /** A person has typed a text: then the crop is right with it. @param {number} at @param {string} text */
  write(at, text) {
    const tidy = text.replace(/[\t\r\n]+/g, " ").trim();
    this.said[at].text = tidy === this.crops[at].region.text ? null : tidy;
    if (this.said[at].text !== null) this.said[at].wrong = false;
  }

  /** @param {number} at @returns {"stale" | "wrong" | "edited" | "confirmed" | "plain"} */
  state(at) {
    const said = this.said[at];
    if (said.stale) return "stale";
    if (said.wrong) return "wrong";
    if (said.text !== null) return "edited";
    return this.crops[at].region.state === "confirmed" ? "confirmed" : "plain";
  }

  /** @param {string} state */
  count(state) {
    return this.crops.filter((_, at) => this.state(at) === state).length;
  }

  get touched() {
    return this.said.some((said) => said.wrong || said.text !== null);
  }

  /** What the server is told: nothing of crops that are confirmed already and stay as they are. */
  marks() {
    const marks = [];
    this.crops.forEach((crop, at) => {
      const said = this.said[at];
      const same = !said.wrong && said.text === null;
      if (same && crop.region.state === "confirmed") return;
      marks.push({ image_id: crop.image_id, region_id: crop.region.id, seen: crop.region.text, text: said.wrong ? null : said.text, wrong: said.wrong });
    });
    return marks;
  }

  /** The server left some alone: they stay on the screen to be looked at again. @param {{image_id: string, region_id: string}[]} marks */
  keepOnly(marks) {
    const wanted = new Set(marks.map((mark) => `${mark.image_id}/${mark.region_id}`));
    const kept = this.crops.map((crop, at) => at).filter((at) => wanted.has(`${this.crops[at].image_id}/${this.crops[at].region.id}`));
    this.crops = kept.map((at) => this.crops[at]);
    this.said = kept.map((at) => ({ ...this.said[at], stale: true }));
  }
}
