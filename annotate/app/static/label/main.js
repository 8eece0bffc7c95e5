// The Label page put together: the desk, its keys, saving, and the way from picture to picture.

import { api as routes, ApiError, OfflineError } from "./api.js";
import { actions } from "./actions.js";
import { blindApi } from "./blind.js";
import { Clock } from "./clock.js";
import { Desk, plainRegions } from "./desk.js";
import { askConflict, make } from "./dialogs.js";
import { Flow } from "./flow.js";
import { actionOf, columnAction } from "./keys.js";
import { build } from "./layout.js";
import { plain } from "./regions.js";
import { openStorage } from "./storage.js";
import { chinese, t } from "./strings.js";
import { Sync } from "./sync.js";

/** @param {HTMLElement} root @param {{categories: string[], pages?: {path: string, en: string, zh: string}[]}} settings */
export async function start(root, settings) {
  if (root.dataset.started) return;
  root.dataset.started = "yes";
  document.body.classList.add("annotate-label");
  if (chinese) document.documentElement.lang = "zh";
  const parts = build(root);
  const me = await untilAnswered(() => routes.me(), parts);
  const storage = await openStorage();
  const desk = new Desk(root, parts, settings);
  if (!storage.lasting) desk.say("say.unlasting");
  // Of a blind check: the share of pictures that are labelled again; nothing of what is stored is shown or changed.
  const share = Number(new URL(location.href).searchParams.get("check"));
  root.dataset.check = share ? String(share) : "";
  const api = share ? blindApi(routes, share, me.name, (review) => agreed(desk, root, review)) : routes;
  const clock = new Clock((image, ms, counts) => { api.work(image, ms, counts, true).catch(() => {}); });

  const sync = new Sync(api, storage, share ? `check ${me.name}` : me.name, {
    onState: (state, waiting, message) => showSync(parts, root, state, waiting, message),
    onSaved: (image, answer, sent) => saved(desk, flow, image, answer, sent),
    onConflict: (pending, doc) => { if (pending.image === desk.page?.id) decide(pending, doc); },
    onRefused: (pending, why) => desk.say("say.refused", { why }),
    onUnsaved: (why) => desk.say("say.unsaved", { why }),
  });
  const flow = new Flow(desk, api, sync, {
    user: me.name,
    onShown: (page) => shown(page),
    onQueue: (total, waiting) => progress(parts, total, waiting),
    onHeld: (who) => banner(who),
    onUnread: (page) => { if (desk.page === page && !desk.regions.length) read(null); },
    onReady: (id) => { root.dataset.ahead = id; },
  });
  const shop = { desk, flow, sync, api, act: (name) => clock.tick(name), read };
  const run = actions(shop);
  desk.run = run;
  desk.act = (name) => clock.tick(name);
  desk.onChange = (page) => sync.put({
    image: page.id, name: page.name, base_rev: page.rev, base: page.base, regions: plainRegions(page), status: desk.status,
  });

  function shown(page) {
    clock.start(page.id);
    parts.name.textContent = page.name;
    parts.name.title = page.name;
    root.dataset.state = "ready";
    const url = new URL(location.href);
    url.searchParams.set("image", page.id);
    url.searchParams.delete("region"); // of the picture that the address named
    history.replaceState(history.state, "", url);
    reading.abort(); // nobody waits for it any more, and a browser has few connections
    root.dataset.reading = "";
    banner(null);
    const conflict = conflicts.get(page.id);
    if (conflict) decide(...conflict);
  }

  /** @type {Map<string, any[]>} */ const conflicts = new Map();
  async function decide(pending, doc) {
    conflicts.set(pending.image, [pending, doc]);
    const { page } = desk;
    const choice = await askConflict(parts.dialog, pending, doc, page?.image ?? null, page?.ratio ?? 1);
    if (!choice) return;
    conflicts.delete(pending.image);
    if (desk.page?.id === pending.image) {
      desk.page.history.commit(choice);
      desk.page.rev = doc.rev;
      desk.page.base = doc.regions;
      desk.renderNow();
    }
    await sync.resolve(pending.image, choice.regions.map(({ readings, ...rest }) => rest), choice.status, doc);
  }

  function banner(who) {
    parts.banner.hidden = !who;
    root.dataset.held = who ?? "";
    if (!who) return;
    parts.banner.replaceChildren(
      make("span", {}, t("say.held", { who })),
      make("button", { type: "button", class: "al-button", onclick: () => flow.open(desk.page.id, true) }, t("say.takeover")),
      make("button", { type: "button", class: "al-button main", onclick: () => flow.go(1, true) }, t("say.next")),
    );
  }

  let reading = new AbortController();
  /** Have a reader read regions again, or the whole picture. Nothing that a person wrote is overwritten. */
  async function read(regions) {
    const { page } = desk;
    if (!page || desk.locked) return;
    desk.say("say.reading");
    root.dataset.reading = page.id;
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    try {
      await sync.flush(page.id);
      const outlines = regions && Object.fromEntries(regions.map(({ id, points }) => [id, points]));
      take(page, await api.read(page.id, outlines, signal));
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof OfflineError)) throw error;
      if (!signal.aborted) desk.say("say.noreader", { why: error.message });
    } finally {
      if (!signal.aborted) root.dataset.reading = "";
    }
  }

  function take(page, { readings, regions: fresh }) {
    for (const [id, some] of Object.entries(readings)) page.readings.set(id, some);
    if (desk.page !== page) return;
    const untouched = (region) => region.state === "todo" && (region.text === "" || region.score !== null);
    const known = new Set(desk.regions.map((region) => region.id));
    const regions = desk.regions.map((region) => {
      const best = readings[region.id]?.[0];
      return best && untouched(region) ? { ...region, text: best.text, score: best.score } : region;
    });
    const next = [...regions, ...fresh.filter((region) => !known.has(region.id)).map(plain)];
    if (next.length > regions.length || next.some((region, at) => region !== desk.regions[at])) desk.commit({ regions: next });
    desk.render();
    desk.say("say.read", { n: Object.keys(readings).length });
  }

  root.annotate = { desk, flow, sync }; // for the console and for measuring
  listen(desk, run, clock, sync);
  setInterval(() => { clock.stop(); flow.renew(); }, 60_000);
  showSync(parts, root, "saved", 0, "");
  who(parts, me);
  nav(parts, settings);
  await begin(flow, parts, root, desk, sync);
}

/** Open what the address names, else the first picture that waits. */
async function begin(flow, parts, root, desk, sync) {
  const asked = new URL(location.href).searchParams;
  sync.recover().catch(() => {});
  flow.batch = asked.get("batch") ? Number(asked.get("batch")) : null;
  if (root.dataset.check) {
    parts.batch.replaceChildren(make("option", {}, t("unseen")));
    parts.batch.disabled = true;
  } else await batches(flow, parts, desk);
  const image = asked.get("image");
  if (image) await flow.open(image);
  const region = asked.get("region");
  if (desk.regions.some((one) => one.id === region)) desk.select([region], true);
  if (!desk.page) await flow.go(1, true);
  if (!desk.page) await flow.go(1);
  if (!desk.page) {
    root.dataset.state = "empty";
    const why = root.dataset.check ? "say.alldone" : "say.empty.pool";
    desk.say(why);
    parts.hint.hidden = false;
    parts.hint.textContent = t(why);
  }
}

async function batches(flow, parts, desk) {
  const found = await routes.batches().catch(() => []);
  const options = [make("option", { value: "" }, t("pool")), ...found.map((batch) => make("option", { value: String(batch.id) }, batch.name))];
  parts.batch.replaceChildren(...options);
  parts.batch.value = flow.batch === null ? "" : String(flow.batch);
  parts.batch.addEventListener("change", () => {
    flow.batch = parts.batch.value ? Number(parts.batch.value) : null;
    flow.forget();
    const url = new URL(location.href);
    if (flow.batch === null) url.searchParams.delete("batch");
    else url.searchParams.set("batch", String(flow.batch));
    history.replaceState(history.state, "", url);
    parts.batch.blur();
    desk.page = null;
    flow.go(1, true);
  });
}

/** A blind check was given: how far the two people agree. */
function agreed(desk, root, review) {
  const { both, only_first, only_second, chars, char_errors } = review.agreement;
  desk.say("say.agreed", { who: review.annotator, both, all: both + only_first + only_second, chars, errors: char_errors });
  root.dataset.agreed = `${both}/${both + only_first + only_second} ${char_errors}/${chars}`;
}

/** The server has taken a save. */
function saved(desk, flow, image, { rev, mended, gone }, sent) {
  const page = flow.pages.get(image);
  const known = flow.loaded.get(image);
  if (known) known.stale = true;
  if (!page) return;
  page.rev = rev;
  page.base = sent.regions;
  flow.found(page, !gone);
  if (mended.length) {
    const better = new Map(mended.map((region) => [region.id, region]));
    const fit = (region) => {
      const good = better.get(region.id);
      return good ? { ...region, points: good.points, text: good.text, origin: good.origin } : region;
    };
    page.history.amend({ regions: page.history.present.regions.map(fit) });
    page.base = page.base.map(fit);
  }
  if (desk.page === page) desk.render();
}

function showSync(parts, root, state, waiting, message) {
  root.dataset.sync = state;
  root.dataset.waiting = String(waiting);
  parts.sync.dataset.state = state;
  parts.sync.title = message ?? "";
  parts.sync.replaceChildren(t(`sync.${state}`, { n: waiting }));
  if (state === "login") {
    parts.sync.append(" ", make("a", { href: "/login?next=/label", target: "_blank" }, t("login")));
  }
}

function progress(parts, total, waiting) {
  if (!total) return;
  const done = total - waiting;
  parts.progress.textContent = t("progress", { done, total });
  parts.bar.style.width = `${(100 * done) / total}%`;
}

function who(parts, me) {
  parts.who.textContent = me.name === "local" ? "" : me.name;
  if (me.name === "local") return;
  const out = make("button", { type: "button", class: "al-link", title: t("logout"), onclick: async () => {
    await fetch("/api/logout", { method: "POST" }).catch(() => {});
    location.assign("/login");
  } }, "⎋");
  parts.who.append(" ", out);
}

function nav(parts, settings) {
  const links = (settings.pages ?? []).map((page) => make("a", {
    href: page.path, ...(location.pathname === page.path ? { "aria-current": "page" } : {}),
  }, chinese ? page.zh : page.en));
  parts.nav.replaceChildren(...links);
}

/** Keys, buttons, and the moments at which nothing may be lost. */
function listen(desk, run, clock, sync) {
  const place = (target) => {
    if (desk.parts.dialog.open) return "other";
    if (target === desk.editor.field) return "field";
    return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") ? "other" : "canvas";
  };
  document.addEventListener("keydown", (event) => {
    clock.tick();
    const where = place(event.target);
    if (event.key === " " && where === "canvas") {
      event.preventDefault();
      desk.tools.space = true;
      return;
    }
    const action = where === "field" && desk.single()?.direction === "ttb" ? columnAction(event) : actionOf(event, where);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    const digit = action === "reading" ? Number(event.code.startsWith("Digit") ? event.code.slice(5) : event.key) : undefined;
    run(action, digit, event);
  }, true);
  document.addEventListener("keyup", (event) => { if (event.key === " ") desk.tools.space = false; }, true);
  desk.root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-action]") : null;
    if (!button) return;
    button.blur();
    run(button.dataset.action);
  });
  for (const name of ["pointerdown", "wheel"]) desk.root.addEventListener(name, () => clock.tick(), { passive: true });
  window.addEventListener("online", () => sync.flush());
  window.addEventListener("focus", () => sync.flush());
  document.addEventListener("visibilitychange", () => { if (document.hidden) { sync.keep(); sync.flush(); clock.stop(); } });
  window.addEventListener("pagehide", () => { sync.keep(); clock.stop(); if (desk.page) routes.leave(desk.page.id).catch(() => {}); });
  window.addEventListener("beforeunload", (event) => {
    sync.keep();
    sync.flush();
    if (sync.waiting && !sync.storage.lasting) event.preventDefault();
  });
}

/** Ask until the server answers: it may be starting. */
async function untilAnswered(work, parts) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      parts.sync.textContent = t("sync.offline", { n: 0 });
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

