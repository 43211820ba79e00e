"use strict";
/* Learning curves: values under the pointer, seeds to hide and show. The page is whole without it. */
for (const figure of document.querySelectorAll("figure.chart")) {
  const { panels, words } = JSON.parse(figure.dataset.curves);
  const mean = (lists, at) => lists.reduce((sum, list) => sum + list[at], 0) / lists.length;
  const written = (kind, value) => (kind === "accuracy" ? words.percent.replace("%s", value.toFixed(1)) : value.toFixed(3));
  const tip = document.createElement("p");
  tip.className = "tip";
  tip.hidden = true;
  figure.append(tip);

  const seeds = [...new Set(panels.flatMap((panel) => panel.seeds))].sort((a, b) => a - b);
  if (panels.some((panel) => panel.seeds.length > 1)) {
    const box = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = words.show;
    box.append(legend);
    for (const [name, ending] of [[words.mean, "mean"], ...seeds.map((n) => [`${words.seed} ${n}`, `seed-${n}`])]) {
      const label = document.createElement("label"), input = document.createElement("input");
      input.type = "checkbox";
      input.checked = true;
      input.addEventListener("change", () => {
        for (const line of figure.querySelectorAll(`[id$="-${ending}"]`)) line.style.display = input.checked ? "" : "none";
      });
      label.append(input, " " + name);
      box.append(label);
    }
    figure.querySelector("figcaption").before(box);
  }

  for (const svg of figure.querySelectorAll("svg")) {
    const charts = panels.flatMap((panel, place) => ["accuracy", "loss"].flatMap((kind) => {
      const ground = svg.querySelector(`[id$="--${kind}-${place}-axes"]`);
      const line = svg.querySelector(`[id$="--${kind}-${place}-train-mean"] > path`);
      if (!ground || !line) return [];
      const xs = [...line.getAttribute("d").matchAll(/[ML]\s*(-?[\d.]+)/g)].map((found) => +found[1]);
      return [{ panel, kind, ground, xs }];
    }));
    const guide = document.createElementNS(svg.namespaceURI, "line");
    for (const [name, value] of Object.entries({ stroke: "#000", "stroke-width": 0.6, "pointer-events": "none" })) guide.setAttribute(name, value);
    const hide = () => { tip.hidden = true; guide.remove(); };
    svg.addEventListener("pointerleave", hide);
    const look = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const chart = charts.find(({ ground }) => {
        const box = ground.getBBox();
        return at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height;
      });
      if (!chart) return hide();
      const { panel, kind, xs, ground } = chart, box = ground.getBBox();
      const nearest = xs.reduce((best, x, i) => (Math.abs(x - at.x) < Math.abs(xs[best] - at.x) ? i : best), 0);
      const lines = [`${panel.name}: ${words.epoch} ${nearest + 1}`];
      for (const part of ["train", "test"]) {
        const all = panel[kind][part], own = all.map((list) => written(kind, list[nearest])).join(", ");
        lines.push(`${words[part]} ${written(kind, mean(all, nearest))}` + (all.length > 1 ? ` (${own})` : ""));
      }
      tip.textContent = lines.join("\n");
      tip.hidden = false;
      const frame = figure.getBoundingClientRect(), x = event.clientX - frame.left;
      tip.style.left = Math.max(0, Math.min(x + 12, frame.width - tip.offsetWidth)) + "px";
      tip.style.top = event.clientY - frame.top + 16 + "px";
      for (const [name, value] of Object.entries({ x1: xs[nearest], x2: xs[nearest], y1: box.y, y2: box.y + box.height })) guide.setAttribute(name, value);
      ground.parentNode.append(guide);
    };
    svg.addEventListener("pointermove", look);
    svg.addEventListener("pointerdown", look);
  }
}
