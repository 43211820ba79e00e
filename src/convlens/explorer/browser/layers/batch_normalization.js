/** out = gamma · (x - mean) / √(variance + eps) + beta, with what the layer has seen of batches */

/** @type {import("../types.js").Twin["forward"]} */
function forward(layer, x, vector) {
  const { gamma, beta, running_mean: mean, running_var: variance } = layer.parameters;
  const places = x.length / (beta - gamma); // of one channel: gamma has a number a channel, beta comes next
  return x.map((value, i) => {
    const c = Math.floor(i / places);
    const normal = (value - vector[mean + c]) / Math.sqrt(vector[variance + c] + layer.settings.eps);
    return vector[gamma + c] * normal + vector[beta + c];
  });
}

/** @type {import("../types.js").Twin} */
export const twin = {
  forward,
  window: (_, row, col) => ({ top: row, left: col, bottom: row, right: col }),
  explain: (_layer, _x, unit) => ({ from: unit, candidates: [] }),
  label: { step: "detail.batch_normalization" },
};
