/** Pictures of numbers, and what is asked of a pixel's neighbours: `data/handwriting/sampling.py` and `morphology.py`. */

/** @typedef {{h: number, w: number, v: Float64Array}} Grid */

/**
 * @param {number} h
 * @param {number} w
 * @param {(i: number) => number} [value]
 * @returns {Grid}
 */
export function grid(h, w, value) {
  const v = new Float64Array(h * w);
  if (value) for (let i = 0; i < v.length; i++) v[i] = value(i);
  return { h, w, v };
}

/**
 * @param {Grid} a
 * @param {(value: number, i: number) => number} change
 */
export function mapped(a, change) {
  return grid(a.h, a.w, (i) => change(a.v[i], i));
}

/** @param {Grid} a */
export function turned(a) {
  return grid(a.w, a.h, (i) => a.v[(i % a.h) * a.w + Math.floor(i / a.h)]);
}

/** @param {ArrayLike<number>} values */
export function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** @param {ArrayLike<number>} values */
export function largest(values) {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

/**
 * Each row as a weighted sum of rows: where the weights begin, and which they are.
 * @param {Grid} a
 * @param {{from: number, weights: number[]}[]} rows
 */
function combined(a, rows) {
  const out = grid(rows.length, a.w);
  rows.forEach(({ from, weights }, r) => {
    weights.forEach((weight, k) => {
      for (let x = 0; x < a.w; x++) out.v[r * a.w + x] += weight * a.v[(from + k) * a.w + x];
    });
  });
  return out;
}

/**
 * @param {number[]} edges
 * @param {number} n
 */
function shares(edges, n) {
  return edges.slice(1).map((stop, i) => {
    const start = edges[i];
    const from = Math.min(n, Math.max(0, Math.floor(start)));
    const weights = [];
    for (let k = from; k < Math.min(n, Math.ceil(stop)); k++) {
      weights.push(Math.max(0, Math.min(stop, k + 1) - Math.max(start, k)) / (stop - start));
    }
    return { from, weights };
  });
}

/**
 * The mean of a picture over rectangles; what lies outside of it counts as 0.
 * @param {Grid} a
 * @param {number[]} rows edges
 * @param {number[]} columns edges
 */
export function averaged(a, rows, columns) {
  return turned(combined(turned(combined(a, shares(rows, a.h))), shares(columns, a.w)));
}

/**
 * @param {number} n
 * @param {number} parts
 */
export function between(n, parts) {
  return Array.from({ length: parts + 1 }, (_, i) => i * (n / parts));
}

/**
 * @param {number} n
 * @param {number} cells
 */
function linear(n, cells) {
  return Array.from({ length: n }, (_, i) => {
    const place = Math.min(Math.max((i + 0.5) * (cells / n) - 0.5, 0), cells - 1);
    const from = Math.min(Math.floor(place), Math.max(cells - 2, 0));
    const weights = [1 - Math.abs(place - from)];
    if (cells > 1) weights.push(Math.max(0, 1 - Math.abs(place - from - 1)));
    return { from, weights };
  });
}

/**
 * @param {Grid} cells
 * @param {number} h
 * @param {number} w
 */
export function interpolated(cells, h, w) {
  return turned(combined(turned(combined(cells, linear(h, cells.h))), linear(w, cells.w)));
}

/**
 * The mean of 2 · radius + 1 squared pixels around each pixel, of those that lie inside.
 * @param {Grid} a
 * @param {number} radius
 */
export function boxMean(a, radius) {
  return turned(runMean(turned(runMean(a, radius)), radius));
}

/**
 * @param {Grid} a
 * @param {number} radius
 */
function runMean(a, radius) {
  const out = grid(a.h, a.w);
  const sums = new Float64Array(a.h + 1);
  for (let x = 0; x < a.w; x++) {
    for (let y = 0; y < a.h; y++) sums[y + 1] = sums[y] + a.v[y * a.w + x];
    for (let y = 0; y < a.h; y++) {
      const [start, stop] = [Math.max(y - radius, 0), Math.min(y + radius + 1, a.h)];
      out.v[y * a.w + x] = (sums[stop] - sums[start]) / (stop - start);
    }
  }
  return out;
}

/**
 * The largest, or by sign -1 the least, of `2 · radius + 1` pixels of a column.
 * @param {Grid} a
 * @param {number} radius
 * @param {number} sign
 */
export function extreme(a, radius, sign = 1) {
  const out = grid(a.h, a.w);
  const line = new Float64Array(a.h);
  const queue = new Int32Array(a.h); // places of ever smaller values: the first is the largest within reach
  for (let x = 0; x < a.w; x++) {
    for (let y = 0; y < a.h; y++) line[y] = sign * a.v[y * a.w + x];
    let [head, tail] = [0, 0];
    for (let y = 0, next = 0; y < a.h; y++) {
      for (; next < a.h && next <= y + radius; next++) {
        while (tail > head && line[queue[tail - 1]] <= line[next]) tail--;
        queue[tail++] = next;
      }
      while (queue[head] < y - radius) head++;
      out.v[y * a.w + x] = sign * line[queue[head]];
    }
  }
  return out;
}

/**
 * The picture without what is small and low.
 * @param {Grid} a
 * @param {number} radius
 */
export function closed(a, radius) {
  for (const sign of [1, -1]) a = turned(extreme(turned(extreme(a, radius, sign)), radius, sign));
  return a;
}

/**
 * The number of the piece of each pixel that is not 0, from 1, joined along sides and corners; 0 for the others.
 * @param {Grid} mask
 */
export function joined(mask) {
  const { h, w } = mask;
  const labels = new Int32Array(h * w);
  let n = 0;
  const todo = [];
  for (let start = 0; start < labels.length; start++) {
    if (!mask.v[start] || labels[start]) continue;
    labels[start] = ++n;
    todo.push(start);
    for (let i = todo.pop(); i !== undefined; i = todo.pop()) {
      const [y, x] = [Math.floor(i / w), i % w];
      for (let r = Math.max(y - 1, 0); r <= Math.min(y + 1, h - 1); r++) {
        for (let c = Math.max(x - 1, 0); c <= Math.min(x + 1, w - 1); c++) {
          const j = r * w + c;
          if (!mask.v[j] || labels[j]) continue;
          labels[j] = n;
          todo.push(j);
        }
      }
    }
  }
  return { labels, n };
}

/**
 * How far each pixel of a mask is from the nearest one outside of it, 0 outside: first along its column, then over
 * the columns of its row.
 * @param {Grid} mask
 */
export function distances(mask) {
  const { h, w } = mask;
  const far = h + w;
  const up = mapped(mask, (value) => (value ? far : 0));
  for (let i = w; i < h * w; i++) up.v[i] = Math.min(up.v[i], up.v[i - w] + 1);
  for (let i = h * w - w - 1; i >= 0; i--) up.v[i] = Math.min(up.v[i], up.v[i + w] + 1);
  return grid(h, w, (i) => {
    const [row, x] = [i - (i % w), i % w];
    let best = up.v[i] ** 2;
    for (let d = 1; d * d < best && d < w; d++) {
      if (x >= d) best = Math.min(best, up.v[row + x - d] ** 2 + d * d);
      if (x + d < w) best = Math.min(best, up.v[row + x + d] ** 2 + d * d);
    }
    return Math.sqrt(best);
  });
}
