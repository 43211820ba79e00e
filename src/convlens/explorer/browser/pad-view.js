/** The left side: the drawing pad, the sample digits, and the picture that the network receives. */

import { paint, shadeOf } from "./colour.js";
import { find, make, onClick, setText } from "./elements.js";
import { seenBy } from "./explain.js";
import { FINE } from "./picture.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Stroke} Stroke */

const LONGEST = 4000; // points of a stroke

export class PadView {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.canvas = find("pad", HTMLCanvasElement);
    this.received = find("received", HTMLCanvasElement);
    this.seen = find("seen", HTMLElement);
    this.covering = false;
    /** The pen's colour; there is none to choose where pictures have none. */
    this.colour = /** @type {HTMLInputElement | null} */ (document.getElementById("colour"));
    /** @type {Stroke | null} */
    this.stroke = null;
    this.pen = { x: 128, y: 128, down: false };
    this.listen();
    this.addSamples();
  }

  listen() {
    const { app, canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      try {
        canvas.setPointerCapture(event.pointerId);
      } catch {
        // a pointer that is gone already
      }
      this.begin(...this.place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.stroke || this.pen.down) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const moved of events.length ? events : [event]) this.addPoint(...this.place(moved));
      app.refresh();
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.end());
    canvas.addEventListener("keydown", (event) => this.onKey(event));
    canvas.addEventListener("blur", () => this.update());
    canvas.addEventListener("focus", () => this.update());
    onClick("clear", () => app.change({ digit: null, strokes: [] }));
    onClick("undo", () => app.change({ strokes: app.state.strokes.slice(0, -1) }));
    for (const name of ["draw", "cover"]) {
      find(name, HTMLInputElement).addEventListener("change", () => (this.covering = name === "cover"));
    }
    this.colour?.addEventListener("input", () => app.change({ colour: this.colour?.value.slice(1) }));
    find("centred", HTMLInputElement).addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement) app.change({ centred: event.target.checked });
    });
  }

  addSamples() {
    const { content, say } = this.app;
    for (const sample of content.samples) {
      const name = content.classes[content.labels[sample]];
      const canvas = make("canvas");
      const button = make("button", {
        type: "button",
        "aria-label": say("draw.sample", { name }),
        title: say("draw.sample", { name }),
        click: () => this.app.change({ digit: sample, strokes: [] }),
      });
      button.append(canvas);
      find("samples", HTMLElement).append(button);
      const [, height, width] = content.shape;
      const picture = this.app.digit(sample);
      paint(canvas, picture, height, width, shadeOf(picture, content.shape, content.look));
    }
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]} 0 to 255 across the pad
   */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 255, ((event.clientY - box.top) / box.height) * 255];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  begin(x, y) {
    const { state } = this.app;
    // Ink on a picture would be a correction of it; whoever draws begins on an empty pad.
    if (!this.covering && this.app.under()) Object.assign(state, { digit: null, given: null, strokes: [] });
    this.stroke = { cover: this.covering, points: [] };
    state.strokes = [...state.strokes, this.stroke];
    this.app.pad.redraw(state.strokes);
    this.addPoint(x, y);
    this.app.refresh();
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  addPoint(x, y) {
    if (!this.stroke || this.stroke.points.length >= 2 * LONGEST) return;
    const [a, b] = [x, y].map((v) => Math.round(Math.max(0, Math.min(255, v))));
    const { points } = this.stroke;
    if (points.length && Math.hypot(a - points[points.length - 2], b - points[points.length - 1]) < 2) return;
    points.push(a, b);
    this.app.pad.extend(this.stroke);
  }

  end() {
    if (!this.stroke || this.pen.down) return;
    this.stroke = null;
    this.app.change({});
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = event.shiftKey ? 2 : 8;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (event.key === " " || event.key === "Enter") {
      this.pen.down = !this.pen.down;
      if (this.pen.down) this.begin(this.pen.x, this.pen.y);
      else this.end();
    } else if (dx || dy) {
      this.pen.x = Math.max(0, Math.min(255, this.pen.x + dx * step));
      this.pen.y = Math.max(0, Math.min(255, this.pen.y + dy * step));
      if (this.pen.down) this.addPoint(this.pen.x, this.pen.y);
      this.app.refresh();
    } else return;
    event.preventDefault();
  }

  update() {
    const { app } = this;
    const { state, content, view } = app;
    const [, height, width] = content.shape;
    this.paintPad();
    paint(this.received, view.x, height, width, shadeOf(view.x, content.shape, content.look));
    if (this.colour) this.colour.value = `#${state.colour}`;
    find("centred", HTMLInputElement).checked = state.centred;
    find("centring", HTMLElement).classList.toggle("idle", app.under() !== null);
    setText("idle", app.say(state.given ? "draw.prepared" : "draw.idle"));
    find("undo", HTMLButtonElement).disabled = !state.strokes.length;
    find("padhint", HTMLElement).hidden = app.under() !== null || state.strokes.length > 0;
    this.seen.hidden = !state.unit;
    if (!state.unit) return;
    const box = seenBy(app.layers, state.layer, state.unit);
    const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    this.seen.style.top = percent(box.top, height);
    this.seen.style.left = percent(box.left, width);
    this.seen.style.height = percent(box.bottom - box.top + 1, height);
    this.seen.style.width = percent(box.right - box.left + 1, width);
  }

  /** Show the test image, the ink, the covers, and the pen of the keyboard. */
  paintPad() {
    const { pad, state, content } = this.app;
    const [w, h] = [pad.width * FINE, pad.height * FINE];
    const under = this.app.under();
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const image = context.createImageData(w, h);
    const pen = this.app.pen();
    const seen = new Float32Array(pen.length); // of one dot, by channel
    const shade = shadeOf(seen, [pen.length, 1, 1], content.look);
    const size = pad.width * pad.height;
    for (let y = 0, i = 0; y < h; y++) {
      for (let x = 0; x < w; x++, i++) {
        const pixel = Math.floor(y / FINE) * pad.width + Math.floor(x / FINE);
        for (let c = 0; c < pen.length; c++) seen[c] = Math.max(under ? under[c * size + pixel] : 0, pad.ink[i] * pen[c]);
        const [red, green, blue] = shade(seen[0], 0);
        const cover = pad.cover[i] * ((x + y) % 12 < 6 ? 1 : 0.8); // striped: it is not a colour of the picture
        image.data[4 * i] = red + (214 - red) * cover;
        image.data[4 * i + 1] = green + (196 - green) * cover;
        image.data[4 * i + 2] = blue + (226 - blue) * cover;
        image.data[4 * i + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    if (document.activeElement !== this.canvas || !this.canvas.matches(":focus-visible")) return;
    context.strokeStyle = this.pen.down ? "#b34700" : "#0072b2";
    context.lineWidth = 2;
    context.beginPath();
    context.arc((this.pen.x / 255) * w, (this.pen.y / 255) * h, 7, 0, 7);
    context.stroke();
  }
}
