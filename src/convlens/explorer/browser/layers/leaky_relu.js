/** x where x > 0, else slope · x */

import { elementwise } from "../ways.js";

export const twin = elementwise("detail.leaky_relu", (value, { settings }) =>
  value > 0 ? value : settings.slope * value,
);
