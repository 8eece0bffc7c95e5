// Sending files: one after the other, with how far it is; then a job adds them.

import { api, ApiError, LANGUAGE, OfflineError } from "../label/api.js";

/**
 * @param {File[]} files @param {{tags: string[], fps: number | null}} options
 * @param {(done: number, share: number) => void} tell how many files have come, and the share of all bytes
 */
export async function send(files, options, tell) {
  const { upload } = await api.beginUpload();
  const all = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  for (const [at, file] of files.entries()) {
    tell(at, before / all);
    await sendOne(`/api/uploads/${upload}?name=${encodeURIComponent(file.name)}`, file, (bytes) => tell(at, (before + bytes) / all));
    before += file.size;
  }
  tell(files.length, 1);
  return api.ask("upload", { upload, ...options });
}

/** `fetch` cannot tell how far it is. @param {string} url @param {File} file @param {(bytes: number) => void} tell @returns {Promise<void>} */
function sendOne(url, file, tell) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("accept-language", LANGUAGE["accept-language"]);
    request.upload.onprogress = (event) => tell(event.loaded);
    request.onerror = () => reject(new OfflineError(file.name));
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new ApiError(request.status, parsed(request.responseText)));
    };
    request.send(file);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's own words
  }
}
