/** Which network is shown, and after which epoch: before and after training, and a slider between them. */

import { find, grouped, make, onClick, setText } from "./elements.js";

/** @typedef {import("./app.js").App} App */

const BEAT = 900; // milliseconds an epoch, when they are played

export class EpochView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.slider = find("epoch", HTMLInputElement);
    this.playing = 0;
    find("before", HTMLInputElement).addEventListener("change", () => this.go(0));
    find("after", HTMLInputElement).addEventListener("change", () => this.go(this.last));
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    onClick("play", () => (this.playing ? this.stop() : this.play()));
    app.content.networks.forEach((held, net) => {
      const input = make("input", { type: "radio", name: "net", value: String(net) });
      input.addEventListener("change", () => {
        this.stop();
        app.change({ net });
      });
      find("nets", HTMLElement).append(make("label", {}, input, make("span", {}, held.name)));
    });
  }

  /** The place of the last epoch. */
  get last() {
    return this.app.held.weights.epochs.length - 1;
  }

  /** @param {number} row */
  go(row) {
    this.stop();
    this.app.change({ row });
  }

  /** Show one epoch after the other, from the first if the last is shown. */
  play() {
    const { app } = this;
    if (app.state.row === this.last) app.change({ row: 0 });
    this.playing = window.setInterval(() => {
      app.change({ row: Math.min(app.state.row + 1, this.last) });
      if (app.state.row === this.last) this.stop();
    }, BEAT);
    this.update();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    this.update();
  }

  update() {
    const { state, held, say } = this.app;
    const { last, slider } = this;
    for (const input of document.querySelectorAll("input[name=net]")) {
      if (input instanceof HTMLInputElement) input.checked = Number(input.value) === state.net;
    }
    setText("network-name", held.name);
    setText("facts", held.facts);
    setText("rounding", held.rounding);
    find("before", HTMLInputElement).checked = state.row === 0 && last > 0;
    find("after", HTMLInputElement).checked = state.row === last;
    find("times", HTMLElement).hidden = last < 1;
    find("replay", HTMLElement).hidden = last < 2;
    slider.max = String(last);
    slider.value = String(state.row);
    const told = this.told();
    slider.setAttribute("aria-valuetext", told);
    setText("when", told);
    const play = find("play", HTMLButtonElement);
    play.textContent = this.playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", say(this.playing ? "epoch.pause" : "epoch.play"));
  }

  /** Say which epoch is shown, and how good the network was after it. */
  told() {
    const { state, held, say } = this.app;
    const { epochs } = held.weights;
    const values = { epoch: epochs[state.row], last: epochs[this.last] };
    const share = held.recorded[state.row];
    const at = say(values.epoch ? "epoch.at" : "epoch.before", values);
    if (share === null || share === undefined) return at;
    const accuracy = say("number.percent", { p: (100 * share).toFixed(1) });
    return say("epoch.recorded", { at, accuracy, tests: grouped(held.recordedOn) });
  }
}
