/** The middle: the layers as tabs, and one layer's maps or units, all on one scale. */

import { ArcsView } from "./arcs-view.js";
import { colour, paint } from "./colour.js";
import { decimal, digitsFor, find, make, onClick, setText } from "./elements.js";
import { unitAt } from "./explain.js";
import { largest } from "./network.js";
import { asMaps } from "./ways.js";

/** @typedef {import("./app.js").App} App */

const FEW = 6; // maps on a phone, before "show all"
const GAP = 8; // between maps, and around all of them: as in the style sheet
const EDGE = 3;
const LARGEST = 232;
const SMALLEST = 18;
const SMALLEST_NAMED = 30;

export class MapsView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.grid = find("maps", HTMLElement);
    this.arcs = new ArcsView();
    this.all = false;
    /** Whose maps are shown: the layer. @type {import("./types.js").Layer | null} */
    this.shown = null;
    /** Whose layers the tabs are: the network. @type {import("./types.js").Held | null} */
    this.tabbed = null;
    /** @type {{button: HTMLButtonElement, canvas: HTMLCanvasElement, label: HTMLElement}[]} */
    this.cells = [];
    this.narrow = matchMedia("(max-width: 860px)");
    onClick("showall", () => {
      this.all = !this.all;
      this.update();
    });
    find("common", HTMLInputElement).addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) this.app.change({ common: event.target.checked });
    });
    window.addEventListener("resize", () => this.fit());
    this.narrow.addEventListener("change", () => this.update());
  }

  /** Make a tab for each layer of the network, unless they are there. */
  addTabs() {
    const { held, layers } = this.app;
    if (this.tabbed === held) return;
    this.tabbed = held;
    const tabs = layers.map((layer, k) => {
      const size = layer.output;
      const note = size.length === 3 ? `${size[0]} × ${size[1]}×${size[2]}` : String(size[0]);
      const input = make("input", { type: "radio", name: "layer", value: String(k) });
      input.addEventListener("change", () => this.app.change({ layer: k, unit: null }));
      return make("label", { title: held.titles[k] + this.further(k) }, input, make("b", {}, layer.name), make("small", {}, note));
    });
    const old = document.querySelectorAll("#layers label");
    for (const tab of old) tab.remove();
    find("layers", HTMLElement).append(...tabs);
    this.arcs.show(layers);
  }

  /**
   * What a layer takes, where that is not the layer before it.
   * @param {number} k
   */
  further(k) {
    const { layers, say } = this.app;
    const { reads } = layers[k];
    if (reads.length === 1 && reads[0] === k - 1) return "";
    return ` \u2190 ${reads.map((read) => layers[read]?.name ?? say("detail.pixels")).join(" + ")}`;
  }

  /** Make the cells of the layer, unless they are there. */
  rebuild() {
    const { layers, state, say } = this.app;
    const layer = layers[state.layer];
    if (this.shown === layer) return;
    this.shown = layer;
    const [channels, height, width] = asMaps(layer.output);
    this.cells = Array.from({ length: channels }, (_, channel) => {
      const canvas = make("canvas");
      const label = make("span", {}, this.app.nameOf(state.layer, channel, true));
      const button = make("button", { type: "button", class: "map" }, canvas, label);
      button.addEventListener("click", (event) => this.open(channel, event));
      return { button, canvas, label };
    });
    this.grid.replaceChildren(...this.cells.map((cell) => cell.button));
    this.grid.setAttribute("aria-label", say("maps.of", { layer: layer.name }));
    this.grid.classList.toggle("pictures", height * width > 1);
    this.grid.scrollTop = 0;
  }

  /**
   * Open the unit that was tapped, or with the keyboard the map's strongest.
   * @param {number} channel
   * @param {MouseEvent} event
   */
  open(channel, event) {
    const { layers, state, view } = this.app;
    const layer = layers[state.layer];
    const [, height, width] = asMaps(layer.output);
    const out = view.pass.outputs[state.layer];
    const box = this.cells[channel].canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const inside = event.detail > 0 && x >= 0 && x < 1 && y >= 0 && y < 1;
    const strongest = out ? largest(out.subarray(channel * height * width, (channel + 1) * height * width)) : 0;
    const { row, col } = unitAt(layer, strongest);
    const at = inside ? { row: Math.floor(y * height), col: Math.floor(x * width) } : { row, col };
    this.app.change({ unit: { channel, ...at } });
    if (event.detail === 0) find("bigmap", HTMLCanvasElement).focus();
  }

  update() {
    this.addTabs();
    this.rebuild();
    const { layers, state, view, say } = this.app;
    const layer = layers[state.layer];
    const [channels, height, width] = asMaps(layer.output);
    const out = view.pass.outputs[state.layer];
    find("stranger", HTMLElement).hidden = Boolean(out);
    for (const input of document.querySelectorAll("input[name=layer]")) {
      if (input instanceof HTMLInputElement) input.checked = Number(input.value) === state.layer;
    }
    const { scale } = view;
    find("common", HTMLInputElement).checked = state.common;
    setText("least", decimal(-scale, digitsFor(scale)));
    setText("most", decimal(scale, digitsFor(scale)));
    const size = height * width;
    const few = this.few(channels);
    const scores = this.app.isAnswer(state.layer);
    this.cells.forEach(({ button, canvas, label }, channel) => {
      const off = this.app.isOff(state.layer, channel);
      button.hidden = !out || !few.has(channel) || this.app.isSecret(state.layer);
      button.classList.toggle("off", off);
      button.classList.toggle("strongest", channel === view.strongest && !state.hidden);
      button.setAttribute("aria-pressed", String(state.unit?.channel === channel));
      if (!out || button.hidden) return;
      const values = out.subarray(channel * size, (channel + 1) * size);
      paint(canvas, values, height, width, (value) => colour(value, scale));
      const name = this.app.nameOf(state.layer, channel);
      const most = decimal(Math.max(...values), digitsFor(scale));
      if (scores) label.textContent = `${this.app.nameOf(state.layer, channel, true)}: ${most}`;
      button.setAttribute("aria-label", say(off ? "maps.label_off" : "maps.label", { name, most }));
    });
    this.fit();
  }

  /**
   * The channels to show: on a phone and in large type only the strongest, unless all are asked for.
   * @param {number} channels
   * @returns {Set<number>}
   */
  few(channels) {
    const { state, view, say } = this.app;
    const most = this.narrow.matches ? FEW : state.big ? 2 * FEW : channels;
    const button = find("showall", HTMLButtonElement);
    button.hidden = most >= channels;
    button.textContent = this.all ? say("maps.fewer", { n: most }) : say("maps.all", { n: channels });
    const order = Array.from({ length: channels }, (_, i) => i);
    if (this.all || most >= channels) return new Set(order);
    order.sort((a, b) => view.strengths[b] - view.strengths[a] || a - b);
    return new Set([...order.slice(0, most), ...(state.unit ? [state.unit.channel] : [])]);
  }

  /** Make the maps as large as the place for them allows; on a phone three stand side by side. */
  fit() {
    const [, height, width] = asMaps(this.app.layers[this.app.state.layer].output);
    const n = this.cells.filter((cell) => !cell.button.hidden).length;
    const [w, h] = [this.grid.clientWidth - 2 * EDGE, this.grid.clientHeight - 2 * EDGE];
    const phone = height * width > 1 ? Math.floor((w - 2 * GAP) / 3) : 44;
    let size = this.narrow.matches ? phone : LARGEST;
    const label = () => (size >= SMALLEST_NAMED ? 20 : 0);
    const rows = () => Math.ceil(n / Math.max(1, Math.floor((w + GAP) / (size + GAP))));
    const tall = () => rows() * ((size * height) / width + label() + GAP) - GAP;
    while (!this.narrow.matches && size > SMALLEST && tall() > h) size -= 1;
    this.grid.style.setProperty("--size", `${size}px`);
    this.grid.classList.toggle("tiny", !label());
  }
}
