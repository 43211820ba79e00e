/** Making and finding elements, and filling in what the page says. Text is never HTML. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | (() => void)>} attributes functions are listeners for clicks
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type what it must be
 * @returns {T}
 */
export function find(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`#${id} is missing`);
  return element;
}

/**
 * @param {string} id of a button
 * @param {() => void} action
 */
export function onClick(id, action) {
  find(id, HTMLButtonElement).addEventListener("click", action);
}

/**
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  find(id, HTMLElement).textContent = text;
}

/**
 * Return what says the page's texts. Where one is missing, it is the name of what is talked about, so that no
 * view stops for want of a word.
 * @param {Record<string, string>} words key → text with {braces}
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
export function speaker(words) {
  return (key, values = {}) => {
    const one = `${key}.one`;
    const form = values.n === 1 && Object.hasOwn(words, one) ? one : key;
    if (!Object.hasOwn(words, form)) return String(values.layer ?? values.name ?? values.n ?? values.p ?? key);
    return words[form].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
}

/**
 * Shorten a long name in its middle: names of a set often begin alike.
 * @param {string} name
 * @param {number} most letters
 */
export function shortened(name, most) {
  const letters = [...name];
  const tail = Math.floor(most / 3);
  if (letters.length <= most) return name;
  return `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(-tail).join("")}`;
}

/**
 * Write a number with a real minus sign.
 * @param {number} value
 * @param {number} digits
 */
export function decimal(value, digits) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
}

/**
 * Write a share as a percentage; no share is all: what would be rounded to 100 is above 99.9.
 * @param {number} share 0 to 1
 * @param {(key: string, values: Record<string, string>) => string} say
 */
export function percentage(share, say) {
  if (share >= 0.9995) return say("number.above", { p: "99.9" });
  return say("number.percent", { p: (100 * share).toFixed(share > 0.99 ? 1 : 0) });
}

/**
 * Write a whole number with separators.
 * @param {number} n
 */
export function grouped(n) {
  return n.toLocaleString("en");
}

/**
 * Return how many decimals show numbers of this size.
 * @param {number} scale
 */
export function digitsFor(scale) {
  return Math.max(1, Math.min(5, 2 - Math.floor(Math.log10(scale || 1)) - (scale >= 0.1 && scale < 1 ? 1 : 0)));
}

/**
 * Replace the children, and give the focus back to the one with the same data-key.
 * @param {HTMLElement} parent
 * @param {Node[]} children
 */
export function refill(parent, children) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key === undefined) return;
  const again = [...parent.querySelectorAll("[data-key]")].find(
    (element) => element instanceof HTMLElement && element.dataset.key === key,
  );
  if (again instanceof HTMLElement) again.focus();
}
