/**
 * From strokes to the picture that the network receives.
 * The pad is a fine raster, FINE dots a pixel; ink and covers are two layers of it, both 0 to 1.
 */

/** @typedef {import("./types.js").Stroke} Stroke */

export const FINE = 6;
const PEN = 1.35; // radius in pixels of a 28 × 28 picture: MNIST's own strokes are 2 to 4 pixels wide
const COVER = 3;
const BOX = 20 / 28; // MNIST's digits were fitted into 20 × 20 of 28 × 28 pixels

export class Pad {
  /**
   * @param {number} height of the picture, in pixels
   * @param {number} width
   */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    this.ink = new Float32Array(height * width * FINE * FINE);
    this.cover = new Float32Array(this.ink.length);
  }

  /** @param {Stroke[]} strokes */
  redraw(strokes) {
    this.ink.fill(0);
    this.cover.fill(0);
    for (const stroke of strokes) {
      for (let i = 0; i < stroke.points.length; i += 2) this.extend(stroke, i);
    }
  }

  /**
   * Draw a stroke's line from the point before `points[at]` to it.
   * @param {Stroke} stroke
   * @param {number} [at]
   */
  extend(stroke, at = stroke.points.length - 2) {
    const [w, h] = [this.width * FINE, this.height * FINE];
    const before = Math.max(at - 2, 0);
    const [x0, y0] = [(stroke.points[before] / 255) * w, (stroke.points[before + 1] / 255) * h];
    const [x1, y1] = [(stroke.points[at] / 255) * w, (stroke.points[at + 1] / 255) * h];
    const radius = (stroke.cover ? COVER : PEN) * (Math.min(this.height, this.width) / 28) * FINE;
    stamp(stroke.cover ? this.cover : this.ink, w, h, [x0, y0, x1, y1], radius);
  }

  /**
   * Return the drawing as (height, width) pixels.
   * @param {boolean} centred as MNIST was made, by box and centre of mass
   */
  picture(centred) {
    const seen = this.ink.map((ink, i) => ink * (1 - this.cover[i]));
    return this.shrunk(seen, centred ? frame(this.ink, this.height, this.width) : PLAIN);
  }

  /** Return how much of each pixel is covered. */
  covered() {
    return this.shrunk(this.cover, PLAIN);
  }

  /**
   * Spread every fine dot over the pixels that it falls into.
   * @param {Float32Array} dots
   * @param {{scale: number, x: number, y: number}} map pixel = scale · dot + (x, y)
   */
  shrunk(dots, { scale, x, y }) {
    const { height, width } = this;
    const out = new Float32Array(height * width);
    for (let i = 0; i < dots.length; i++) {
      if (!dots[i]) continue;
      const [top, left] = [y + scale * Math.floor(i / (width * FINE)), x + scale * (i % (width * FINE))];
      for (let row = Math.max(0, Math.floor(top)); row < Math.min(height, top + scale); row++) {
        for (let col = Math.max(0, Math.floor(left)); col < Math.min(width, left + scale); col++) {
          out[row * width + col] += dots[i] * share(top, scale, row) * share(left, scale, col);
        }
      }
    }
    return out.map((value) => Math.min(value, 1));
  }
}

/**
 * Lay a round brush along a line; what is darker stays.
 * @param {Float32Array} raster
 * @param {number} w
 * @param {number} h
 * @param {number[]} line x0, y0, x1, y1
 * @param {number} radius
 */
function stamp(raster, w, h, [x0, y0, x1, y1], radius) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy || 1;
  const soft = FINE * 0.6;
  const [reach, top] = [radius + soft, Math.max(0, Math.floor(Math.min(y0, y1) - radius - soft))];
  const bottom = Math.min(h - 1, Math.ceil(Math.max(y0, y1) + reach));
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(w - 1, Math.ceil(Math.max(x0, x1) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = Math.max(0, Math.min(1, ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / length2));
      const far = Math.hypot(x + 0.5 - x0 - along * dx, y + 0.5 - y0 - along * dy);
      const ink = Math.max(0, Math.min(1, (radius - far) / soft + 0.5));
      if (ink > raster[y * w + x]) raster[y * w + x] = ink;
    }
  }
}

/** The frame without centring. */
const PLAIN = { scale: 1 / FINE, x: 0, y: 0 };

/**
 * The frame that fits the ink's box into 20 of 28 pixels and its centre of mass into the middle.
 * @param {Float32Array} ink
 * @param {number} height
 * @param {number} width
 */
export function frame(ink, height, width) {
  const w = width * FINE;
  let [top, bottom, left, right, mass, mx, my] = [Infinity, -1, Infinity, -1, 0, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] < 0.1) continue;
    const [y, x] = [Math.floor(i / w), i % w];
    [top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)];
    mass += ink[i];
    mx += ink[i] * (x + 0.5);
    my += ink[i] * (y + 0.5);
  }
  if (!mass) return PLAIN;
  const scale = (BOX * Math.min(height, width)) / Math.max(bottom - top + 1, right - left + 1);
  return { scale, x: width / 2 - (scale * mx) / mass, y: height / 2 - (scale * my) / mass };
}

/**
 * How much of the span [from, from + size) lies in [cell, cell + 1).
 * @param {number} from
 * @param {number} size
 * @param {number} cell
 */
function share(from, size, cell) {
  return Math.min(from + size, cell + 1) - Math.max(from, cell);
}
