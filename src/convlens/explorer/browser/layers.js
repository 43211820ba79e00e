/**
 * What each layer computes for one picture: the page's twins of `convlens.layers`.
 * Arrays are flat, in the order (channels, rows, columns). A layer that is not in `TWINS` has no twin.
 */

/** @typedef {import("./types.js").Layer} Layer */

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
function padded(layer, x, border) {
  const [channels, height, width] = asMaps(layer.input);
  const [pv, ph] = layer.pad;
  if (!pv && !ph) return { x, height, width };
  const [h, w] = [height + 2 * pv, width + 2 * ph];
  const out = new Float32Array(channels * h * w).fill(border);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < height; i++) {
      const row = x.subarray((c * height + i) * width, (c * height + i + 1) * width);
      out.set(row, (c * h + i + pv) * w + ph);
    }
  }
  return { x: out, height: h, width: w };
}

/**
 * out[f, i, j] = Σ_{c,u,v} x[c, i·step + u - pad, j·step + v - pad] · W[f, c, u, v] + b[f]
 * @param {Layer} layer
 * @param {Float32Array} given
 * @param {Float32Array} vector
 */
function convolution(layer, given, vector) {
  const channels = layer.input[0];
  const [filters, oh, ow] = asMaps(layer.output);
  const [[kh, kw], [sv, sh]] = [layer.window, layer.step];
  const { x, height, width } = padded(layer, given, 0);
  const out = new Float32Array(filters * oh * ow);
  let at = layer.weights;
  for (let f = 0; f < filters; f++) {
    const map = out.subarray(f * oh * ow, (f + 1) * oh * ow).fill(vector[layer.biases + f]);
    for (let c = 0; c < channels; c++) {
      for (let u = 0; u < kh; u++) {
        for (let v = 0; v < kw; v++) {
          const weight = vector[at++];
          for (let i = 0, o = 0; i < oh; i++) {
            let from = (c * height + i * sv + u) * width + v;
            for (let j = 0; j < ow; j++, o++, from += sh) map[o] += x[from] * weight;
          }
        }
      }
    }
  }
  return out;
}

/**
 * out[c, i, j] = max_{u,v} x[c, i·step + u - pad, j·step + v - pad]; the border counts as -∞
 * @param {Layer} layer
 * @param {Float32Array} given
 */
function pooling(layer, given) {
  const [channels, oh, ow] = asMaps(layer.output);
  const [[kh, kw], [sv, sh]] = [layer.window, layer.step];
  const { x, height, width } = padded(layer, given, -Infinity);
  const out = new Float32Array(channels * oh * ow);
  for (let c = 0, o = 0; c < channels; c++) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++, o++) {
        let most = -Infinity;
        for (let u = 0; u < kh; u++) {
          const from = (c * height + i * sv + u) * width + j * sh;
          for (let v = 0; v < kw; v++) most = Math.max(most, x[from + v]);
        }
        out[o] = most;
      }
    }
  }
  return out;
}

/**
 * out = x · W + b; inputs that are 0 add nothing
 * @param {Layer} layer
 * @param {Float32Array} x
 * @param {Float32Array} vector
 */
function affine(layer, x, vector) {
  const units = layer.output[0];
  const out = vector.slice(layer.biases, layer.biases + units);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue;
    for (let j = 0, at = layer.weights + i * units; j < units; j++, at++) out[j] += value * vector[at];
  }
  return out;
}

/** @param {number} value */
const positive = (value) => (value > 0 ? value : 0);

/** @param {number} value */
const squeezed = (value) => 1 / (1 + Math.exp(-value));

/** The layers that work on every number by itself. @type {Record<string, ((value: number) => number) | undefined>} */
export const ELEMENTWISE = { relu: positive, sigmoid: squeezed };

/** @type {Record<string, ((layer: Layer, x: Float32Array, vector: Float32Array) => Float32Array) | undefined>} */
export const TWINS = {
  convolution,
  pooling,
  affine,
  relu: (_, x) => x.map(positive),
  sigmoid: (_, x) => x.map(squeezed),
};

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
