/** Bytes in texts: how the weights and pictures travel. */

/** @typedef {import("./types.js").Rounded} Rounded */

/**
 * @param {string} text deflated bytes as base64
 * @returns {Promise<Uint8Array>}
 */
export async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @returns {boolean} whether the browser can read what the page holds */
export function canInflate() {
  return "DecompressionStream" in window;
}

/**
 * The weights of a network by epoch, which are written as whole numbers times scales.
 * @param {Rounded} rounded
 * @returns {Promise<Vectors>}
 */
export async function vectorsOf(rounded) {
  const codes = await Promise.all(rounded.codes.map(inflated));
  // Epochs after the first are changes from the next: from the last one backwards they become whole.
  for (let row = codes.length - 2; row >= 0; row--) {
    if (!rounded.epochs[row]) continue;
    for (let i = 0; i < codes[row].length; i++) codes[row][i] += codes[row + 1][i]; // modulo 256
  }
  return new Vectors(rounded, codes);
}

export class Vectors {
  /**
   * @param {Rounded} rounded
   * @param {Uint8Array[]} codes by epoch
   */
  constructor(rounded, codes) {
    this.rounded = rounded;
    this.codes = codes;
  }

  /**
   * @param {number} row which of the epochs
   * @returns {Float32Array} all weights and biases, one after the other
   */
  at(row) {
    const codes = new Int8Array(this.codes[row].buffer);
    const out = new Float32Array(codes.length);
    let i = 0;
    this.rounded.sizes.forEach((size, parameter) => {
      const scale = this.rounded.scales[row][parameter];
      for (const end = i + size; i < end; i++) out[i] = codes[i] * scale;
    });
    return out;
  }
}
