/** Start the page with what Python put into it. */

import { App } from "./app.js";
import { setText } from "./elements.js";
import { canInflate, inflated, vectorsOf } from "./numbers.js";

/** @param {import("./types.js").Content} content */
async function start(content) {
  if (!canInflate()) return setText("sentence", content.words["top.old"]);
  const vectors = await Promise.all(content.networks.map((held) => vectorsOf(held.weights)));
  window.explorer = new App(content, await inflated(content.pixels), vectors);
}

void start(JSON.parse(document.getElementById("content")?.textContent ?? "null"));
