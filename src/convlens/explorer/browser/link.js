/** The state in the page's address, after the #, so that a link shares it. */

import { isAnswer, makesChannels } from "./network.js";
import { asMaps } from "./ways.js";

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Content} Content */
/** @typedef {import("./types.js").Stroke} Stroke */

const WHITE = "ffffff"; // the usual pen on the black ground of pictures with colours

/**
 * @param {State} state
 * @param {Content} content
 * @returns {string} such as "digit=18&layer=0&unit=11.9.7&off=0.3"
 */
export function written(state, content) {
  const { epochs } = content.networks[state.net].weights;
  const parts = [];
  if (state.net) parts.push(`net=${state.net}`);
  if (state.digit !== null || !state.strokes.length) parts.push(`digit=${state.digit ?? "none"}`);
  if (state.strokes.length) parts.push(`strokes=${packed(state.strokes)}`);
  if (state.colour !== WHITE) parts.push(`colour=${state.colour}`);
  if (state.centred !== content.mnist) parts.push(`centred=${Number(state.centred)}`);
  if (state.row < epochs.length - 1) parts.push(`epoch=${epochs[state.row]}`);
  if (state.common) parts.push("common=1");
  if (state.layer) parts.push(`layer=${state.layer}`);
  if (state.unit) parts.push(`unit=${state.unit.channel}.${state.unit.row}.${state.unit.col}`);
  if (state.off.size) parts.push(`off=${[...state.off].join("_")}`);
  if (state.hidden) parts.push("hidden=1");
  if (state.big) parts.push("big=1");
  return parts.join("&");
}

/**
 * Read an address that anyone may have written: what is not understood is left out.
 * @param {string} hash
 * @param {Content} content
 * @returns {State}
 */
export function read(hash, content) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (/** @type {string} */ key, /** @type {number} */ below) => {
    const value = Number(given.get(key) ?? NaN);
    return Number.isInteger(value) && value >= 0 && value < below ? value : null;
  };
  const strokes = unpacked(given.get("strokes") ?? "");
  const net = number("net", content.networks.length) ?? 0;
  const { layers, weights } = content.networks[net];
  const layer = number("layer", layers.length) ?? 0;
  const digit = number("digit", content.labels.length);
  return {
    digit: digit ?? (strokes.length || given.get("digit") === "none" ? null : start(content)),
    given: null,
    strokes,
    colour: /^[0-9a-f]{6}$/.test(given.get("colour") ?? "") ? given.get("colour") ?? WHITE : WHITE,
    centred: given.get("centred") === null ? content.mnist : given.get("centred") !== "0",
    net,
    row: rowIn(given, weights.epochs),
    common: given.get("common") === "1",
    layer,
    unit: unitIn(given.get("unit") ?? "", layers[layer].output),
    off: new Set((given.get("off") ?? "").split("_").filter((name) => isFilter(name, layers))),
    hidden: given.get("hidden") === "1",
    big: given.get("big") === "1",
  };
}

/**
 * The picture of the first screen: a "3" where there is one.
 * @param {Content} content
 */
function start(content) {
  const three = content.samples.find((i) => content.classes[content.labels[i]] === "3");
  return three ?? content.samples[0] ?? null;
}

/**
 * The epoch that is asked for, or the last one; links of before said "trained=0" for the first.
 * @param {URLSearchParams} given
 * @param {number[]} epochs
 */
function rowIn(given, epochs) {
  const row = given.get("trained") === "0" ? 0 : epochs.map(String).indexOf(given.get("epoch") ?? "");
  return row < 0 ? epochs.length - 1 : row;
}

/**
 * @param {string} text
 * @param {number[]} shape
 */
function unitIn(text, shape) {
  if (!/^\d+\.\d+\.\d+$/.test(text)) return null;
  const [channel, row, col] = text.split(".").map(Number);
  const fits = [channel, row, col].every((v, i) => v < asMaps(shape)[i]);
  return fits ? { channel, row, col } : null;
}

/**
 * Whether a name is that of a filter or unit that can be switched off: any but the answers.
 * @param {string} name "layer.channel"
 * @param {Layer[]} layers
 */
function isFilter(name, layers) {
  if (!/^\d+\.\d+$/.test(name)) return false;
  const [k, channel] = name.split(".").map(Number);
  const layer = layers[k];
  return Boolean(layer) && makesChannels(layer) && !isAnswer(layers, k) && channel < layer.output[0];
}

/**
 * Write strokes in hexadecimal digits, two a coordinate: "." or for a cover "-", x, y, x, y, ….
 * @param {Stroke[]} strokes
 */
function packed(strokes) {
  const digits = (/** @type {number} */ value) => value.toString(16).padStart(2, "0");
  return strokes.map(({ cover, points }) => (cover ? "-" : ".") + points.map(digits).join("")).join("");
}

/**
 * @param {string} text
 * @returns {Stroke[]}
 */
function unpacked(text) {
  return Array.from(text.matchAll(/([.-])((?:[0-9a-f]{4})+)/g), ([, mark, digits]) => ({
    cover: mark === "-",
    points: (digits.match(/../g) ?? []).map((pair) => parseInt(pair, 16)),
  }));
}
