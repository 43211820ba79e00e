/** The right side and the sentence: probabilities, accuracy on the embedded digits, the mistakes. */

import { explains, guesses, isGuess, leastTold, mcnemar } from "./chance.js";
import { find, make, onClick, percentage, setText, shortened } from "./elements.js";
import { largest } from "./network.js";

/** @typedef {import("./app.js").App} App */

const MOST = 12; // classes that each have a bar; of more the FIRST likeliest have
const FIRST = 10;
const SHORT = 8; // letters of a name that has room beside its bar; longer ones stand above it
const LONGEST = 30; // letters of a name above a bar
const SLICE = 8; // milliseconds of judging at a time, so that drawing stays smooth

export class AnswerView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.bars = find("bars", HTMLElement);
    const { classes } = app.content;
    this.rows = classes.slice(0, classes.length > MOST ? FIRST : MOST).map(() => {
      const [label, bar, number] = [make("span"), make("i"), make("b")];
      this.bars.append(make("li", {}, label, make("span", { class: "track" }, bar), number));
      return { label, bar, number };
    });
    find("bars", HTMLElement).closest("main")?.classList.toggle("named", classes.some((name) => name.length > SHORT));
    /** Which digits were right, by network, epoch and switched-off filters. @type {Map<string, boolean[]>} */
    this.right = new Map();
    this.judging = "";
    this.spoken = 0;
    /** Whether the sentence calls the answer a guess. */
    this.guessed = false;
    onClick("allon", () => app.change({ off: new Set() }));
    onClick("previous", () => this.step(-1));
    onClick("next", () => this.step(1));
  }

  /**
   * Go to the next or previous mistake.
   * @param {number} by
   */
  step(by) {
    const { mistakes } = this.app.held;
    const { digit } = this.app.state;
    const now = digit === null ? -1 : mistakes.indexOf(digit);
    const next = now < 0 ? (by > 0 ? 0 : mistakes.length - 1) : (now + by + mistakes.length) % mistakes.length;
    this.app.change({ digit: mistakes[next], strokes: [] });
  }

  update() {
    const { state, view, held, say, content } = this.app;
    const best = largest(view.probabilities);
    this.bars.classList.toggle("hidden", state.hidden);
    const shown = this.shown();
    this.rows.forEach(({ label, bar, number }, row) => {
      const i = shown[row];
      const p = state.hidden ? 0 : view.probabilities[i] ?? 0;
      label.textContent = shortened(content.classes[i], LONGEST);
      label.title = content.classes[i];
      bar.style.width = `${100 * p}%`;
      bar.classList.toggle("best", i === best && p > 0);
      number.textContent = state.hidden || !view.probabilities.length ? "?" : percentage(p, say);
    });
    const sentence = this.sentence(best);
    const line = find("sentence", HTMLElement);
    if (line.textContent !== sentence) {
      line.textContent = sentence;
      clearTimeout(this.spoken); // a screen reader hears the last of many
      this.spoken = window.setTimeout(() => setText("status", sentence), 700);
    }
    setText("right", this.truth(best));
    const at = state.digit === null ? -1 : held.mistakes.indexOf(state.digit);
    const n = held.mistakes.length;
    find("mistakes", HTMLElement).hidden = !n;
    setText("mistake", at < 0 ? say("mistakes.n", { n }) : `${at + 1} / ${n}`);
    this.judge();
  }

  /**
   * The classes that have a bar: all in their order, or of many the likeliest, the first one first.
   * @returns {number[]}
   */
  shown() {
    const { state, view, content } = this.app;
    const all = content.classes.map((_, i) => i);
    const { probabilities } = view;
    if (content.classes.length <= MOST || state.hidden || !probabilities.length) return all;
    return all.sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  }

  /**
   * @param {number} best
   * @returns {string}
   */
  sentence(best) {
    const { state, view, content, say, network } = this.app;
    this.guessed = false;
    if (network.stranger) return say("say.stranger", { layer: network.stranger.name });
    if (!this.app.under() && !state.strokes.length) return say("say.empty");
    if (state.hidden) return say("say.hidden");
    const answer = this.answer(best);
    const gap = content.lang === "ja" ? "" : " ";
    if (this.app.isAnswer(state.layer) || !view.strengths[view.strongest]) return [answer, say("say.tap")].join(gap);
    const strongest = say("say.strongest", { name: this.app.nameOf(state.layer, view.strongest) });
    return [answer, strongest, say("say.tap")].join(gap);
  }

  /**
   * Say what the network answers, or that it guesses.
   * @param {number} best
   */
  answer(best) {
    const { view, content, say } = this.app;
    const share = view.probabilities[best];
    const n = content.classes.length;
    const values = { name: content.classes[best], p: percentage(share, say), chance: percentage(1 / n, say) };
    const close = isGuess(share, n);
    this.guessed = close || this.isGuessing();
    return say(close ? "say.guess" : this.guessed ? "say.guesses" : "say.answer", values);
  }

  /** Whether the network, as it stands, is right about no more digits than chance explains. */
  isGuessing() {
    const { content } = this.app;
    const right = this.right.get(this.keys().now);
    return right !== undefined && guesses(right, content.labels.slice(0, content.judged));
  }

  /** The names of the network as it stands, and of the same one with all its filters. */
  keys() {
    const { state } = this.app;
    const whole = `${state.net}.${state.row}|`;
    return { whole, now: whole + [...state.off].sort().join("_") };
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

  /** Find the right answers among the embedded digits, a slice at a time. */
  judge() {
    const { state, network, content } = this.app;
    const { now, whole } = this.keys();
    this.tell(now, whole);
    if (network.stranger || this.judging === now) return;
    const wanted = [now, whole].find((name) => !this.right.has(name));
    this.judging = wanted === undefined ? "" : now;
    if (wanted === undefined) return;
    const off = wanted === whole ? new Set() : new Set(state.off);
    /** @type {boolean[]} */
    const right = [];
    const slice = () => {
      if (this.judging !== now) return;
      for (const end = performance.now() + SLICE; right.length < content.judged && performance.now() < end; ) {
        const i = right.length;
        const scores = network.run(this.app.digit(i), off).outputs[network.layers.length - 1];
        right.push(Boolean(scores && largest(scores) === content.labels[i]));
      }
      if (right.length < content.judged) return void setTimeout(slice, 0);
      this.right.set(wanted, right);
      this.judging = "";
      this.update();
    };
    setTimeout(slice, 30);
  }

  /**
   * @param {string} now
   * @param {string} whole
   */
  tell(now, whole) {
    const { state, content, layers, say, network } = this.app;
    const [right, before] = [this.right.get(now), this.right.get(whole)];
    const count = (/** @type {boolean[] | undefined} */ hits) => hits?.filter(Boolean).length ?? "…";
    const values = { n: content.judged, right: count(right), before: count(before) };
    const text = say(state.off.size ? "accuracy.off" : "accuracy.all", values);
    setText("accuracy", network.stranger ? "" : text);
    setText("doubt", state.off.size && right && before ? this.doubt(before, right) : "");
    setText("rule", this.guessed ? say(content.classes.length > 2 ? "say.rule" : "say.rule_of_two") : "");
    find("allon", HTMLButtonElement).hidden = !state.off.size;
    const names = [...state.off].map((name) => {
      const [k, channel] = name.split(".").map(Number);
      return `${layers[k].name} ${channel + 1}`;
    });
    setText("offlist", names.length ? say("accuracy.list", { names: names.join(", ") }) : "");
  }

  /**
   * Say whether so many digits can tell a difference.
   * @param {boolean[]} before
   * @param {boolean[]} right
   */
  doubt(before, right) {
    const { say } = this.app;
    const lost = before.filter((was, i) => was && !right[i]).length;
    const gained = right.filter((is, i) => is && !before[i]).length;
    const p = mcnemar(lost, gained);
    const least = leastTold(lost + gained);
    const values = { n: right.length, lost, gained, least, points: ((100 * least) / right.length).toFixed(1) };
    const rounded = p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`;
    return say(explains(p) ? "accuracy.untold" : "accuracy.told", { ...values, p: rounded });
  }
}
