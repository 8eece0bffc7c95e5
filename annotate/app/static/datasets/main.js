// Datasets out and in: what is asked for on the left, what is at work and what has been done on the right.

import { api, ApiError } from "../label/api.js";
import { el } from "../shared/dom.js";
import * as jobs from "../shared/jobs.js";
import { exportForm, importForm } from "./forms.js";
import { table } from "./history.js";
import { t } from "./strings.js";

/** @param {HTMLElement} root */
export async function start(root) {
  const note = el("p", { className: "ax-note", role: "status" });
  const past = el("div", {});
  const work = el("div", { className: "aj" });
  const forms = el("div", { className: "ax-forms" });
  root.replaceChildren(forms, el("div", {}, note, el("section", {}, el("h2", {}, t("running")), work), el("section", {}, el("h2", {}, t("history")), past)));

  /** @param {string} kind @param {any} args */
  async function ask(kind, args) {
    try {
      await api.ask(kind, args);
      say(t("asked"));
    } catch (error) {
      say(t("failed", { why: /** @type {Error} */ (error).message }), true);
    }
  }

  /** @param {string} text @param {boolean} bad */
  function say(text, bad = false) {
    note.textContent = text;
    note.dataset.bad = String(bad);
  }

  async function refresh() {
    past.replaceChildren(table(await api.datasets()));
  }

  try {
    const [formats, batches] = await Promise.all([api.formats(), api.batches(), refresh()]);
    forms.replaceChildren(exportForm(formats, batches, ask, (text) => say(text, true)), importForm(formats, ask));
  } catch (error) {
    say(error instanceof ApiError && error.status === 403 ? t("forbidden") : t("failed", { why: /** @type {Error} */ (error).message }), true);
  }
  root.dataset.state = "ready";
  jobs.start(work, ["export", "import"], () => refresh().catch(() => {}));
}
