// Pictures from a webcam: what it sees, and a button that takes it.

import { el } from "../shared/dom.js";
import { t } from "./strings.js";

/** @param {(file: File) => void} take is given each picture @param {(text: string) => void} refuse */
export async function photograph(take, refuse) {
  let stream;
  try {
    if (!navigator.mediaDevices) throw new Error("getUserMedia");
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: "environment" } });
  } catch (error) {
    refuse(t("no.camera", { why: /** @type {Error} */ (error).message }));
    return;
  }
  const video = el("video", { autoplay: true, muted: true, playsInline: true, srcObject: stream });
  const count = el("span", { className: "ap-soft" });
  let taken = 0;
  const snap = el("button", { type: "button", className: "ap-go", onclick: shoot }, t("snap"));
  const dialog = el("dialog", { className: "ap-dialog ap-camera" }, video, el("div", {}, count, el("button", { type: "button", onclick: () => dialog.close() }, t("done")), snap));
  dialog.addEventListener("close", () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  document.querySelector(".ap")?.append(dialog);
  dialog.showModal();
  snap.focus();

  async function shoot() {
    if (!video.videoWidth) return; // it has seen nothing yet
    const canvas = el("canvas", { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
    const name = `webcam-${new Date().toISOString().replace(/[:.]/g, "-").slice(0, 23)}.jpg`;
    take(new File([blob], name, { type: "image/jpeg" }));
    count.textContent = t("taken", { n: ++taken });
    dialog.dataset.taken = String(taken);
  }
}
