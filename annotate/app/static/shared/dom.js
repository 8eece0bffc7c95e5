// Making elements. Texts are always set as text, never parsed as HTML.

/**
 * @param {string} tag
 * @param {Record<string, any>} props className, title, on* handlers, dataset, and attributes
 * @param {...(Node | string | null | undefined)} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  fill(node, props);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** As `el`, in SVG. @param {string} tag @param {Record<string, any>} props @param {...(Node | string)} children @returns {any} */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.setAttribute("class", value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** @param {any} node @param {Record<string, any>} props */
function fill(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name === "dataset") Object.assign(node.dataset, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, String(value));
  }
}

/** A name that shows its end where its place is too narrow: names of one folder differ there. @param {string} name */
export function tail(name) {
  return el("span", { title: name, className: "as-tail" }, el("bdi", { dir: "ltr" }, name));
}

export const chinese = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("zh");

/** Words of one page, chosen by the browser's language. @param {Record<string, string>} en @param {Record<string, string>} zh */
export function translator(en, zh) {
  const words = chinese ? zh : en;
  return (/** @type {string} */ key, /** @type {Record<string, any>} */ values = {}) =>
    (words[key] ?? en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
