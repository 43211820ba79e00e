/** x Φ(x), where Φ(x) = ½ erfc(-x / √2) is how probable less than x is for a normal number */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.gelu", (value) => value * below(value));

const TERMS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/**
 * Φ(x) to 1.2e-7 of it: erfc by Press et al., Numerical Recipes, 6.2.
 * @param {number} x
 */
function below(x) {
  const z = Math.abs(x) * Math.SQRT1_2;
  const t = 1 / (1 + z / 2);
  const power = TERMS.reduceRight((sum, term) => sum * t + term, 0) - z * z;
  const above = (t * Math.exp(power)) / 2;
  return x < 0 ? above : 1 - above;
}
