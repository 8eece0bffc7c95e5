// The server's routes as functions. Fails in two ways: ApiError (an answer that says no) and OfflineError (no answer).

export class ApiError extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    // `told` is the sentence in the language that was asked for; what has no code comes in English alone.
    super(body?.told ?? (typeof body?.detail === "string" ? body.detail : `HTTP ${status}`));
    this.status = status;
    this.body = body;
  }
}

export class OfflineError extends Error {}

/** The page's language, for what the server tells. */
export const LANGUAGE = { "accept-language": typeof navigator === "undefined" ? "en" : navigator.language };

/** @param {string} method @param {string} path @param {any} [body] @param {RequestInit} [more] */
export async function call(method, path, body, more = {}) {
  /** @type {any} */
  const init = { method, headers: { ...LANGUAGE }, ...more };
  if (body !== undefined) {
    init.headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    throw new OfflineError(String(error));
  }
  // What a proxy says while the server is away is no answer of the server.
  if (answer.status === 502 || answer.status === 504 && !path.endsWith("/read")) throw new OfflineError(`HTTP ${answer.status}`);
  const text = await answer.text().catch(() => { throw new OfflineError("cut off"); });
  const found = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  if (!answer.ok) throw new ApiError(answer.status, found);
  return found;
}

const image = (id) => `/api/images/${encodeURIComponent(id)}`;
const query = (values) => {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return `?${new URLSearchParams(kept.map(([name, value]) => [name, String(value)]))}`;
};

export const api = {
  me: () => call("GET", "/api/me"),
  batches: () => call("GET", "/api/batches"),
  queue: ({ batch, from, step = 1, todo = false, limit = 1, counted = false }) =>
    call("GET", `/api/queue${query({ batch, from, step, todo, limit, counted })}`),
  doc: (id) => call("GET", `${image(id)}/doc`),
  open: (id, force = false) => call("POST", `${image(id)}/open${force ? "?force=true" : ""}`),
  hold: (id) => call("POST", `${image(id)}/lease`),
  leave: (id) => call("DELETE", `${image(id)}/lease`, undefined, { keepalive: true }),
  save: (id, base_rev, regions, status) => call("PUT", `${image(id)}/doc`, { base_rev, regions, status }),
  history: (id) => call("GET", `${image(id)}/history`),
  revision: (id, rev) => call("GET", `${image(id)}/history/${rev}`),
  restore: (id, base_rev, rev) => call("POST", `${image(id)}/restore`, { base_rev, rev }),
  read: (id, outlines, signal) => call("POST", `${image(id)}/read`, { outlines }, { signal }),
  work: (image_id, active_ms, actions, keepalive = false) =>
    call("POST", "/api/work", { image_id, active_ms, actions }, { keepalive }),
  wall: (asked) => call("GET", `/api/wall${query(asked)}`),
  settle: (marks) => call("POST", "/api/wall/settle", { marks }),
  reviews: (asked) => call("GET", `/api/reviews${query(asked)}`),
  reviewsOf: (id) => call("GET", `${image(id)}/reviews`),
  judge: (id, rev, verdict, reason) => call("POST", `${image(id)}/reviews`, { rev, verdict, reason }),
  checks: (share, limit = 50) => call("GET", `/api/checks${query({ share, limit })}`),
  check: (id) => call("GET", `${image(id)}/check`),
  giveCheck: (id, regions) => call("POST", `${image(id)}/check`, { regions }),
  agreements: () => call("GET", "/api/agreements"),
  packs: () => call("GET", "/api/packs"),
  search: (asked) => call("POST", "/api/search", asked),
  fillBatch: (name, image_ids, note) => call("POST", "/api/batches", { name, image_ids, note }),
  datasets: () => call("GET", "/api/datasets"),
  formats: () => call("GET", "/api/datasets/formats"),
  ask: (kind, args) => call("POST", "/api/jobs", { kind, args }),
  dashboard: (days) => call("GET", `/api/dashboard${query({ days })}`),
  pool: (asked) => call("GET", `/api/pool${query(asked)}`),
  poolIds: (asked) => call("GET", `/api/pool/ids${query(asked)}`),
  poolChoices: () => call("GET", "/api/pool/choices"),
  changePool: (image_ids, changes) => call("POST", "/api/pool/change", { image_ids, ...changes }),
  deletePool: (image_ids) => call("POST", "/api/pool/delete", { image_ids }),
  restorePool: (image_ids) => call("POST", "/api/pool/restore", { image_ids }),
  twins: (after, limit) => call("GET", `/api/pool/twins${query({ after, limit })}`),
  settleTwins: (image_ids, keep) => call("POST", "/api/pool/twins/settle", { image_ids, keep }),
  beginUpload: () => call("POST", "/api/uploads"),
  mediaUrl: (id) => `${image(id)}/media`,
};
