/** Start the page with what Python put into it. */

import { App } from "./app.js";

window.explorer = new App(JSON.parse(document.getElementById("content")?.textContent ?? "null"));
