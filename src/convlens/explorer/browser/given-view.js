/** Pictures that are opened, dropped or pasted: prepared as MNIST was made, they take the place of a test digit. */

import { find, onClick, setText } from "./elements.js";
import { mapped } from "./hand/arrays.js";
import { prepare } from "./hand/prepared.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./hand/arrays.js").Grid} Grid */

const LONGEST = 1024; // pixels of a side: a small digit on a large sheet keeps some
const FINEST = 40; // up to here pixels are drawn as they are
const THERE = 128; // of 255: what is less opaque is an edge
const WHITE = 240; // of 255: what is as light cannot be seen on white paper

export class GivenView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    if (find("open", HTMLButtonElement).hidden) return; // no other data were made as MNIST was
    const file = find("file", HTMLInputElement);
    onClick("open", () => file.click());
    file.addEventListener("change", () => {
      void this.open(file.files?.[0]);
      file.value = ""; // the same picture may be opened again
    });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.open(event.dataTransfer?.files[0]);
    });
    document.addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
      if (pasted) void this.open(pasted);
    });
  }

  /** @param {Blob | undefined} file */
  async open(file) {
    if (!file) return;
    setText("note", "");
    try {
      this.take(await greyOf(file));
    } catch {
      setText("note", this.app.say("draw.unreadable"));
    }
  }

  /**
   * A picture as the network receives it.
   * @param {Grid} grey
   */
  prepared(grey) {
    const [, height, width] = this.app.content.shape;
    return prepare(grey, height, width);
  }

  /**
   * Show what the network makes of a picture.
   * @param {Grid} grey
   */
  take(grey) {
    const [, height, width] = this.app.content.shape;
    const { values, way } = this.prepared(grey);
    if (way === "blank") setText("note", this.app.say("draw.blank"));
    const bytes = mapped({ h: height, w: width, v: values }, (value) => Math.floor(value * 255 + 0.5) / 255);
    this.app.change({ digit: null, strokes: [], given: Float32Array.from(bytes.v) });
  }
}

/**
 * Decode a picture, turned as its camera noted, on white where it is transparent; white ink on black.
 * @param {Blob} file
 * @returns {Promise<Grid>}
 */
async function greyOf(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const [w, h] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingEnabled = Math.max(w, h) > FINEST;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, w, h);
  context.fillStyle = isOfWhiteInk(context.getImageData(0, 0, w, h).data) ? "black" : "white";
  context.globalCompositeOperation = "destination-over";
  context.fillRect(0, 0, w, h);
  const { data } = context.getImageData(0, 0, w, h);
  const grey = new Float64Array(w * h);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) / 255;
  }
  return { h, w, v: grey };
}

/**
 * Whether all that is there is white, and less than half of the picture: on white it would be lost.
 * @param {Uint8ClampedArray} data red, green, blue and opacity of each pixel
 * @returns {boolean}
 */
function isOfWhiteInk(data) {
  let [there, darkest] = [0, 255];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < THERE) continue;
    there++;
    darkest = Math.min(darkest, 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  }
  return there > 0 && there < data.length / 8 && darkest >= WHITE;
}
