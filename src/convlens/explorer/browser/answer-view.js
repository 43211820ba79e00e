/** The right side and the sentence: probabilities, accuracy on the embedded digits, the mistakes. */

import { find, make, onClick, setText } from "./elements.js";
import { largest } from "./network.js";

/** @typedef {import("./app.js").App} App */

const SLICE = 8; // milliseconds of judging at a time, so that drawing stays smooth

export class AnswerView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.bars = find("bars", HTMLElement);
    this.rows = app.content.classes.map((name) => {
      const [bar, number] = [make("i"), make("b")];
      this.bars.append(make("li", {}, make("span", {}, name), make("span", { class: "track" }, bar), number));
      return { bar, number };
    });
    /** Right answers by network and switched-off filters. @type {Map<string, number>} */
    this.right = new Map();
    this.judging = "";
    this.spoken = 0;
    onClick("allon", () => app.change({ off: new Set() }));
    onClick("previous", () => this.step(-1));
    onClick("next", () => this.step(1));
  }

  /**
   * Go to the next or previous mistake.
   * @param {number} by
   */
  step(by) {
    const { mistakes } = this.app.content;
    const { digit } = this.app.state;
    const now = digit === null ? -1 : mistakes.indexOf(digit);
    const next = now < 0 ? (by > 0 ? 0 : mistakes.length - 1) : (now + by + mistakes.length) % mistakes.length;
    this.app.change({ digit: mistakes[next], strokes: [] });
  }

  update() {
    const { state, view, content, say } = this.app;
    const best = largest(view.probabilities);
    this.bars.classList.toggle("hidden", state.hidden);
    this.rows.forEach(({ bar, number }, i) => {
      const p = state.hidden ? 0 : view.probabilities[i] ?? 0;
      bar.style.width = `${100 * p}%`;
      bar.classList.toggle("best", i === best && p > 0);
      number.textContent = state.hidden || !view.probabilities.length ? "?" : percent(p);
    });
    const sentence = this.sentence(best);
    const line = find("sentence", HTMLElement);
    if (line.textContent !== sentence) {
      line.textContent = sentence;
      clearTimeout(this.spoken); // a screen reader hears the last of many
      this.spoken = window.setTimeout(() => setText("status", sentence), 700);
    }
    setText("right", this.truth(best));
    const at = state.digit === null ? -1 : content.mistakes.indexOf(state.digit);
    const n = content.mistakes.length;
    setText("mistake", at < 0 ? say("mistakes.n", { n }) : `${at + 1} / ${n}`);
    this.judge();
  }

  /**
   * @param {number} best
   * @returns {string}
   */
  sentence(best) {
    const { state, view, content, say, network } = this.app;
    if (network.stranger) return say("say.stranger", { layer: network.stranger.name });
    if (state.digit === null && !state.strokes.length) return say("say.empty");
    if (state.hidden) return say("say.hidden");
    const p = percent(view.probabilities[best]);
    const answer = say("say.answer", { name: content.classes[best], p });
    const gap = content.lang === "ja" ? "" : " ";
    const isLast = state.layer === content.layers.length - 1;
    if (isLast || !view.strengths[view.strongest]) return [answer, say("say.tap")].join(gap);
    const strongest = say("say.strongest", { name: this.app.nameOf(state.layer, view.strongest) });
    return [answer, strongest, say("say.tap")].join(gap);
  }

  /**
   * Say what a test digit really is.
   * @param {number} best
   * @returns {string}
   */
  truth(best) {
    const { state, content, view, say } = this.app;
    if (state.digit === null) return "";
    const values = { n: content.places[state.digit], name: content.classes[content.labels[state.digit]] };
    if (state.hidden || !view.probabilities.length) return say("truth.hidden", values);
    return say(best === content.labels[state.digit] ? "truth.right" : "truth.wrong", values);
  }

  /** Count the right answers on the embedded digits, a slice at a time. */
  judge() {
    const { state, network, content } = this.app;
    const whole = `${state.trained}|`;
    const key = whole + [...state.off].sort().join("_");
    this.tell(key, whole);
    if (network.stranger || this.judging === key) return;
    const wanted = [key, whole].find((name) => !this.right.has(name));
    if (wanted === undefined) return;
    this.judging = key;
    const off = wanted === whole ? new Set() : new Set(state.off);
    let [i, right] = [0, 0];
    const slice = () => {
      if (this.judging !== key) return;
      for (const end = performance.now() + SLICE; i < content.judged && performance.now() < end; i++) {
        const scores = network.run(this.app.digit(i), off).outputs[content.layers.length - 1];
        right += Number(scores && largest(scores) === content.labels[i]);
      }
      if (i < content.judged) return void setTimeout(slice, 0);
      this.right.set(wanted, right);
      this.judging = "";
      this.judge();
    };
    setTimeout(slice, 30);
  }

  /**
   * @param {string} key
   * @param {string} whole
   */
  tell(key, whole) {
    const { state, content, say, network } = this.app;
    const count = this.right.get(key);
    const values = { n: content.judged, right: count ?? "…", before: this.right.get(whole) ?? "…" };
    const text = say(state.off.size ? "accuracy.off" : "accuracy.all", values);
    setText("accuracy", network.stranger ? "" : text);
    find("allon", HTMLButtonElement).hidden = !state.off.size;
    const names = [...state.off].map((name) => {
      const [k, channel] = name.split(".").map(Number);
      return `${content.layers[k].name} ${channel + 1}`;
    });
    setText("offlist", names.length ? say("accuracy.list", { names: names.join(", ") }) : "");
  }
}

/** @param {number} p */
function percent(p) {
  const digits = p > 0.99 && p < 0.9995 ? 1 : 0;
  return `${(100 * p).toFixed(digits)}\u00a0%`;
}
