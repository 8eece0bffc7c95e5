// Long work: what waits, runs and has ended, how far it is, and a way to stop it.

import { call } from "../label/api.js";
import { el, translator } from "./dom.js";

const t = translator(
  { waiting: "waiting", running: "running", stopping: "stopping", done: "done", failed: "failed", stopped: "stopped", stop: "Stop", none: "No runs yet.", add: "Adding", upload: "Adding uploads", export: "Export", import: "Import", embed: "Embedding", prelabel: "Pre-labelling", generate: "Rendering" },
  { waiting: "等待中", running: "进行中", stopping: "停止中", done: "完成", failed: "失败", stopped: "已停止", stop: "停止", none: "还没有任务。", add: "添加", upload: "添加上传的文件", export: "导出", import: "导入", embed: "向量化", prelabel: "预标注", generate: "合成" },
);
const OPEN = ["waiting", "running", "stopping"];
const SHOWN = 8;
const SOON_MS = 1500, LATER_MS = 4000;

/** @param {HTMLElement} root @param {string[]} kinds @param {() => void} [ended] called when one of them has ended */
export async function start(root, kinds, ended) {
  const list = el("ul", {});
  /** Ids of jobs that have ended, as far as this page knows. @type {Set<number> | null} */
  let known = null;
  root.replaceChildren(list);
  for (;;) {
    let next = LATER_MS;
    try {
      const all = await call("GET", "/api/jobs");
      const jobs = all.filter((/** @type {any} */ job) => kinds.includes(job.kind)).slice(0, SHOWN);
      list.replaceChildren(...(jobs.length ? jobs.map(row) : [el("li", { className: "aj-none" }, t("none"))]));
      const now = jobs.filter((/** @type {any} */ job) => OPEN.includes(job.state)).length;
      if (now) next = SOON_MS;
      // One may begin and end between two looks.
      const over = jobs.filter((/** @type {any} */ job) => !OPEN.includes(job.state)).map((/** @type {any} */ job) => job.id);
      if (known && over.some((/** @type {number} */ id) => !known?.has(id))) ended?.();
      known = new Set(over);
      root.dataset.open = String(now);
    } catch {
      // The server is away: the list stays as it was, and is asked for again.
    }
    root.dataset.state = "ready";
    await new Promise((go) => setTimeout(go, next));
    if (!root.isConnected) return;
  }
}

/** @param {any} job */
function row(job) {
  const share = job.total ? Math.min(1, job.done / job.total) : job.state === "done" ? 1 : 0;
  const far = job.total ? `${job.done.toLocaleString()} / ${job.total.toLocaleString()}` : job.done ? job.done.toLocaleString() : "";
  const open = OPEN.includes(job.state);
  const stop = el("button", { type: "button", onclick: () => call("POST", `/api/jobs/${job.id}/stop`).catch(() => {}) }, t("stop"));
  return el("li", { dataset: { job: String(job.id), state: job.state } },
    el("b", {}, job.args.name ?? t(job.kind)), el("span", { className: "aj-state" }, t(job.state)), el("span", { className: "aj-far" }, far), open ? stop : null,
    el("div", { className: "aj-bar" }, el("i", { style: `width:${100 * share}%` })), job.message ? el("small", {}, job.told || job.message) : null);
}
