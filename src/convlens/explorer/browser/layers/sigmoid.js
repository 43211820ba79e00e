/** 1 / (1 + exp(-x)) */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.sigmoid", (value) => 1 / (1 + Math.exp(-value)));
