/**
 * What the twins of layers are made of: windows that slide, weighted sums, one number at a time.
 * Arrays are flat, in the order (channels, rows, columns). Must not know any one layer.
 */

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Unit} Unit */
/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./types.js").Twin} Twin */

/**
 * Write (units,) as (units, 1, 1).
 * @param {number[]} shape
 * @returns {[number, number, number]}
 */
export function asMaps(shape) {
  return shape.length === 3 ? [shape[0], shape[1], shape[2]] : [shape[0], 1, 1];
}

/**
 * Surround every channel with a border.
 * @param {Layer} layer
 * @param {Float32Array} x
 * @param {number} border
 */
export function padded(layer, x, border) {
  const [channels, height, width] = asMaps(layer.input);
  const [[above, below], [left, right]] = layer.pad;
  if (!(above || below || left || right)) return { x, height, width };
  const [h, w] = [height + above + below, width + left + right];
  const out = new Float32Array(channels * h * w).fill(border);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      const row = x.subarray((c * height + i) * width, (c * height + i + 1) * width);
      out.set(row, (c * h + i + above) * w + left);
    }
  }
  return { x: out, height: h, width: w };
}

/**
 * The window of a layer whose windows slide over its input, borders included.
 * @param {Layer} layer
 * @param {number} row
 * @param {number} col
 * @returns {Box}
 */
export function slid(layer, row, col) {
  const [top, left] = [row * layer.step[0] - layer.pad[0][0], col * layer.step[1] - layer.pad[1][0]];
  return { top, left, bottom: top + layer.window[0] - 1, right: left + layer.window[1] - 1 };
}

/**
 * The input channels that one channel of a layer sees: those of its own group, where it has groups.
 * @param {Layer} layer
 * @param {number} channel
 */
export function seenBy(layer, channel) {
  const groups = layer.settings.groups ?? 1;
  const count = asMaps(layer.input)[0] / groups;
  return { first: Math.floor(channel / (layer.output[0] / groups)) * count, count };
}

/**
 * The numbers of an input channel in a window; those beyond the border are left out.
 * @param {Layer} layer
 * @param {Float32Array} x
 * @param {number} channel
 * @param {Box} box
 */
export function within(layer, x, channel, box) {
  const [, height, width] = asMaps(layer.input);
  const found = [];
  for (let row = Math.max(box.top, 0); row <= Math.min(box.bottom, height - 1); row++) {
    for (let col = Math.max(box.left, 0); col <= Math.min(box.right, width - 1); col++) {
      found.push({ row, col, value: x[(channel * height + row) * width + col] });
    }
  }
  return found;
}

/**
 * Explain a number as the mean of those in a window; that which is farthest from 0 is the one to follow.
 * @type {Twin["explain"]}
 */
export function meant(layer, x, unit, _, box) {
  const candidates = within(layer, x, unit.channel, box);
  const from = candidates.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  return { from: { channel: unit.channel, row: from.row, col: from.col }, candidates, mean: true };
}

/**
 * A twin that works on every number by itself.
 * @param {string} step the key of what it does, said with the layer's name and its settings
 * @param {(value: number, layer: Layer) => number} of
 * @returns {Twin}
 */
export function elementwise(step, of) {
  return {
    forward: (layer, x) => x.map((value) => of(value, layer)),
    window: (_, row, col) => ({ top: row, left: col, bottom: row, right: col }),
    explain: (_layer, _x, unit) => ({ from: unit, candidates: [] }),
    label: { step },
  };
}

/**
 * Explain a number as a weighted sum, channel by channel: patch × kernel = products, their subtotal.
 * @param {string} weights the key of what its weights are called; "" for the name of the channel they make
 * @param {(layer: Layer, unit: Unit, input: {channels: number, size: number, place: number}) => number} at
 *   where, behind the first, the weight stands that takes a unit's input: `place` counts over all channels of
 *   its window, of `size` numbers each
 * @returns {Twin["explain"]}
 */
export function summed(weights, at) {
  return function explain(layer, x, unit, vector, box) {
    const [, height, width] = asMaps(layer.input);
    const { first, count } = seenBy(layer, unit.channel);
    const [dv, dh] = layer.spacing;
    const [rows, cols] = [(box.bottom - box.top) / dv + 1, (box.right - box.left) / dh + 1];
    const size = rows * cols;
    const parts = Array.from({ length: count }, (_, k) => {
      const channel = first + k;
      const [patch, kernel] = [new Float32Array(size), new Float32Array(size)];
      for (let i = 0; i < size; i++) {
        const [row, col] = [box.top + Math.floor(i / cols) * dv, box.left + (i % cols) * dh];
        const inside = row >= 0 && row < height && col >= 0 && col < width;
        patch[i] = inside ? x[(channel * height + row) * width + col] : 0;
        kernel[i] = vector[layer.parameters.W + at(layer, unit, { channels: count, size, place: k * size + i })];
      }
      const products = patch.map((value, i) => value * kernel[i]);
      return { channel, rows, cols, patch, kernel, products, subtotal: products.reduce((a, b) => a + b, 0) };
    });
    const bias = vector[layer.parameters.b + unit.channel];
    return { sum: { parts, bias, weights, value: parts.reduce((sum, part) => sum + part.subtotal, bias) } };
  };
}

/**
 * Return exp(x) / Σ exp(x).
 * @param {Float32Array} scores
 */
export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
