/** out[c, i, j] = max_{u,v} x[c, i·step + u - pad, j·step + v - pad]; the border counts as -∞ */

import { asMaps, padded, slid, within } from "../ways.js";

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, given) {
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

/** @type {import("../types.js").Twin} */
export const twin = {
  forward,
  window: slid,
  explain: (layer, x, unit, _, box) => {
    const candidates = within(layer, x, unit.channel, box);
    const from = candidates.reduce((a, b) => (b.value > a.value ? b : a));
    return { from: { channel: unit.channel, row: from.row, col: from.col }, candidates };
  },
  label: { step: "detail.pooling" },
};
