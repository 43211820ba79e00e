/** out[c] = 1/(H·W) Σ_{i,j} x[c, i, j] */

import { asMaps, meant } from "../ways.js";

/** @type {import("../types.js").Twin} */
export const twin = {
  forward: (layer, x) => {
    const [channels, height, width] = asMaps(layer.input);
    const size = height * width;
    const sum = (/** @type {number} */ c) => x.subarray(c * size, (c + 1) * size).reduce((a, b) => a + b, 0);
    return Float32Array.from({ length: channels }, (_, c) => sum(c) / size);
  },
  window: (layer) => {
    const [, height, width] = asMaps(layer.input);
    return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
  },
  explain: meant,
  label: { step: "detail.global_average_pooling" },
};
