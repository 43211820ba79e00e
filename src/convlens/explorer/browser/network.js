/** The network: its layers in order, run on one picture, with filters switched off. */

import { TWINS } from "./twins.js";
import { asMaps } from "./ways.js";

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Pass} Pass */

/**
 * Return what the page knows to compute of a layer; null for one that it does not know.
 * @param {Layer | undefined} layer
 */
export function twinOf(layer) {
  return (layer && Object.hasOwn(TWINS, layer.kind) && TWINS[layer.kind]) || null;
}

/**
 * Whether a layer makes its channels itself, from weighted sums, and does not pass on those of the one before.
 * @param {Layer} layer
 */
export function makesChannels(layer) {
  return Boolean(twinOf(layer)?.label.channel);
}

/**
 * The layer that a layer's channels were made by: itself, or the last one before it that makes channels.
 * @param {Layer[]} layers
 * @param {number} k
 * @returns {number} -1 if there is none
 */
export function makerOf(layers, k) {
  while (k >= 0 && !makesChannels(layers[k])) k = layers[k].reads[0];
  return k;
}

/**
 * Whether a layer has a score a class: the last one, and units that it passes on one by one.
 * @param {Layer[]} layers
 * @param {number} k
 */
export function isAnswer(layers, k) {
  const last = layers.length - 1;
  return k === last || (layers[k].output.length === 1 && makerOf(layers, k) === makerOf(layers, last));
}

export class Network {
  /**
   * @param {Layer[]} layers
   * @param {Float32Array} vector its weights and biases, one after the other
   */
  constructor(layers, vector) {
    this.layers = layers;
    this.vector = vector;
  }

  /**
   * Run a picture through all layers, as far as they have twins.
   * @param {Float32Array} x (channels, rows, columns), 0 to 1
   * @param {Set<string>} [off] switched-off filters, as "layer.channel"
   * @returns {Pass}
   */
  run(x, off = new Set()) {
    /** @type {(Float32Array | null)[]} */
    const outputs = [];
    for (const [k, layer] of this.layers.entries()) {
      const twin = twinOf(layer);
      const [from, more] = layer.reads.map((read) => (read < 0 ? x : outputs[read]));
      const known = twin && from && more !== null;
      const now = known ? twin.forward(layer, from, this.vector, more ?? from) : null;
      if (now && off.size) silence(now, layer, this.maker(k), off);
      outputs.push(now);
    }
    return { x, outputs };
  }

  /** The first layer that the page cannot compute, or null. */
  get stranger() {
    return this.layers.find((layer) => !twinOf(layer)) ?? null;
  }

  /** @param {number} k */
  maker(k) {
    return makerOf(this.layers, k);
  }
}

/**
 * Make the switched-off channels zero, also behind activation and pooling (a sigmoid of 0 is not 0).
 * @param {Float32Array} out
 * @param {Layer} layer
 * @param {number} owner
 * @param {Set<string>} off
 */
function silence(out, layer, owner, off) {
  const [channels, height, width] = asMaps(layer.output);
  for (let c = 0; c < channels; c++) {
    if (off.has(`${owner}.${c}`)) out.fill(0, c * height * width, (c + 1) * height * width);
  }
}

/**
 * Return the place of the largest number, the first of equals.
 * @param {ArrayLike<number>} values
 */
export function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
