/** factor · x: what training drops at random, a trained network does not; the book makes all smaller instead */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.dropout", (value, { settings }) => settings.factor * value);
