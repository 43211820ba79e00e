/** Bytes in texts: how the weights and pictures travel. */

/**
 * @param {string} text base64
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * Undo the packing of zeros: 0 and n stand for n of them.
 * @param {Uint8Array} bytes
 * @param {number} length
 */
export function unpackedZeros(bytes, length) {
  const out = new Uint8Array(length);
  for (let i = 0, at = 0; i < bytes.length; i++) {
    if (bytes[i]) out[at++] = bytes[i];
    else at += bytes[++i];
  }
  return out;
}

/**
 * Return the numbers in little-endian float16: sign, 5 bits exponent, 10 bits fraction.
 * @param {Uint8Array} bytes
 * @returns {Float32Array}
 */
export function halves(bytes) {
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) {
    const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    out[i] = bits & 0x8000 ? -size : size;
  }
  return out;
}
