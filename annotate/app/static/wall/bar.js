// What is shown, how far it is, and the button that settles a screen.

import { t } from "./strings.js";

const SIZES = [24, 48, 60, 96];
const SCORES = [0.5, 0.7, 0.8, 0.9, 0.95];

/** @param {{changed: () => void, settle: () => void, next: () => void, back: () => void}} acts */
export function bar(acts) {
  const node = document.createElement("header");
  node.className = "aw-bar";
  const batch = choice("batch", [["", t("pool")]]);
  const order = choice("order", [["score", t("order.score")], ["text", t("order.text")]]);
  const show = choice("show", [["todo", t("show.todo")], ["confirmed", t("show.confirmed")], ["all", t("show.all")]]);
  const score = choice("score", [["", t("any")], ...SCORES.map((value) => [String(value), String(value)])]);
  const size = choice("size", SIZES.map((value) => [String(value), String(value)]), "48");
  const text = document.createElement("input");
  text.type = "search";
  text.maxLength = 200;
  for (const field of [batch, order, show, score, size, text]) field.addEventListener("change", acts.changed);
  const counts = document.createElement("span");
  counts.className = "aw-counts";
  const back = button("back", t("back"), acts.back);
  const next = button("next", t("next"), acts.next);
  const settle = button("settle", t("settle"), acts.settle);
  const key = document.createElement("kbd");
  key.textContent = "Ctrl ↵";
  settle.append(key);
  node.append(
    labelled("batch", batch), labelled("order", order), labelled("show", show), labelled("score", score), labelled("find", text), labelled("size", size),
    counts, back, next, settle,
  );
  return {
    node,
    asked: () => ({
      batch: batch.value || undefined, order: order.value, limit: size.value, text: text.value || undefined,
      confirmed: show.value === "all" ? undefined : show.value === "confirmed", most_score: score.value || undefined,
    }),
    /** @param {{id: number, name: string}[]} all */
    batches: (all) => {
      const wanted = new URLSearchParams(location.search).get("batch") ?? batch.value;
      batch.replaceChildren(option("", t("pool")), ...all.map((one) => option(String(one.id), one.name)));
      if ([...batch.options].some((one) => one.value === wanted)) batch.value = wanted;
    },
    /** @param {{count: number, wrong: number, edited: number, back: boolean, next: boolean}} now */
    counts: (now) => {
      const parts = [t("count", { n: now.count })];
      if (now.wrong) parts.push(t("wrong", { n: now.wrong }));
      if (now.edited) parts.push(t("edited", { n: now.edited }));
      counts.textContent = parts.join(" · ");
      back.disabled = !now.back;
      next.disabled = !now.next;
      settle.disabled = now.count === 0;
    },
  };
}

/** @param {string} name @param {string[][]} options @param {string} [value] */
function choice(name, options, value) {
  const node = document.createElement("select");
  node.name = name;
  node.append(...options.map(([key, text]) => option(key, text)));
  if (value) node.value = value;
  return node;
}

/** @param {string} value @param {string} text */
function option(value, text) {
  const node = document.createElement("option");
  node.value = value;
  node.textContent = text;
  return node;
}

/** @param {string} name @param {HTMLElement} field */
function labelled(name, field) {
  const node = document.createElement("label");
  const word = document.createElement("span");
  word.textContent = t(name);
  node.append(word, field);
  return node;
}

/** @param {string} name @param {string} text @param {() => void} act */
function button(name, text, act) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = `aw-${name}`;
  node.textContent = text;
  node.addEventListener("click", act);
  return node;
}
