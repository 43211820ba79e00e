/** The whole page: its state, the network's numbers for it, and the views that show them. */

import { AnswerView } from "./answer-view.js";
import { reach } from "./colour.js";
import { DetailView } from "./detail-view.js";
import { find, onClick, setText, speaker } from "./elements.js";
import { EpochView } from "./epoch-view.js";
import { GivenView } from "./given-view.js";
import { read, written } from "./link.js";
import { MapsView } from "./maps-view.js";
import { Network, isAnswer, largest, twinOf } from "./network.js";
import { PadView } from "./pad-view.js";
import { Pad } from "./picture.js";
import { asMaps, softmax } from "./ways.js";

/** @typedef {import("./types.js").Content} Content */
/** @typedef {import("./types.js").State} State */

export class App {
  /**
   * @param {Content} content
   * @param {Uint8Array} pixels of all its pictures
   * @param {import("./numbers.js").Vectors[]} vectors the weights of each network
   */
  constructor(content, pixels, vectors) {
    this.content = content;
    this.say = speaker(content.words);
    this.size = content.shape.reduce((a, b) => a * b);
    this.pixels = pixels;
    this.vectors = vectors;
    /** Those that were looked at, by network and epoch. @type {Map<string, Network>} */
    this.networks = new Map();
    this.pad = new Pad(content.shape[1], content.shape[2]);
    this.state = read(location.hash, content);
    this.pad.redraw(this.state.strokes);
    this.view = this.computed();
    this.saving = 0;
    this.views = [new EpochView(this), new PadView(this), new AnswerView(this), new MapsView(this)]; // maps fill what is left
    this.detail = new DetailView(this);
    this.given = new GivenView(this);
    this.listen();
    this.change({});
  }

  listen() {
    onClick("hide", () => this.change({ hidden: !this.state.hidden }));
    onClick("big", () => this.change({ big: !this.state.big }));
    onClick("link", () => void this.share());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "r" || event.key === "R") this.change({ hidden: !this.state.hidden });
      if (event.key === "Escape" && this.state.unit) this.detail.close();
    });
    window.addEventListener("hashchange", (event) => {
      const { hash } = new URL(event.newURL); // the page itself may have written its state over it since
      if (hash.slice(1) !== written(this.state, this.content)) this.change(read(hash, this.content));
    });
  }

  /** What the page holds of the network that is shown. */
  get held() {
    return this.content.networks[this.state.net];
  }

  get layers() {
    return this.held.layers;
  }

  /** The network that is shown, with the weights of the epoch that is shown. */
  get network() {
    return this.networkAt(this.state.row);
  }

  /**
   * @param {number} row which epoch's weights
   * @returns {Network}
   */
  networkAt(row) {
    const { net } = this.state;
    const known = this.networks.get(`${net}.${row}`);
    if (known) return known;
    const made = new Network(this.layers, this.vectors[net].at(row));
    this.networks.set(`${net}.${row}`, made);
    return made;
  }

  /**
   * @param {number} i which of the embedded pictures
   * @returns {Float32Array} (channels, rows, columns), 0 to 1
   */
  digit(i) {
    const { subtract, divide } = this.content.scale;
    return Float32Array.from(this.pixels.subarray(i * this.size, (i + 1) * this.size), (byte) => (byte - subtract) / divide);
  }

  /**
   * Take over a new state, show it, and write it into the address.
   * @param {Partial<State>} news
   */
  change(news) {
    if (news.net !== undefined && news.net !== this.state.net) {
      const row = this.content.networks[news.net].weights.epochs.length - 1;
      news = { row, layer: 0, unit: null, off: new Set(), ...news };
    }
    if (news.digit !== undefined && !news.given) news = { ...news, given: null };
    Object.assign(this.state, news);
    if (news.strokes) this.pad.redraw(this.state.strokes);
    if (news.unit !== undefined || news.layer !== undefined) this.detail.channel = null;
    this.refresh();
    if (this.content.embedded) return;
    clearTimeout(this.saving); // browsers refuse an address that changes too often
    this.saving = window.setTimeout(() => history.replaceState(null, "", `#${written(this.state, this.content)}`), 150);
  }

  /** Compute and show everything: this is what a stroke of the pen costs. */
  refresh() {
    const { state } = this;
    this.view = this.computed();
    document.documentElement.classList.toggle("big", state.big);
    find("big", HTMLButtonElement).setAttribute("aria-pressed", String(state.big));
    find("hide", HTMLButtonElement).setAttribute("aria-pressed", String(state.hidden));
    this.detail.update();
    for (const view of this.views) view.update();
  }

  /** What follows from the state. */
  computed() {
    const { state } = this;
    const x = this.picture();
    const pass = this.network.run(x, state.off);
    const scores = pass.outputs[this.layers.length - 1];
    const strengths = this.strengthsOf(pass.outputs[state.layer]);
    const probabilities = scores ? softmax(scores) : [];
    return { x, pass, strengths, strongest: largest(strengths), probabilities, scale: this.scaleOf(x, pass) };
  }

  /**
   * The number that has the strongest colour in the layer that is shown: its largest; on request also before and
   * after training.
   * @param {Float32Array} x
   * @param {import("./types.js").Pass} pass
   */
  scaleOf(x, pass) {
    const { state } = this;
    const shown = [pass.outputs[state.layer]];
    if (state.common) {
      for (const row of [0, this.held.weights.epochs.length - 1]) {
        if (row !== state.row) shown.push(this.networkAt(row).run(x, state.off).outputs[state.layer]);
      }
    }
    return Math.max(...shown.map((out) => (out ? reach(out) : 0)));
  }

  /** What the pen leaves in each channel of the picture, 0 to 1. */
  pen() {
    const { content, state } = this;
    if (content.look !== "colours") return Array.from({ length: content.shape[0] }, () => 1);
    return [0, 2, 4].map((at) => parseInt(state.colour.slice(at, at + 2), 16) / 255);
  }

  /** The picture that the network receives; covers hide both ink and test digits. */
  picture() {
    const { state, pad, content } = this;
    const [channels, height, width] = content.shape;
    const x = new Float32Array(channels * height * width);
    const under = this.under();
    if (!under) {
      const drawn = pad.picture(state.strokes, state.centred);
      this.pen().forEach((share, c) => x.set(drawn.map((v) => v * share), c * height * width));
      return x;
    }
    const covered = state.strokes.length ? pad.covered() : null;
    return x.map((_, i) => under[i % under.length] * (covered ? 1 - covered[i % (height * width)] : 1));
  }

  /** The picture under the strokes: one that was given, or a test digit; null for an empty pad. */
  under() {
    const { given, digit } = this.state;
    return given ?? (digit === null ? null : this.digit(digit));
  }

  /**
   * How strongly each channel reacts: the mean of what is above zero.
   * @param {Float32Array | null} out
   * @returns {number[]}
   */
  strengthsOf(out) {
    const [channels, height, width] = asMaps(this.layers[this.state.layer].output);
    const size = height * width;
    return Array.from({ length: channels }, (_, c) => {
      let sum = 0;
      for (let i = c * size; out && i < (c + 1) * size; i++) sum += Math.max(out[i], 0);
      return sum / size;
    });
  }

  /**
   * What to call a layer's channel: a class, a filter, a unit, or a channel of the picture.
   * @param {number} k
   * @param {number} channel
   * @param {boolean} [short]
   * @returns {string}
   */
  nameOf(k, channel, short = false) {
    const { content, layers, say } = this;
    if (this.isAnswer(k)) return short ? content.classes[channel] : say("name.class", { name: content.classes[channel] });
    if (short) return String(channel + 1);
    const maker = twinOf(layers[this.network.maker(k)]);
    return say(maker?.label.channel ?? "name.channel", { n: channel + 1 });
  }

  /**
   * @param {number} k
   * @returns {boolean} whether its channels can be switched off: any but the answers and the picture's own
   */
  canSwitch(k) {
    const maker = this.network.maker(k);
    return maker >= 0 && !this.isAnswer(maker);
  }

  /**
   * @param {number} k
   * @returns {boolean} whether it has a score a class
   */
  isAnswer(k) {
    return isAnswer(this.layers, k);
  }

  /**
   * @param {number} k
   * @param {number} channel
   */
  isOff(k, channel) {
    return this.state.off.has(`${this.network.maker(k)}.${channel}`);
  }

  /**
   * @param {number} k
   * @returns {boolean} whether it would give the hidden answer away
   */
  isSecret(k) {
    return this.state.hidden && this.isAnswer(k);
  }

  /** Switch the filter of the open unit off or on. */
  toggle() {
    const { state } = this;
    if (!state.unit || !this.canSwitch(state.layer)) return;
    const name = `${this.network.maker(state.layer)}.${state.unit.channel}`;
    const off = new Set(state.off);
    if (!off.delete(name)) off.add(name);
    this.change({ off });
  }

  /** Put the address into the clipboard. */
  async share() {
    const address = `${location.href.split("#")[0]}#${written(this.state, this.content)}`;
    history.replaceState(null, "", address);
    let key = "top.copied";
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      key = "top.not_copied";
    }
    setText("note", this.say(key));
    setTimeout(() => setText("note", ""), 4000);
  }
}
