/**
 * From strokes to the picture that the network receives. `explorer/drawing.py` says the same in Python.
 *
 * Strokes are points. Their box is fitted into MNIST's 20 × 20 pixels and the ink's centre of mass into the
 * middle; then they are inked, with one pen, whatever size they were drawn in. Ink and covers are two layers of
 * a fine raster, FINE dots a pixel, both 0 to 1.
 */

/** @typedef {import("./types.js").Stroke} Stroke */
/** @typedef {{scale: number, x: number, y: number}} Placed pixel = scale · place on the pad + (x, y) */

export const FINE = 6;
const SIDE = 28; // lengths below are pixels of a 28 × 28 picture
const PEN = 1.35; // radius: MNIST's own strokes are 2 to 4 pixels wide
const COVER = 3;
const BOX = 20; // MNIST's digits were fitted into so many
const DOT = 1; // what is smaller than this is a dot, and no drawing to be enlarged
const SOFT = 0.6 * FINE; // dots over which a stroke's edge fades

/** As it was drawn. */
const PLAIN = { scale: 1, x: 0, y: 0 };

/** What is seen on the pad: the strokes where they were drawn. */
export class Pad {
  /**
   * @param {number} height of the picture, in pixels
   * @param {number} width
   */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    this.ink = raster(height, width);
    this.cover = raster(height, width);
  }

  /** @param {Stroke[]} strokes */
  redraw(strokes) {
    this.ink.fill(0);
    this.cover.fill(0);
    for (const stroke of strokes) lay(stroke.cover ? this.cover : this.ink, this, stroke, PLAIN);
  }

  /**
   * Draw a stroke's line from its last point but one to its last.
   * @param {Stroke} stroke
   */
  extend(stroke) {
    const last = { cover: stroke.cover, points: stroke.points.slice(-4) };
    lay(stroke.cover ? this.cover : this.ink, this, last, PLAIN);
  }

  /**
   * Return the drawing as (height, width) pixels.
   * @param {Stroke[]} strokes
   * @param {boolean} centred as MNIST was made, by box and centre of mass
   */
  picture(strokes, centred) {
    const inked = strokes.filter((stroke) => !stroke.cover && stroke.points.length);
    const place = centred && inked.length ? fitted(inked, this) : PLAIN;
    const [ink, cover] = [raster(this.height, this.width), raster(this.height, this.width)];
    for (const stroke of strokes) lay(stroke.cover ? cover : ink, this, stroke, place);
    return this.shrunk(ink.map((value, i) => value * (1 - cover[i])));
  }

  /** Return how much of each pixel is covered. */
  covered() {
    return this.shrunk(this.cover);
  }

  /**
   * Return each pixel as the mean of its dots.
   * @param {Float32Array} dots
   */
  shrunk(dots) {
    const { height, width } = this;
    const sums = new Float64Array(height * width);
    for (let y = 0, i = 0; y < height * FINE; y++) {
      const row = Math.floor(y / FINE) * width;
      for (let x = 0; x < width * FINE; x++, i++) sums[row + Math.floor(x / FINE)] += dots[i];
    }
    return Float32Array.from(sums, (sum) => sum / (FINE * FINE));
  }
}

/**
 * Where a drawing goes: its points' box, with the pen's width around it, fills BOX pixels, and its ink's centre of
 * mass is the middle of the picture.
 * @param {Stroke[]} strokes of ink
 * @param {{height: number, width: number}} size
 * @returns {Placed}
 */
export function fitted(strokes, size) {
  const { height, width } = size;
  const unit = Math.min(height, width) / SIDE;
  let [top, bottom, left, right] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { points } of strokes) {
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [(points[i] / 255) * width, (points[i + 1] / 255) * height];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
  }
  const long = Math.max(bottom - top, right - left);
  const scale = long < DOT * unit ? 1 : ((BOX - 2 * PEN) * unit) / long;
  const first = { scale, x: width / 2 - (scale * (left + right)) / 2, y: height / 2 - (scale * (top + bottom)) / 2 };
  const ink = raster(height, width);
  for (const stroke of strokes) lay(ink, size, stroke, first);
  let [mass, mx, my] = [0, 0, 0];
  for (let y = 0, i = 0; y < height * FINE; y++) {
    for (let x = 0; x < width * FINE; x++, i++) {
      mass += ink[i];
      mx += ink[i] * (x + 0.5);
      my += ink[i] * (y + 0.5);
    }
  }
  return { scale, x: first.x + width / 2 - mx / mass / FINE, y: first.y + height / 2 - my / mass / FINE };
}

/**
 * @param {number} height
 * @param {number} width
 */
function raster(height, width) {
  return new Float32Array(height * width * FINE * FINE);
}

/**
 * Lay a stroke where it goes: ink with the pen as it is, a cover as much wider as what it covers.
 * @param {Float32Array} dots
 * @param {{height: number, width: number}} size
 * @param {Stroke} stroke
 * @param {Placed} place
 */
function lay(dots, { height, width }, stroke, place) {
  const unit = Math.min(height, width) / SIDE;
  const radius = (stroke.cover ? COVER * place.scale : PEN) * unit * FINE;
  const at = (/** @type {number} */ i, /** @type {number} */ whole, /** @type {number} */ shift) =>
    (place.scale * ((stroke.points[i] / 255) * whole) + shift) * FINE;
  for (let i = 0; i < stroke.points.length; i += 2) {
    const before = Math.max(i - 2, 0);
    const line = [at(before, width, place.x), at(before + 1, height, place.y), at(i, width, place.x), at(i + 1, height, place.y)];
    stamp(dots, width * FINE, height * FINE, line, radius);
  }
}

/**
 * Lay a round brush along a line; what is darker stays.
 * @param {Float32Array} dots
 * @param {number} w
 * @param {number} h
 * @param {number[]} line x0, y0, x1, y1
 * @param {number} radius
 */
function stamp(dots, w, h, [x0, y0, x1, y1], radius) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy || 1;
  const reach = radius + SOFT / 2;
  const full2 = radius > SOFT / 2 ? (radius - SOFT / 2) ** 2 : -1;
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(h - 1, Math.ceil(Math.max(y0, y1) + reach));
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(w - 1, Math.ceil(Math.max(x0, x1) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = Math.max(0, Math.min(1, ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / length2));
      const fx = x + 0.5 - x0 - along * dx;
      const fy = y + 0.5 - y0 - along * dy;
      const far2 = fx * fx + fy * fy;
      if (far2 >= reach * reach) continue; // most dots are far away or full: a root for the edge alone
      const ink = far2 <= full2 ? 1 : Math.min(1, (radius - Math.sqrt(far2)) / SOFT + 0.5);
      if (ink > dots[y * w + x]) dots[y * w + x] = ink;
    }
  }
}
