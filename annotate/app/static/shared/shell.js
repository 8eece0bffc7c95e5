// The head of every page but Label, which has its own: where one can go, and who is here.

import { api } from "../label/api.js";
import { chinese, el, translator } from "./dom.js";

const t = translator({ logout: "Log out" }, { logout: "退出登录" });

/** @param {HTMLElement} root @param {{path: string, en: string, zh: string}[]} pages */
export async function start(root, pages) {
  if (chinese) document.documentElement.lang = "zh";
  const here = location.pathname.replace(/\/$/, "");
  const links = pages.map((page) => el("a", { href: page.path, "aria-current": page.path === here ? "page" : undefined }, chinese ? page.zh : page.en));
  const person = el("span", { className: "as-who" });
  root.replaceChildren(el("img", { src: "/ui/icon.svg", alt: "annotate", width: 22, height: 22 }), el("nav", {}, ...links), person);
  const page = pages.find((one) => one.path === here);
  if (page) document.title = `${chinese ? page.zh : page.en} · annotate`;
  const me = await api.me().catch(() => null);
  if (!me || me.name === "local") return;
  const out = el("button", { type: "button", onclick: async () => { await fetch("/api/logout", { method: "POST" }); location.assign("/login"); } }, t("logout"));
  person.replaceChildren(me.name, out);
}
