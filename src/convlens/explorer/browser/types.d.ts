/* What the modules of this folder hand to each other. For the type checker only: no script is made of it. */

/** One layer of the network, as Python describes it. */
export interface Layer {
  name: string;
  /** The name of its twin in layers.js; "" where there is none. */
  kind: string;
  /** (channels, height, width), or (units,). */
  input: number[];
  output: number[];
  window: [number, number];
  step: [number, number];
  pad: [number, number];
  /** Where its weights and biases begin in the flat vector; -1 for a layer that learns nothing. */
  weights: number;
  biases: number;
}

/** Everything that the page holds of a run. */
export interface Content {
  network: string;
  data: string;
  lang: string;
  classes: string[];
  layers: Layer[];
  /** (channels, height, width) of a picture. */
  shape: [number, number, number];
  /** float16, base64: the flat vector before and after training. */
  before: string;
  after: string;
  /** uint8, base64: the pictures one after the other, each row of zeros as 0 and their number. */
  pixels: string;
  labels: number[];
  /** Each picture's place in the test set. */
  places: number[];
  /** So many of the pictures, from the first, make the accuracy. */
  judged: number;
  /** Which of the pictures stand under the pad, and which are the mistakes. */
  samples: number[];
  mistakes: number[];
  words: Record<string, string>;
  /** Whether it is a part of another page, and so has no address of its own. */
  embedded: boolean;
}

/** A place in a layer's output; row and col are 0 where it has units instead of maps. */
export interface Unit {
  channel: number;
  row: number;
  col: number;
}

/** The network's numbers for one picture: its layers' outputs, null from a layer without a twin on. */
export interface Pass {
  x: Float32Array;
  outputs: (Float32Array | null)[];
}

export interface Stroke {
  cover: boolean;
  /** x0, y0, x1, y1, … from 0 to 255 across the pad. */
  points: number[];
}

/** What a link shares. */
export interface State {
  /** The picture that lies under the strokes, or null for an empty pad. */
  digit: number | null;
  strokes: Stroke[];
  centred: boolean;
  trained: boolean;
  layer: number;
  unit: Unit | null;
  /** Switched-off filters, as "layer.channel". */
  off: Set<string>;
  hidden: boolean;
  big: boolean;
}

/** One input channel's part of a weighted sum. */
export interface Part {
  channel: number;
  rows: number;
  cols: number;
  patch: Float32Array;
  kernel: Float32Array;
  products: Float32Array;
  subtotal: number;
}

export interface Sum {
  parts: Part[];
  bias: number;
  value: number;
}

/** What happens to a number behind its weighted sum. */
export interface Next {
  layer: number;
  kind: string;
  value: number;
  /** The values that a pooling chose from, with the place of the largest. */
  window: number[];
  cols: number;
  largest: number;
  /** Where in the window the followed number stands. */
  own: number;
}

export interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

declare global {
  /** For the browser's console, and for the tests. */
  interface Window {
    explorer: import("./app.js").App;
  }
}
