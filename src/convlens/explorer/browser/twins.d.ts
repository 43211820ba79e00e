/* The twins of all layers: made of the files in `layers/`, each under its file's name, when the modules are joined. */

import type { Twin } from "./types.js";

export const TWINS: Record<string, Twin | undefined>;
