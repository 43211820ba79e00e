/** out[c, i, j] = 1/(kh·kw) Σ_{u,v} x[c, i·step + u - pad, j·step + v - pad]; the border counts as zeros */

import { asMaps, meant, padded, slid } from "../ways.js";

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, given) {
  const [channels, oh, ow] = asMaps(layer.output);
  const [[kh, kw], [sv, sh]] = [layer.window, layer.step];
  const { x, height, width } = padded(layer, given, 0);
  const out = new Float32Array(channels * oh * ow);
  for (let c = 0, o = 0; c < channels; c++) {
    for (let i = 0; i < oh; i++) {
      for (let j = 0; j < ow; j++, o++) {
        let sum = 0;
        for (let u = 0; u < kh; u++) {
          const from = (c * height + i * sv + u) * width + j * sh;
          for (let v = 0; v < kw; v++) sum += x[from + v];
        }
        out[o] = sum / (kh * kw);
      }
    }
  }
  return out;
}

/** @type {import("../types.js").Twin} */
export const twin = { forward, window: slid, explain: meant, label: { step: "detail.average_pooling" } };
