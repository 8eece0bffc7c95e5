// The left side: files from this computer, from a webcam, and for admins from the server's disk.

import { api } from "../label/api.js";
import { el } from "../shared/dom.js";
import { photograph } from "./camera.js";
import { send } from "./sending.js";
import { t } from "./strings.js";

const TAKEN = /\.(jpe?g|jpe|jfif|mpo|png|webp|bmp|dib|tiff?|gif|avif|jp2|j2k|p[pgb]m|mp4|m4v|mov|mkv|webm|avi|flv|wmv|mpe?g|m?ts|m2ts|3gp|ogv|vob|zip|tar|tgz|tbz2|txz|tar\.(gz|bz2|xz)|pdf)$/i;
const FPS = ["", "1", "2", "5"];
const SHOWN = 6;

/** @param {string} role @param {(text: string, bad?: boolean) => void} say */
export function adder(role, say) {
  /** @type {File[]} */ let files = [];
  const input = el("input", { type: "file", multiple: true, hidden: true, onchange: () => { take(input.files); input.value = ""; } });
  const list = el("ul", { className: "ap-files" });
  const tags = el("input", { name: "newtags", placeholder: t("tags.hint"), maxLength: 500, autocomplete: "off" });
  const fps = el("select", { name: "fps" }, ...FPS.map((value) => el("option", { value }, t(`fps.${value}`))));
  const go = el("button", { type: "submit", className: "ap-go", disabled: true }, t("send.none"));
  const bar = el("div", { className: "ap-bar", hidden: true }, el("i", {}));
  const zone = el("div", { className: "ap-zone" }, el("p", {}, t("drop")), el("div", { className: "ap-line" },
    el("button", { type: "button", onclick: () => input.click() }, t("pick")), el("button", { type: "button", name: "camera", onclick: () => photograph((file) => take([file]), (why) => say(why, true)) }, t("camera"))), input);
  const form = el("form", { className: "ap-add" }, el("h2", {}, t("add")), zone, list, field("tags", tags), field("fps", fps), bar, go);
  form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); upload(); });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      zone.dataset.over = String(kind === "dragover");
      if (kind === "drop") take(event.dataTransfer?.files);
    });
  }

  /** @param {Iterable<File> | null | undefined} some */
  function take(some) {
    const given = [...(some ?? [])];
    const other = given.filter((file) => !TAKEN.test(file.name));
    files = [...files, ...given.filter((file) => TAKEN.test(file.name))];
    if (other.length) say(t("not.taken", { names: other.slice(0, 5).map((file) => file.name).join(", ") }), true);
    draw();
  }

  function draw() {
    const rows = files.slice(0, SHOWN).map((file, at) => el("li", {}, el("span", { title: file.name }, file.name), el("small", {}, size(file.size)),
      el("button", { type: "button", title: t("drop1"), onclick: () => { files.splice(at, 1); draw(); } }, "×")));
    if (files.length > SHOWN) rows.push(el("li", {}, el("small", {}, `+ ${files.length - SHOWN}`)));
    list.replaceChildren(...rows);
    go.disabled = !files.length;
    go.textContent = t(files.length ? "send" : "send.none", { n: files.length });
    form.dataset.files = String(files.length);
  }

  async function upload() {
    const sending = files;
    go.disabled = true;
    bar.hidden = false;
    try {
      await send(sending, options(), (done, share) => {
        bar.firstChild.style.width = `${100 * share}%`;
        say(t("sending", { done, all: sending.length, percent: Math.round(100 * share) }));
      });
      files = files.filter((file) => !sending.includes(file));
      say(t("sent"));
    } catch (error) {
      say(t("failed", { why: /** @type {Error} */ (error).message }), true);
    }
    bar.hidden = true;
    draw();
  }

  function options() {
    return { tags: words(tags.value), fps: fps.value ? Number(fps.value) : null };
  }

  function server() {
    const path = el("input", { name: "path", required: true, placeholder: t("path.hint"), autocomplete: "off" });
    const copy = el("input", { type: "checkbox", name: "copy" });
    const there = el("form", { className: "ap-server" }, el("h2", {}, t("server")), field("path", path), el("label", {}, copy, t("copy")), el("button", { type: "submit", className: "ap-go" }, t("fromserver")));
    there.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        await api.ask("add", { paths: [path.value.trim()], copy_files: copy.checked, ...options() });
        say(t("asked"));
      } catch (error) {
        say(t("failed", { why: /** @type {Error} */ (error).message }), true);
      }
    });
    return there;
  }

  return role === "annotator" ? [] : role === "admin" ? [form, server()] : [form];
}

/** @param {string} text */
export function words(text) {
  return [...new Set(text.split(/[,，;；]/).map((word) => word.trim()).filter(Boolean))];
}

/** @param {number} bytes */
function size(bytes) {
  return bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** @param {string} name @param {...Node} inside */
function field(name, ...inside) {
  return el("fieldset", {}, el("legend", {}, t(name)), ...inside);
}
