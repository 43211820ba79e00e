/** Numbers as colours: blue below zero, white at zero, orange above, on a scale that is named beside it. */

/** Stops from -1 to 1; told apart also by those who do not tell red from green. */
const STOPS = [
  [8, 64, 129],
  [67, 147, 205],
  [250, 250, 250],
  [245, 160, 75],
  [150, 55, 5],
];

/**
 * @param {number} value
 * @param {number} scale the size of the number that has the strongest colour
 * @returns {number[]} red, green, blue
 */
export function colour(value, scale) {
  const at = 2 + 2 * Math.max(-1, Math.min(1, scale ? value / scale : 0));
  const low = Math.min(Math.floor(at), 3);
  return STOPS[low].map((channel, i) => channel + (STOPS[low + 1][i] - channel) * (at - low));
}

/**
 * Ink on paper.
 * @param {number} value 0 to 1
 */
export function ink(value) {
  return [255 - 230 * value, 255 - 230 * value, 255 - 225 * value];
}

/**
 * Light on black: a grey picture, or one channel of a picture in colours.
 * @param {number} value 0 to 1
 */
export function light(value) {
  return [255 * value, 255 * value, 255 * value];
}

/**
 * How the dots of a picture look: in their colours, as ink on paper, or as light; several channels that are no
 * colours as their mean.
 * @param {ArrayLike<number>} x (channels, rows, columns), 0 to 1
 * @param {number[]} shape
 * @param {"colours" | "ink" | "light"} look
 * @returns {(value: number, place: number) => number[]} red, green, blue of a dot
 */
export function shadeOf(x, [channels, height, width], look) {
  const size = height * width;
  const at = (/** @type {number} */ place, /** @type {number} */ c) => 255 * x[c * size + place];
  if (look === "ink") return ink;
  if (look === "colours") return (_, place) => [at(place, 0), at(place, 1), at(place, 2)];
  return (_, place) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += at(place, c);
    return light(sum / channels / 255);
  };
}

/**
 * @param {number[]} rgb
 * @returns {boolean} whether white letters have more contrast on it than black ones
 */
export function isDark(rgb) {
  const [red, green, blue] = rgb.map((v) => (v <= 10 ? v / 3295 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179;
}

/**
 * Draw numbers, one dot each.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} height
 * @param {number} width
 * @param {(value: number, place: number) => number[]} shade
 */
export function paint(canvas, values, height, width, shade) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const [red, green, blue] = shade(values[i], i);
    image.data[4 * i] = red;
    image.data[4 * i + 1] = green;
    image.data[4 * i + 2] = blue;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/**
 * @param {ArrayLike<number>} values
 * @returns {number} the largest size among them
 */
export function reach(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
