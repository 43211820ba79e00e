/** How one number of a layer came about: what it was summed from, and what happens to it. */

import { ELEMENTWISE, asMaps } from "./layers.js";

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {import("./types.js").Pass} Pass */
/** @typedef {import("./types.js").Next} Next */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./network.js").Network} Network */

/**
 * @param {Layer} layer
 * @param {Unit} unit
 */
export function placeOf(layer, unit) {
  const [, height, width] = asMaps(layer.output);
  return (unit.channel * height + unit.row) * width + unit.col;
}

/**
 * @param {Layer} layer
 * @param {number} place
 * @returns {Unit}
 */
export function unitAt(layer, place) {
  const [, height, width] = asMaps(layer.output);
  return { channel: Math.floor(place / (height * width)), row: Math.floor(place / width) % height, col: place % width };
}

/**
 * The rows and columns of a layer's input that one of its outputs looks at, borders included.
 * @param {Layer} layer
 * @param {number} row
 * @param {number} col
 */
function windowOf(layer, row, col) {
  const [, height, width] = asMaps(layer.input);
  if (layer.kind === "affine") return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
  const [top, left] = [row * layer.step[0] - layer.pad[0], col * layer.step[1] - layer.pad[1]];
  return { top, left, bottom: top + layer.window[0] - 1, right: left + layer.window[1] - 1 };
}

/**
 * The pixels of the picture that a unit sees: its receptive field.
 * @param {Layer[]} layers
 * @param {number} k
 * @param {Unit} unit
 */
export function seenBy(layers, k, unit) {
  let box = { top: unit.row, left: unit.col, bottom: unit.row, right: unit.col };
  for (; k >= 0; k--) {
    const [, height, width] = asMaps(layers[k].input);
    const [first, last] = [windowOf(layers[k], box.top, box.left), windowOf(layers[k], box.bottom, box.right)];
    box = {
      top: Math.max(first.top, 0),
      left: Math.max(first.left, 0),
      bottom: Math.min(last.bottom, height - 1),
      right: Math.min(last.right, width - 1),
    };
  }
  return box;
}

/**
 * The numbers that a pooling chose from; those beyond the border are left out.
 * @param {Layer} layer
 * @param {Float32Array} x
 * @param {Unit} unit of its output
 */
function chosenFrom(layer, x, unit) {
  const [, height, width] = asMaps(layer.input);
  const box = windowOf(layer, unit.row, unit.col);
  const found = [];
  for (let row = Math.max(box.top, 0); row <= Math.min(box.bottom, height - 1); row++) {
    for (let col = Math.max(box.left, 0); col <= Math.min(box.right, width - 1); col++) {
      found.push({ row, col, value: x[(unit.channel * height + row) * width + col] });
    }
  }
  return found;
}

/**
 * Follow a unit back to the weighted sum that it came from; through a pooling, to the largest number.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k
 * @param {Unit} unit
 * @returns {{layer: number, unit: Unit, poolings: Map<number, Unit>}} layer -1: a pixel of the picture
 */
export function originOf(network, pass, k, unit) {
  const poolings = new Map();
  let now = unit;
  for (; k >= 0 && network.layers[k].weights < 0; k--) {
    if (network.layers[k].kind !== "pooling") continue;
    poolings.set(k, now);
    const from = chosenFrom(network.layers[k], pass.outputs[k - 1] ?? pass.x, now);
    const best = from.reduce((a, b) => (b.value > a.value ? b : a));
    now = { channel: now.channel, row: best.row, col: best.col };
  }
  return { layer: k, unit: now, poolings };
}

/**
 * A weighted sum, channel by channel: patch × kernel = products, their subtotal.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k a layer with weights
 * @param {Unit} unit
 * @returns {import("./types.js").Sum}
 */
export function sumOf(network, pass, k, unit) {
  const layer = network.layers[k];
  const x = pass.outputs[k - 1] ?? pass.x;
  const parts = [];
  for (let c = 0; c < asMaps(layer.input)[0]; c++) parts.push(partOf(layer, network.vector, x, unit, c));
  const bias = network.vector[layer.biases + unit.channel];
  return { parts, bias, value: parts.reduce((sum, part) => sum + part.subtotal, bias) };
}

/**
 * @param {Layer} layer
 * @param {Float32Array} vector
 * @param {Float32Array} x
 * @param {Unit} unit
 * @param {number} channel
 * @returns {Part}
 */
function partOf(layer, vector, x, unit, channel) {
  const [channels, height, width] = asMaps(layer.input);
  const box = windowOf(layer, unit.row, unit.col);
  const [rows, cols] = [box.bottom - box.top + 1, box.right - box.left + 1];
  const [patch, kernel] = [new Float32Array(rows * cols), new Float32Array(rows * cols)];
  for (let i = 0; i < rows * cols; i++) {
    const [row, col] = [box.top + Math.floor(i / cols), box.left + (i % cols)];
    const inside = row >= 0 && row < height && col >= 0 && col < width;
    patch[i] = inside ? x[(channel * height + row) * width + col] : 0;
    const conv = (unit.channel * channels + channel) * rows * cols + i;
    const flat = (channel * rows * cols + i) * layer.output[0] + unit.channel;
    kernel[i] = vector[layer.weights + (layer.kind === "affine" ? flat : conv)];
  }
  const products = patch.map((value, i) => value * kernel[i]);
  return { channel, rows, cols, patch, kernel, products, subtotal: products.reduce((a, b) => a + b, 0) };
}

/**
 * What happens to a number up to the next weighted sum: activations, and the poolings it competes in.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k
 * @param {Unit} unit
 * @param {Map<number, Unit>} poolings the pooling windows that are asked for
 * @returns {Next[]}
 */
export function followed(network, pass, k, unit, poolings) {
  const steps = [];
  let now = unit;
  for (k++; k < network.layers.length && network.layers[k].weights < 0; k++) {
    const [layer, out] = [network.layers[k], pass.outputs[k]];
    if (!out) break;
    /** @type {Next} */
    const step = { layer: k, kind: layer.kind, value: 0, window: [], cols: 1, largest: 0, own: 0 };
    if (!ELEMENTWISE[layer.kind]) {
      const from = now;
      const over = poolings.get(k) ?? windowHolding(layer, from);
      if (!over) break;
      const found = chosenFrom(layer, pass.outputs[k - 1] ?? pass.x, over);
      step.window = found.map((f) => f.value);
      step.cols = found.filter((f) => f.row === found[0].row).length;
      step.largest = step.window.indexOf(Math.max(...step.window));
      step.own = found.findIndex((f) => f.row === from.row && f.col === from.col);
      now = over;
    }
    step.value = out[placeOf(layer, now)];
    steps.push(step);
  }
  return steps;
}

/**
 * The first pooling window that holds a number, or null where the strides leave it out.
 * @param {Layer} layer
 * @param {Unit} unit of its input
 * @returns {Unit | null}
 */
function windowHolding(layer, unit) {
  const [, oh, ow] = asMaps(layer.output);
  for (let row = 0; row < oh; row++) {
    for (let col = 0; col < ow; col++) {
      const box = windowOf(layer, row, col);
      const inside = unit.row >= box.top && unit.row <= box.bottom && unit.col >= box.left && unit.col <= box.right;
      if (inside) return { channel: unit.channel, row, col };
    }
  }
  return null;
}
