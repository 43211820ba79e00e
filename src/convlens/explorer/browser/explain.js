/** How one number of a layer came about: what it was summed from, and what happens to it. */

import { makesChannels, twinOf } from "./network.js";
import { asMaps } from "./ways.js";

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").Pass} Pass */
/** @typedef {import("./types.js").Next} Next */
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
 * The rows and columns of a layer's input that one of its outputs looks at, borders included; all of them where
 * the page does not know the layer.
 * @param {Layer} layer
 * @param {number} row
 * @param {number} col
 */
function windowOf(layer, row, col) {
  const [, height, width] = asMaps(layer.input);
  return twinOf(layer)?.window(layer, row, col) ?? { top: 0, left: 0, bottom: height - 1, right: width - 1 };
}

/**
 * The pixels of the picture that a unit sees: its receptive field.
 * @param {Layer[]} layers
 * @param {number} k
 * @param {Unit} unit
 */
export function seenBy(layers, k, unit) {
  const own = { top: unit.row, left: unit.col, bottom: unit.row, right: unit.col };
  /** @type {Map<number, Box>} what is seen of each layer's output; -1 is the picture */
  const seen = new Map([[k, own]]);
  for (; k >= 0; k--) {
    const box = seen.get(k);
    if (!box) continue;
    const [, height, width] = asMaps(layers[k].input);
    const [first, last] = [windowOf(layers[k], box.top, box.left), windowOf(layers[k], box.bottom, box.right)];
    const before = {
      top: Math.max(first.top, 0),
      left: Math.max(first.left, 0),
      bottom: Math.min(last.bottom, height - 1),
      right: Math.min(last.right, width - 1),
    };
    for (const read of layers[k].reads) seen.set(read, around(before, seen.get(read) ?? before));
  }
  return seen.get(-1) ?? own;
}

/**
 * The box that holds two.
 * @param {Box} a
 * @param {Box} b
 * @returns {Box}
 */
function around(a, b) {
  const [top, left] = [Math.min(a.top, b.top), Math.min(a.left, b.left)];
  return { top, left, bottom: Math.max(a.bottom, b.bottom), right: Math.max(a.right, b.right) };
}

/**
 * How a number came about from its layer's input: a weighted sum, or one of the input's numbers.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k a layer with a twin
 * @param {Unit} unit
 */
function explained(network, pass, k, unit) {
  const layer = network.layers[k];
  const box = windowOf(layer, unit.row, unit.col);
  const [from, more] = layer.reads.map((read) => pass.outputs[read] ?? pass.x);
  return twinOf(layer)?.explain(layer, from, unit, network.vector, box, more ?? from) ?? {};
}

/**
 * Follow a unit back to the weighted sum that it came from; where a layer chose among numbers, to the chosen one.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k
 * @param {Unit} unit
 * @returns {{layer: number, unit: Unit, passed: Map<number, Unit>}} layer -1: a pixel of the picture; `passed`:
 *   the unit in each layer on the way
 */
export function originOf(network, pass, k, unit) {
  const passed = new Map();
  let now = unit;
  for (; k >= 0 && !makesChannels(network.layers[k]); k = network.layers[k].reads[0]) {
    passed.set(k, now);
    now = explained(network, pass, k, now).from ?? now;
  }
  return { layer: k, unit: now, passed };
}

/**
 * The weighted sum that a number is.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k a layer that makes its channels
 * @param {Unit} unit
 */
export function sumOf(network, pass, k, unit) {
  return explained(network, pass, k, unit).sum ?? null;
}

/**
 * What happens to a number up to the next weighted sum: activations, and the windows it competes in.
 * @param {Network} network
 * @param {Pass} pass
 * @param {number} k
 * @param {Unit} unit
 * @param {Map<number, Unit>} passed the units on the way that are asked for
 * @returns {Next[]}
 */
export function followed(network, pass, k, unit, passed) {
  const steps = [];
  let now = unit;
  const behind = (/** @type {number} */ from) => {
    const readers = [...network.layers.keys()].filter((reader) => network.layers[reader].reads.includes(from));
    return readers.find((reader) => passed.has(reader)) ?? readers[0] ?? -1; // where ways part, the one asked for
  };
  for (k = behind(k); k >= 0 && !makesChannels(network.layers[k]); k = behind(k)) {
    const [layer, out] = [network.layers[k], pass.outputs[k]];
    const to = passed.get(k) ?? windowHolding(layer, now);
    if (!out || !to) break;
    const { candidates: found = [], mean = false } = explained(network, pass, k, to);
    const values = found.map((f) => f.value);
    steps.push({
      layer: k,
      label: twinOf(layer)?.label.step ?? "",
      value: out[placeOf(layer, to)],
      window: values,
      cols: found.filter((f) => f.row === found[0].row).length,
      largest: values.indexOf(Math.max(...values)),
      own: found.findIndex((f) => f.row === now.row && f.col === now.col),
      mean,
    });
    now = to;
  }
  return steps;
}

/**
 * The first unit of a layer whose window holds a number, or null where the strides leave it out.
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
