/** Lines over the layers' tabs, for what a layer takes from further back than the layer before it. */

import { find, svg } from "./elements.js";

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {{start: number, end: number, lane: number}} Arc */

const LANE = 6; // from one line to the next above it
const APART = 4; // where a line ends, and the next begins, from a tab's middle
const ARROW = 3;

/**
 * The lines of a network, the shortest of those that meet below the others; start -1 is the picture.
 * @param {Layer[]} layers
 * @returns {Arc[]}
 */
export function arcsOf(layers) {
  /** @type {Arc[]} */
  const found = [];
  const asked = layers.flatMap((layer, end) => layer.reads.filter((read) => read < end - 1).map((start) => ({ start, end })));
  asked.sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const arc of asked) {
    const taken = found.filter((other) => arc.start < other.end && other.start < arc.end).map((other) => other.lane);
    let lane = 0;
    while (taken.includes(lane)) lane++;
    found.push({ ...arc, lane });
  }
  return found;
}

/** Draws them, anew whenever the tabs have moved. */
export class ArcsView {
  constructor() {
    this.tabs = find("layers", HTMLElement);
    this.path = svg("path");
    this.sheet = svg("svg", { "aria-hidden": "true" });
    this.sheet.append(this.path);
    /** @type {Arc[]} */
    this.arcs = [];
    new ResizeObserver(() => this.draw()).observe(this.tabs);
  }

  /** @param {Layer[]} layers of which there are tabs */
  show(layers) {
    this.arcs = arcsOf(layers);
    const lanes = Math.max(0, ...this.arcs.map(({ lane }) => lane + 1));
    this.tabs.style.setProperty("--lanes", `${lanes ? (lanes + 1) * LANE : 0}px`);
    find("arcs", HTMLElement).hidden = !lanes;
    this.tabs.append(this.sheet);
    this.draw();
  }

  draw() {
    const tabs = [...this.tabs.querySelectorAll("label")];
    const width = Math.max(0, ...tabs.map((tab) => tab.offsetLeft + tab.offsetWidth));
    const height = Math.max(0, ...tabs.map((tab) => tab.offsetTop + tab.offsetHeight));
    this.sheet.setAttribute("width", String(width));
    this.sheet.setAttribute("height", String(height));
    this.path.setAttribute("d", this.arcs.map((arc) => line(tabs, arc, width)).join(""));
  }
}

/**
 * A line from tab to tab, row by row, with its head.
 * @param {HTMLElement[]} tabs
 * @param {Arc} arc
 * @param {number} width of the rows
 */
function line(tabs, { start, end, lane }, width) {
  const middle = (/** @type {HTMLElement} */ tab) => tab.offsetLeft + tab.offsetWidth / 2;
  const rows = [...new Set(tabs.slice(Math.max(start, 0), end + 1).map((tab) => tab.offsetTop))];
  const drawn = rows.map((top, i) => {
    const y = top - (lane + 1) * LANE;
    const begins = i || start < 0 ? `M0 ${y}` : `M${middle(tabs[start]) + APART} ${top}V${y}`;
    return begins + (i < rows.length - 1 ? `H${width}` : `H${middle(tabs[end]) - APART}V${top}`);
  });
  return `${drawn.join("")}m${-ARROW} ${-ARROW}l${ARROW} ${ARROW}l${ARROW} ${-ARROW}`;
}
