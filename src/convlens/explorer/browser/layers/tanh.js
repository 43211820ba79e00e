/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.tanh", (value) => Math.tanh(value));
