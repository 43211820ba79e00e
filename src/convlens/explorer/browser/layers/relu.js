/** max(0, x) */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.relu", (value) => (value > 0 ? value : 0));
