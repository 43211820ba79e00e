/** One unit number by number: patch × filter = products, their sum, and what happens to it. */

import { colour, ink, isDark, light, paint, reach } from "./colour.js";
import { decimal, digitsFor, find, make, onClick, refill, setText } from "./elements.js";
import { followed, originOf, seenBy, sumOf } from "./explain.js";
import { asMaps } from "./ways.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Sum} Sum */
/** @typedef {import("./types.js").Next} Next */

const WRITTEN = 7; // windows up to so many rows and columns are shown as numbers, larger ones as pictures
const STRONGEST = 8; // subtotals that are listed one by one; half of them in large type

export class DetailView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.sheet = find("detail", HTMLElement);
    this.map = find("bigmap", HTMLCanvasElement);
    this.mark = find("mark", HTMLElement);
    /** The input channel whose numbers are shown; null for the one that adds most. @type {number | null} */
    this.channel = null;
    onClick("close", () => this.close());
    onClick("switch", () => this.app.toggle());
    this.map.addEventListener("keydown", (event) => this.onKey(event));
    this.map.addEventListener("click", (event) => {
      const box = this.map.getBoundingClientRect();
      this.move((event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width);
    });
  }

  close() {
    const { state } = this.app;
    const button = document.querySelectorAll("#maps button")[state.unit?.channel ?? 0];
    this.app.change({ unit: null });
    if (button instanceof HTMLElement) button.focus();
  }

  /**
   * Go to a place of the map.
   * @param {number} down 0 to 1
   * @param {number} along
   */
  move(down, along) {
    const { state, layers } = this.app;
    const [, height, width] = asMaps(layers[state.layer].output);
    if (!state.unit) return;
    const row = Math.max(0, Math.min(height - 1, Math.floor(down * height)));
    const col = Math.max(0, Math.min(width - 1, Math.floor(along * width)));
    this.app.change({ unit: { channel: state.unit.channel, row, col } });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { state, layers } = this.app;
    const [, height, width] = asMaps(layers[state.layer].output);
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!state.unit || !(dx || dy)) return;
    event.preventDefault();
    this.move((state.unit.row + dy + 0.5) / height, (state.unit.col + dx + 0.5) / width);
  }

  update() {
    const { app } = this;
    const { state, layers, view, say } = app;
    const out = view.pass.outputs[state.layer];
    this.sheet.hidden = !state.unit || !out || app.isSecret(state.layer);
    document.body.classList.toggle("detailed", !this.sheet.hidden);
    if (!state.unit || !out || this.sheet.hidden) return;
    const layer = layers[state.layer];
    const [, height, width] = asMaps(layer.output);
    const name = app.nameOf(state.layer, state.unit.channel);
    const at = { row: state.unit.row + 1, col: state.unit.col + 1 };
    find("which", HTMLElement).textContent =
      height * width > 1 ? say("detail.place", { layer: layer.name, name, ...at }) : `${layer.name} · ${name}`;
    const box = seenBy(layers, state.layer, state.unit);
    const field = `${box.bottom - box.top + 1}×${box.right - box.left + 1}`;
    setText("field", say("detail.field", { field }));
    const toggle = find("switch", HTMLButtonElement);
    toggle.hidden = !app.canSwitch(state.layer);
    const off = app.isOff(state.layer, state.unit.channel);
    toggle.textContent = say(off ? "detail.on" : "detail.off");
    toggle.setAttribute("aria-pressed", String(off));
    this.paintMap(out.subarray(state.unit.channel * height * width), height, width, view.scale);
    refill(find("steps", HTMLElement), this.steps());
  }

  /**
   * @param {Float32Array} values
   * @param {number} height
   * @param {number} width
   * @param {number} scale
   */
  paintMap(values, height, width, scale) {
    const { unit } = this.app.state;
    find("mapbox", HTMLElement).hidden = height * width < 2;
    paint(this.map, values, height, width, (value) => colour(value, scale));
    this.mark.style.top = `${(100 * (unit?.row ?? 0)) / height}%`;
    this.mark.style.left = `${(100 * (unit?.col ?? 0)) / width}%`;
    this.mark.style.height = `${100 / height}%`;
    this.mark.style.width = `${100 / width}%`;
  }

  /** @returns {Node[]} */
  steps() {
    const { state, network, view, say } = this.app;
    if (!state.unit) return [];
    const origin = originOf(network, view.pass, state.layer, state.unit);
    const after = followed(network, view.pass, origin.layer, origin.unit, origin.passed);
    const sum = origin.layer < 0 ? null : sumOf(network, view.pass, origin.layer, origin.unit);
    if (!sum) return [this.chain(null, after)];
    const list = [...sum.parts].sort((a, b) => Math.abs(b.subtotal) - Math.abs(a.subtotal));
    const part = sum.parts.find((one) => one.channel === this.channel) ?? list[0];
    const nodes = [];
    if (part.rows * part.cols > 1) nodes.push(this.product(origin.layer, part, sum.weights));
    if (sum.parts.length > 1) nodes.push(this.subtotals(origin.layer, sum, list, part));
    nodes.push(this.chain(sum, after));
    if (this.app.isOff(origin.layer, origin.unit.channel)) nodes.push(make("p", { class: "note" }, say("detail.is_off")));
    return nodes;
  }

  /**
   * patch × filter = products
   * @param {number} k
   * @param {Part} part
   * @param {string} weights the key of what its weights are called, or ""
   */
  product(k, part, weights) {
    const { say } = this.app;
    const first = this.app.layers[k].reads[0] < 0;
    const source = first ? say("detail.pixels") : this.source(k, part);
    const filter = weights ? say(weights) : this.filterOf(k);
    const grid = make("div", { class: "product" });
    // A sign stays with what follows it, wherever there is room for that.
    const factor = (/** @type {string} */ sign, /** @type {HTMLElement} */ table) =>
      make("div", { class: "factor" }, make("span", { class: "sign" }, sign), table);
    grid.append(
      this.table(part, part.patch, source, first),
      factor("×", this.table(part, part.kernel, filter)),
      factor("=", this.table(part, part.products, say("detail.products"))),
    );
    return grid;
  }

  /**
   * What to call an input channel of a layer: by the layer that it comes from.
   * @param {number} k
   * @param {Part} part
   */
  source(k, { channel, way }) {
    const { layers } = this.app;
    const before = layers[layers[k].reads[way ?? 0]];
    return before ? `${before.name} · ${channel + 1}` : this.app.say("name.channel", { n: channel + 1 });
  }

  /** @param {number} k the layer of the weighted sum */
  filterOf(k) {
    const { state } = this.app;
    return state.unit ? this.app.nameOf(k, state.unit.channel) : "";
  }

  /**
   * @param {Part} part
   * @param {Float32Array} values
   * @param {string} title
   * @param {boolean} [pixels] whether they are pixels, shown as ink or light
   */
  table(part, values, title, pixels = false) {
    const scale = reach(values);
    const seen = this.app.content.look === "ink" ? ink : light;
    const shade = pixels ? seen : (/** @type {number} */ value) => colour(value, scale);
    if (part.rows > WRITTEN || part.cols > WRITTEN) {
      const canvas = make("canvas", { role: "img", "aria-label": title });
      paint(canvas, values, part.rows, part.cols, shade);
      return make("figure", {}, make("figcaption", {}, title), canvas);
    }
    const [digits, factor, unit] = compact(scale);
    const table = make("table", {}, make("caption", {}, title + unit));
    for (let row = 0; row < part.rows; row++) {
      const line = table.insertRow();
      for (let col = 0; col < part.cols; col++) {
        const value = values[row * part.cols + col];
        const cell = line.insertCell();
        const rgb = shade(value);
        cell.textContent = value ? decimal(value * factor, digits) : "0";
        cell.style.background = `rgb(${rgb.map(Math.round).join(" ")})`;
        cell.style.color = isDark(rgb) ? "#fff" : "#000";
      }
    }
    return table;
  }

  /**
   * What each input channel adds, the strongest first.
   * @param {number} k
   * @param {Sum} sum
   * @param {Part[]} list
   * @param {Part} chosen
   */
  subtotals(k, sum, list, chosen) {
    const { say } = this.app;
    const most = Math.abs(list[0].subtotal);
    const digits = digitsFor(most);
    const single = chosen.rows * chosen.cols === 1;
    const listed = this.app.state.big ? STRONGEST / 2 : STRONGEST;
    const items = list.slice(0, listed).map((part) => {
      const bar = make("i", { class: part.subtotal < 0 ? "minus" : "plus" });
      bar.style.width = `${most ? (50 * Math.abs(part.subtotal)) / most : 0}%`;
      const name = this.source(k, part);
      const how = single && !sum.plain ? `${decimal(part.patch[0], 2)} × ${decimal(part.kernel[0], 2)} = ` : "";
      const row = make("button", { type: "button", "data-key": String(part.way ?? part.channel) });
      row.append(make("span", {}, name), make("span", { class: "track" }, bar), make("b", {}, how + decimal(part.subtotal, digits)));
      row.setAttribute("aria-pressed", String(!single && part === chosen));
      row.addEventListener("click", () => {
        this.channel = part.channel;
        this.update();
      });
      return make("li", {}, row);
    });
    const rest = list.slice(listed).reduce((total, part) => total + part.subtotal, 0);
    const others = list.length - items.length;
    const title = say(single ? "detail.inputs" : "detail.subtotals", { n: sum.parts.length });
    const note = others > 0 ? [make("p", { class: "rest" }, say("detail.rest", { n: others, sum: decimal(rest, digits) }))] : [];
    return make("div", { class: "subtotals" }, make("h3", {}, title), make("ol", {}, ...items), ...note);
  }

  /**
   * sum + bias → activation → max
   * @param {Sum | null} sum null where no weights come before
   * @param {Next[]} after
   */
  chain(sum, after) {
    const { layers, say } = this.app;
    const list = make("ol", { class: "chain" });
    const scale = Math.max(Math.abs(sum?.value ?? 0), ...after.map((step) => Math.abs(step.value)));
    const write = (/** @type {number} */ value) => decimal(value, Math.max(3, digitsFor(scale)));
    if (sum) {
      const products = write(sum.value - sum.bias);
      const bias = make("span", { title: say("detail.bias") }, write(Math.abs(sum.bias)));
      const sign = sum.bias < 0 ? "\u2212" : "+";
      const title = make("small", {}, say(sum.plain ? "detail.plain" : "detail.sum"));
      const terms = sum.plain ? [] : [`${products} ${sign} `, bias, " = "];
      list.append(make("li", {}, title, ...terms, make("b", {}, write(sum.value))));
    }
    for (const step of after) {
      const { name, settings } = layers[step.layer];
      const item = make("li", {}, make("small", {}, say(step.label, { ...settings, layer: name })));
      if (step.window.length && step.window.length <= WRITTEN ** 2) item.append(this.window(step, write));
      else item.append("→ ", make("b", {}, write(step.value)));
      list.append(item);
    }
    return list;
  }

  /**
   * The numbers that a pooling chose from, and the largest; or their mean.
   * @param {Next} step
   * @param {(value: number) => string} write
   */
  window(step, write) {
    const { say } = this.app;
    const table = make("table", { class: "window", "aria-label": say(step.mean ? "detail.meant" : "detail.window") });
    for (let from = 0; from < step.window.length; from += step.cols) {
      const line = table.insertRow();
      for (let i = from; i < from + step.cols; i++) {
        const cell = line.insertCell();
        cell.textContent = write(step.window[i]);
        if (i === step.largest && !step.mean) cell.classList.add("largest");
        if (i === step.own) cell.classList.add("own");
      }
    }
    const passed = step.own === step.largest || step.window[step.own] === step.value;
    const fate = step.mean ? "detail.counts" : passed ? "detail.passed" : "detail.lost";
    return make("span", { class: "pool" }, table, "→ ", make("b", {}, write(step.value)), make("small", {}, say(fate)));
  }
}

/**
 * How to write numbers in little room: small ones as thousandths, or millionths.
 * @param {number} scale
 * @returns {[number, number, string]} digits, factor, and what to add to the title
 */
function compact(scale) {
  if (scale >= 0.01 || !scale) return [scale >= 10 ? 1 : 2, 1, ""];
  const [factor, unit] = scale >= 1e-5 ? [1e3, " ×10⁻³"] : [1e6, " ×10⁻⁶"];
  return [scale * factor >= 10 ? 1 : 2, factor, unit];
}
