/** out[f, i, j] = Σ_{c,u,v} x[c, i·step + u - pad, j·step + v - pad] · W[f, c, u, v] + b[f] */

import { asMaps, padded, slid, summed } from "../ways.js";

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, given, vector) {
  const channels = layer.input[0];
  const [filters, oh, ow] = asMaps(layer.output);
  const [[kh, kw], [sv, sh]] = [layer.window, layer.step];
  const { x, height, width } = padded(layer, given, 0);
  const out = new Float32Array(filters * oh * ow);
  let at = layer.parameters.W;
  for (let f = 0; f < filters; f++) {
    const map = out.subarray(f * oh * ow, (f + 1) * oh * ow).fill(vector[layer.parameters.b + f]);
    for (let c = 0; c < channels; c++) {
      for (let u = 0; u < kh; u++) {
        for (let v = 0; v < kw; v++) {
          const weight = vector[at++];
          for (let i = 0, o = 0; i < oh; i++) {
            let from = (c * height + i * sv + u) * width + v;
            for (let j = 0; j < ow; j++, o++, from += sh) map[o] += x[from] * weight;
          }
        }
      }
    }
  }
  return out;
}

/** @type {import("../types.js").Twin} */
export const twin = {
  forward,
  window: slid,
  explain: summed("", (layer, unit, input) => unit.channel * input.channels * input.size + input.place),
  label: { channel: "name.filter" },
};
