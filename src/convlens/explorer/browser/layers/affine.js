/** out = x · W + b; inputs that are 0 add nothing */

import { asMaps, summed } from "../ways.js";

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, x, vector) {
  const units = layer.output[0];
  const out = vector.slice(layer.parameters.b, layer.parameters.b + units);
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (value === 0) continue;
    for (let j = 0, at = layer.parameters.W + i * units; j < units; j++, at++) out[j] += value * vector[at];
  }
  return out;
}

/** @type {import("../types.js").Twin} */
export const twin = {
  forward,
  window: (layer) => {
    const [, height, width] = asMaps(layer.input);
    return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
  },
  explain: summed("detail.weights", (layer, unit, input) => input.place * layer.output[0] + unit.channel),
  label: { channel: "name.unit" },
};
