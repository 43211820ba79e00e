/** out = main + short: what both ways lead to */

/** @type {import("../types.js").Twin} */
export const twin = {
  forward: (_layer, main, _vector, short) => main.map((value, i) => value + short[i]),
  window: (_, row, col) => ({ top: row, left: col, bottom: row, right: col }),
  explain: (layer, main, unit, _vector, _box, short) => {
    const [, height, width] = layer.output.length === 3 ? layer.output : [0, 1, 1];
    const at = (unit.channel * height + unit.row) * width + unit.col;
    const kernel = Float32Array.of(1);
    const parts = [main, short].map((values, way) => {
      const patch = values.subarray(at, at + 1);
      const part = { rows: 1, cols: 1, patch, kernel, products: patch, subtotal: patch[0] };
      return { ...part, channel: unit.channel, way };
    });
    return { sum: { parts, bias: 0, weights: "", plain: true, value: main[at] + short[at] } };
  },
  label: { channel: "name.channel" },
};
