/** out[f, i, j] = Σ_{c,u,v} x[c, i·step + u·gap - pad, j·step + v·gap - pad] · W[f, c, u, v] + b[f], c of f's group */

import { asMaps, padded, seenBy, slid, summed } from "../ways.js";

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, given, vector) {
  const [filters, oh, ow] = asMaps(layer.output);
  const [[kh, kw], [sv, sh], [dv, dh]] = [layer.window, layer.step, layer.spacing];
  const { x, height, width } = padded(layer, given, 0);
  const out = new Float32Array(filters * oh * ow);
  let at = layer.parameters.W;
  for (let f = 0; f < filters; f++) {
    const map = out.subarray(f * oh * ow, (f + 1) * oh * ow).fill(vector[layer.parameters.b + f]);
    const { first, count } = seenBy(layer, f);
    for (let c = first; c < first + count; c++) {
      for (let u = 0; u < kh; u += dv) {
        for (let v = 0; v < kw; v += dh) {
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
