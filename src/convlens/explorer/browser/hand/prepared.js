/** A picture of a digit as MNIST would have it. `data/handwriting/prepared.py` says the same, and why. */

import { averaged, between, boxMean, distances, grid, joined, largest, mapped, sum } from "./arrays.js";
import { SMALL, halfToEven, longer, sheetOf } from "./sheet.js";

/** @typedef {import("./arrays.js").Grid} Grid */

const LARGEST = 1024;
const [FAINT, GRAIN, EDGE, ROOM, SOFTEST, FADES, ROUNDS] = [0.07, 0.5, 0.5, 2, 0.25, 1.4, 8];
const [THIN, THICK] = [2.2, 3.4];
const [SPECK, INNER, FRAME] = [0.03, 0.1, 0.25];
const [SIDE, BOX, FINE, FULL, CENTRAL] = [28, 19.5, 6, 0.95, 0.6];

/**
 * @param {Grid} picture 0 black to 1 white
 * @param {number} height
 * @param {number} width
 * @returns {{values: Float64Array, way: "blank" | "as it is" | "short" | "long"}}
 */
export function prepare(picture, height, width) {
  const sheet = sheetOf(reduced(picture));
  const { mask, level, isGrain } = writtenOn(sheet.ink);
  if (level < FAINT || isGrain) return { values: new Float64Array(height * width), way: "blank" };
  const near = boxMean(mask, ROOM);
  const cut = sheet.even ? 0 : SOFTEST;
  const ink = mapped(sheet.ink, (value, i) => (near.v[i] > 0 ? clipped((value / level - cut) / (1 - 2 * cut)) : 0));
  const at = extentOf(ink, mask);
  if (sheet.even && isInPlace(sheet.ink, at, height, width)) return { values: sheet.ink.v, way: "as it is" };
  return { values: placed(ink, at, height, width).v, way: sheet.even ? "short" : "long" };
}

/** @param {number} value */
function clipped(value) {
  return Math.min(Math.max(value, 0), 1);
}

/** @param {Grid} grey */
function reduced(grey) {
  if (longer(grey) <= LARGEST) return grey;
  const [h, w] = [grey.h, grey.w].map((n) => Math.max(1, halfToEven((n * LARGEST) / longer(grey))));
  return averaged(grey, between(grey.h, h), between(grey.w, w));
}

/** @param {Grid} ink */
function writtenOn(ink) {
  const bound = EDGE * levelOf(ink);
  const first = writingIn(mapped(ink, (value) => Number(value >= bound)));
  const around = boxMean(first.surroundings, ROOM);
  const left = mapped(ink, (value, i) => (around.v[i] > 0 ? 0 : value));
  const level = levelOf(left);
  const edge = Math.max(EDGE * level, FAINT / 2);
  const dark = mapped(left, (value) => Number(value >= edge));
  const { mask } = writingIn(dark);
  return { mask, level, isGrain: sum(mask.v) < GRAIN * sum(dark.v) };
}

/** @param {Grid} ink */
function levelOf(ink) {
  let level = largest((longer(ink) > SMALL ? boxMean(ink, 1) : ink).v);
  for (let round = 0; round < ROUNDS; round++) {
    const strong = ink.v.filter((value) => value >= EDGE * level);
    if (!strong.length) break;
    level = sum(strong) / strong.length;
  }
  return level;
}

/**
 * The pieces that are writing, and those that lie at the border and are not.
 * @param {Grid} mask
 */
function writingIn(mask) {
  const { h, w } = mask;
  const { labels, n } = joined(mask);
  if (!n) return { mask, surroundings: mask };
  const [areas, atBorder] = [new Float64Array(n), new Float64Array(n)];
  labels.forEach((label, i) => {
    if (!label) return;
    areas[label - 1]++;
    if (i < w || i >= h * w - w || i % w === 0 || i % w === w - 1) atBorder[label - 1]++;
  });
  const inner = Array.from(atBorder, (count) => !count);
  const touching = Array.from(atBorder, (count) => count > 0 && count <= FRAME * (2 * (h + w) - 4));
  const most = (/** @type {boolean[]} */ chosen) => Math.max(0, largest(areas.filter((_, i) => chosen[i])));
  const drops = most(inner) >= INNER * most(touching);
  let candidate = inner.map((is, i) => is || (touching[i] && !drops));
  if (!candidate.includes(true)) candidate = candidate.map(() => true);
  const bound = SPECK * most(candidate);
  const of = (/** @type {(piece: number) => boolean} */ is) => mapped(mask, (_, i) => Number(labels[i] > 0 && is(labels[i] - 1)));
  return { mask: of((piece) => candidate[piece] && areas[piece] >= bound), surroundings: of((piece) => !candidate[piece]) };
}

/**
 * The centre of mass, and the longer side of what is inside.
 * @param {Grid} ink
 * @param {Grid} inside
 */
function extentOf(ink, inside) {
  let [top, bottom, left, right, row, column] = [Infinity, -1, Infinity, -1, 0, 0];
  ink.v.forEach((value, i) => {
    const [y, x] = [Math.floor(i / ink.w), i % ink.w];
    row += value * (y + 0.5);
    column += value * (x + 0.5);
    if (!inside.v[i]) return;
    [top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)];
  });
  const total = sum(ink.v);
  return { row: row / total, column: column / total, side: Math.max(bottom - top, right - left) + 1 };
}

/**
 * @param {Grid} ink
 * @param {{row: number, column: number}} at
 * @param {number} height
 * @param {number} width
 */
function isInPlace(ink, at, height, width) {
  if (ink.h !== height || ink.w !== width || largest(ink.v) < FULL) return false;
  const own = extentOf(ink, mapped(ink, (value) => Number(value > 0)));
  const off = Math.max(Math.abs(at.row - (height + 1) / 2), Math.abs(at.column - (width + 1) / 2));
  return off <= CENTRAL && own.side === halfToEven((BOX * Math.min(height, width)) / SIDE);
}

/**
 * @param {Grid} ink
 * @param {{row: number, column: number, side: number}} at
 * @param {number} height
 * @param {number} width
 */
function placed(ink, at, height, width) {
  const unit = Math.min(height, width) / SIDE;
  const scale = (BOX * unit) / at.side;
  let fine = fineRaster(ink, at, scale, height, width);
  const stroke = strokeOf(fine) / FINE / unit;
  const pen = Math.min(Math.max(stroke, THIN), THICK);
  if (pen !== stroke) {
    const again = (scale * (BOX - pen)) / Math.max(BOX - stroke, BOX / 4);
    fine = fineRaster(ink, at, again, height, width);
    fine = inkedAnew(fine, (pen - (stroke * again) / scale) * unit * FINE, FADES * unit * FINE);
  }
  return averaged(fine, between(height * FINE, height), between(width * FINE, width));
}

/**
 * @param {Grid} ink
 * @param {{row: number, column: number}} at
 * @param {number} scale
 * @param {number} height
 * @param {number} width
 */
function fineRaster(ink, at, scale, height, width) {
  const edges = (/** @type {number} */ centre, /** @type {number} */ n) =>
    Array.from({ length: n * FINE + 1 }, (_, i) => centre + (i / FINE - (n + 1) / 2) / scale);
  const fine = averaged(ink, edges(at.row, height), edges(at.column, width));
  const radius = Math.trunc((scale * FINE) / 2);
  return radius > 1 ? boxMean(fine, radius) : fine;
}

/** @param {Grid} a */
function within(a) {
  const inside = grid(a.h + 2, a.w + 2); // a frame of dots that are not inside: a border is an edge
  a.v.forEach((value, i) => (inside.v[(Math.floor(i / a.w) + 1) * inside.w + (i % a.w) + 1] = Number(value >= EDGE)));
  const far = distances(inside);
  return mapped(a, (_, i) => far.v[(Math.floor(i / a.w) + 1) * inside.w + (i % a.w) + 1]);
}

/** @param {Grid} ink */
function strokeOf(ink) {
  const n = sum(mapped(ink, (value) => Number(value >= EDGE)).v);
  return n ? 4 * (sum(within(ink).v) / n - 0.5) : 0;
}

/**
 * @param {Grid} ink
 * @param {number} wider
 * @param {number} soft
 */
function inkedAnew(ink, wider, soft) {
  const inner = within(ink);
  const outer = distances(mapped(ink, (value) => Number(value < EDGE)));
  return mapped(ink, (value, i) => clipped(((value >= EDGE ? inner.v[i] - 0.5 : 0.5 - outer.v[i]) + wider / 2) / soft + 0.5));
}
