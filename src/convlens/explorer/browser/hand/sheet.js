/** What is paper and what is ink on it, without ruled lines: `data/handwriting/paper.py` and `rules.py`. */

import { averaged, between, boxMean, closed, extreme, grid, interpolated, largest, mapped, sum, turned } from "./arrays.js";

/** @typedef {import("./arrays.js").Grid} Grid */

export const SMALL = 40;
const [EVEN, EXACT, ALIKE, MOST, MOST_EXACT, TWO_GREYS] = [0.05, 0.02, 0.8, 0.3, 0.6, 0.75];
const [CELLS, WINDOW, SMOOTH, GRAINY, STEEP, LOCAL, DARKEST] = [64, 10, 2, 100, 0.75, 4, 0.05];
const [ROWS, STRIPS, LEAST, SLOPE, FAINT, LINES, THICKEST, CROSSED, DARKER] = [256, 32, 5, 0.12, 0.04, 2, 6, 0.9, 1.2];

/**
 * @param {Grid} grey 0 black to 1 white
 * @returns {{ink: Grid, dark: boolean, even: boolean}}
 */
export function sheetOf(grey) {
  const paper = middle(frame(grey));
  if (isEven(grey, paper)) {
    const dark = sum(mapped(grey, (value) => (value - paper) ** 3).v) <= 0;
    const ink = mapped(grey, (value) => Math.max(dark ? paper - value : value - paper, 0));
    return { ink: longer(grey) <= SMALL ? ink : withoutRules(ink), dark, even: true };
  }
  const means = boxMean(grey, Math.max(1, Math.floor(longer(grey) / LOCAL)));
  const dark = sum(mapped(grey, (value, i) => (value - means.v[i]) ** 3).v) <= 0;
  const seen = mapped(grey, (value) => (dark ? value : 1 - value));
  const smooth = longer(grey) > GRAINY ? boxMean(seen, 1) : seen;
  const back = paperOf(smooth);
  const ink = mapped(smooth, (value, i) => Math.max(1 - value / Math.max(back.v[i], DARKEST), 0));
  return { ink: withoutRules(ink), dark, even: false };
}

/** @param {Grid} a */
export function longer(a) {
  return Math.max(a.h, a.w);
}

/** @param {Grid} a */
function frame({ h, w, v }) {
  return v.filter((_, i) => i < w || i >= h * w - w || i % w === 0 || i % w === w - 1);
}

/** @param {Float64Array} values */
function middle(values) {
  return values.slice().sort()[Math.floor(values.length / 2)];
}

/**
 * @param {Grid} grey
 * @param {number} paper
 */
function isEven(grey, paper) {
  const far = grey.v.map((value) => Math.abs(value - paper));
  const [bound, most] = longer(grey) <= SMALL ? [EVEN, MOST] : [EXACT, MOST_EXACT];
  const farthest = largest(far);
  let [even, near, inked] = [0, 0, 0];
  for (const value of far) {
    if (value <= bound) even++;
    if (value < 0.5 * farthest) near++;
    if (value >= farthest - bound) inked++;
  }
  const least = even + inked >= TWO_GREYS * far.length ? MOST : most;
  return even >= ALIKE * near && even >= least * far.length;
}

/**
 * The paper's grey at each pixel; light that falls off goes on falling beyond the border, unless steeply.
 * @param {Grid} grey
 */
function paperOf(grey) {
  const side = (/** @type {number} */ n) => Math.max(1, halfToEven((n * Math.min(longer(grey), CELLS)) / longer(grey)));
  const [rows, columns] = [side(grey.h), side(grey.w)];
  const cells = averaged(grey, between(grey.h, rows), between(grey.w, columns));
  const [r, c] = [Math.min(WINDOW, rows - 1), Math.min(WINDOW, columns - 1)];
  const falling = closed(turned(continued(turned(continued(cells, r)), c)), WINDOW);
  const level = closed(cells, WINDOW);
  const chosen = mapped(level, (value, i) => {
    const sloping = falling.v[(Math.floor(i / columns) + r) * falling.w + (i % columns) + c];
    return sloping < STEEP * value ? value : sloping;
  });
  return interpolated(boxMean(chosen, SMOOTH), grey.h, grey.w);
}

/**
 * Round as Python does.
 * @param {number} value
 */
export function halfToEven(value) {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

/**
 * More rows above and below, mirrored in the outermost ones.
 * @param {Grid} a
 * @param {number} more
 */
function continued(a, more) {
  const at = (/** @type {number} */ y, /** @type {number} */ x) => a.v[y * a.w + x];
  return grid(a.h + 2 * more, a.w, (i) => {
    const [y, x] = [Math.floor(i / a.w) - more, i % a.w];
    if (y < 0) return 2 * at(0, x) - at(-y, x);
    return y < a.h ? at(y, x) : 2 * at(a.h - 1, x) - at(2 * (a.h - 1) - y, x);
  });
}

/**
 * The same with so many more rows and columns on each side, 0.
 * @param {Grid} a
 * @param {number} more
 */
function framed({ h, w, v }, more) {
  return grid(h + 2 * more, w + 2 * more, (i) => {
    const [y, x] = [Math.floor(i / (w + 2 * more)) - more, (i % (w + 2 * more)) - more];
    return y >= 0 && y < h && x >= 0 && x < w ? v[y * w + x] : 0;
  });
}

/** @param {Grid} ink */
function withoutRules(ink) {
  for (const stands of [false, true]) {
    const way = stands ? turned(ink) : ink;
    const ruling = rulingOf(way);
    const left = ruling ? erased(way, ruling) : way;
    ink = stands ? turned(left) : left;
  }
  return ink;
}

/**
 * The lines from left to right; null where there is no ruling.
 * @param {Grid} ink
 */
function rulingOf(ink) {
  const rows = Math.min(ink.h, ROWS);
  const strips = extreme(averaged(ink, between(ink.h, rows), between(ink.w, Math.min(ink.w, STRIPS))), 1);
  const most = Math.trunc((rows * SLOPE * ink.w) / ink.h);
  let [fall, profile, total] = [0, profileOf(strips, 0), -Infinity];
  for (let step = 0; step <= 2 * most; step++) {
    const one = (step % 2 ? -1 : 1) * Math.ceil(step / 2); // the flattest first
    const found = profileOf(strips, one);
    if (sum(found) > total) [fall, profile, total] = [one, found, sum(found)];
  }
  const bound = Math.max(FAINT, 0.5 * largest(profile));
  const lines = runs(profile, bound).filter((run) => run.length <= THICKEST);
  if (lines.length < LINES) return null;
  return { rows: new Set(lines.flat()), fall, thickest: Math.max(...lines.map((run) => run.length)), n: rows };
}

/**
 * @param {Grid} strips
 * @param {number} fall
 */
function profileOf(strips, fall) {
  const { h, w, v } = strips;
  const steps = moves(w, fall);
  const least = Math.min(LEAST, w - 1);
  const row = new Float64Array(w);
  return Float64Array.from({ length: h }, (_, y) => {
    for (let x = 0; x < w; x++) row[x] = y + steps[x] >= 0 && y + steps[x] < h ? v[(y + steps[x]) * w + x] : 0;
    return row.sort()[least];
  });
}

/**
 * @param {number} n
 * @param {number} fall
 */
function moves(n, fall) {
  return Array.from({ length: n }, (_, i) => Math.floor(fall * ((i + 0.5) / n - 0.5) + 0.5));
}

/**
 * @param {Float64Array} profile
 * @param {number} bound
 */
function runs(profile, bound) {
  /** @type {number[][]} */
  const found = [];
  profile.forEach((value, i) => {
    if (value < bound) return;
    if (i && profile[i - 1] >= bound) found[found.length - 1].push(i);
    else found.push([i]);
  });
  return found;
}

/**
 * @param {Grid} ink
 * @param {{rows: Set<number>, fall: number, thickest: number, n: number}} ruling
 */
function erased(ink, { rows, fall, thickest, n }) {
  const steps = moves(ink.w, fall);
  const own = Array.from({ length: ink.h }, (_, y) => Math.floor((y + 0.5) * (n / ink.h)));
  const line = mapped(ink, (_, i) => Number(rows.has(own[Math.floor(i / ink.w)] - steps[i % ink.w])));
  const sorted = ink.v.filter((_, i) => line.v[i]).sort();
  const bound = DARKER * sorted[Math.trunc(CROSSED * sorted.length)];
  const away = mapped(line, (is, i) => Number(is && ink.v[i] <= bound));
  const half = Math.ceil((thickest * ink.h) / n / 2) + 1;
  const cleared = mapped(ink, (value, i) => (away.v[i] ? 0 : value));
  // Beyond the border there is no ink: a line's end beside a line that crosses it is no gap of a stroke.
  const over = closed(framed(cleared, 2 * half), half);
  const at = (/** @type {number} */ i) => (Math.floor(i / ink.w) + 2 * half) * over.w + (i % ink.w) + 2 * half;
  return mapped(ink, (value, i) => (away.v[i] ? Math.min(value, over.v[at(i)]) : value));
}
