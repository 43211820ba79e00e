/* What the modules of this folder hand to each other. For the type checker only: no script is made of it. */

/** One layer of the network, as Python describes it. */
export interface Layer {
  name: string;
  /** The name of its twin in `layers/`; "" where there is none. */
  kind: string;
  /** Whose outputs come in: their places in the network, -1 for the picture; two where ways are added. */
  reads: number[];
  /** (channels, height, width), or (units,). */
  input: number[];
  output: number[];
  window: [number, number];
  step: [number, number];
  /** Rows above and below, columns left and right that the windows see beyond the input. */
  pad: [[number, number], [number, number]];
  /** How far apart the elements of a window are. */
  spacing: [number, number];
  /** Where each of its parameters begins in the flat vector, by the layer's own names: W, b. */
  parameters: Record<string, number>;
  /** The numbers that it was made with, by the names of its spec. */
  settings: Record<string, number>;
}

/** All that the page knows of a kind of layer: its file in `layers/` exports one as `twin`. */
export interface Twin {
  /** Its output for one picture; `more` is what comes in by a second way. */
  forward(layer: Layer, x: Float32Array, vector: Float32Array, more: Float32Array): Float32Array;
  /** The rows and columns of its input that the outputs at a place look at, borders included. */
  window(layer: Layer, row: number, col: number): Box;
  /** How the number of a unit came about from the input, within its window `box`. */
  explain(layer: Layer, x: Float32Array, unit: Unit, vector: Float32Array, box: Box, more: Float32Array): Explanation;
  label: Label;
}

/** What to say of a layer: keys of the page's words. */
export interface Label {
  /** What one of its channels is called, for a layer that makes them from weighted sums: {n} is its number. */
  channel?: string;
  /** What it does to a number, for any other: {layer} is its name, and its settings have theirs. */
  step?: string;
}

/**
 * A weighted sum; or the unit of the input that the number was made from, and those that it was chosen from, or
 * that it is the mean of.
 */
export interface Explanation {
  sum?: Sum;
  from?: Unit;
  candidates?: { row: number; col: number; value: number }[];
  mean?: boolean;
}

/** A network's weights by epoch: codes from -127 to 127 times scales. */
export interface Rounded {
  /** After which; 0 is before training. */
  epochs: number[];
  /** How many numbers have a scale together, in the vector's order: a parameter, or one number of it. */
  sizes: number[];
  /** By epoch, one for each of `sizes`. */
  scales: number[][];
  /** By epoch, int8, deflated, base64; those between the first and the last as changes from the next. */
  codes: string[];
}

/** What the page holds of one network. */
export interface Held {
  name: string;
  /** What it was trained on, and how good it is, in words. */
  facts: string;
  /** How its weights are rounded, in words. */
  rounding: string;
  layers: Layer[];
  /** What the kind of each layer is called in the page's language. */
  titles: string[];
  weights: Rounded;
  /** The accuracy that training recorded after each epoch; null where it did not. */
  recorded: (number | null)[];
  /** On so many test images, from the first. */
  recordedOn: number;
  /** Which of the pictures are its mistakes. */
  mistakes: number[];
}

/** Everything that the page holds. */
export interface Content {
  data: string;
  /** How pictures are shown: in their colours, as ink on paper, or as light. */
  look: "colours" | "ink" | "light";
  /** Whether the pictures were made as MNIST's, so that drawings are, too, unless it is asked for otherwise. */
  mnist: boolean;
  /** How a byte becomes a number of the input: (byte - subtract) / divide. */
  scale: { subtract: number; divide: number };
  lang: string;
  classes: string[];
  networks: Held[];
  /** (channels, height, width) of a picture. */
  shape: [number, number, number];
  /** uint8, deflated, base64: the pictures one after the other. */
  pixels: string;
  labels: number[];
  /** Each picture's place in the test set. */
  places: number[];
  /** So many of the pictures, from the first, make the accuracy. */
  judged: number;
  /** Which of the pictures stand under the pad. */
  samples: number[];
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
  /** A picture that was opened, dropped or pasted, as the network receives it; it lies there instead. No link has it. */
  given: Float32Array | null;
  strokes: Stroke[];
  /** Of the pen, as "ff8800"; for pictures with colours. */
  colour: string;
  centred: boolean;
  /** Which of the networks. */
  net: number;
  /** Which of its epochs, as their place in the page. */
  row: number;
  /** Whether the maps have one scale before and after training. */
  common: boolean;
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
  /** By which way it comes in, for a layer that reads several; 0 is the first. */
  way?: number;
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
  /** The key of what its weights are called; "" for the name of the channel that they make. */
  weights: string;
  /** Whether it has neither weights nor a bias: what comes in is added as it is. */
  plain?: boolean;
}

/** What happens to a number behind its weighted sum. */
export interface Next {
  layer: number;
  /** The key of what the layer does. */
  label: string;
  value: number;
  /** The values that it chose from, with the place of the largest; none where it took the only one, or where
   * there are too many to be shown. */
  window: number[];
  cols: number;
  largest: number;
  /** Where in the window the followed number stands. */
  own: number;
  /** Whether it is the mean of all of them. */
  mean: boolean;
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
