// Turns the static pictures into interactive charts, from the same specifications, once the reader touches them.
"use strict";
(() => {
  const engine = document.currentScript.dataset.vega;
  const scripts = new Map();
  const load = (source) => {
    if (!scripts.has(source)) {
      scripts.set(source, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = source;
        script.onload = () => resolve(script);
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return scripts.get(source);
  };

  const tooltip = {
    handler(_, event, __, value) {
      const box = document.getElementById("vg-tooltip-element") ?? document.body.appendChild(Object.assign(document.createElement("div"), { id: "vg-tooltip-element" }));
      if (value == null || value === "") { box.classList.remove("visible"); return; }
      const table = document.createElement("table");
      for (const [key, text] of Object.entries(value)) {
        if (text === "") continue;
        const row = table.insertRow();
        row.insertCell().textContent = key;
        row.cells[0].className = "key";
        row.insertCell().textContent = text;
      }
      box.replaceChildren(table);
      box.classList.add("visible");
      const { width, height } = box.getBoundingClientRect();
      box.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
      box.style.top = `${event.clientY + height + 24 > innerHeight ? event.clientY - height - 12 : event.clientY + 16}px`;
    },
  };

  const draw = async (panel, spec) => {
    const picture = panel.querySelector(".picture");
    const stage = document.createElement("div");
    stage.className = "stage";
    picture.append(stage);
    let width = picture.clientWidth;
    try {
      const result = await window.vegaEmbed(stage, { ...spec, width }, { ast: true, logLevel: 1, actions: false, renderer: "svg", defaultStyle: false, tooltip: tooltip.handler });
      panel.dataset.interactive = "true"; // the static pictures make room, and stay for paper
      new ResizeObserver(() => {
        if (picture.clientWidth === width) return;
        width = picture.clientWidth;
        result.view.width(width).runAsync();
      }).observe(picture);
      return true;
    } catch (error) {
      stage.remove(); // the static picture stays
      console.error(error);
      return false;
    }
  };

  const replace = async (figure) => {
    const panels = [...figure.querySelectorAll("[data-spec]")];
    let specs;
    try {
      specs = await Promise.all(panels.map(async (panel) => (await load(panel.dataset.spec)).spec)); // each script leaves it on its own element
      await Promise.all([load(engine), document.fonts.ready]);
    } catch { figure.dataset.still = "true"; return; } // without the engine or a specification the pictures stay
    const drawn = await Promise.all(panels.map((panel, place) => draw(panel, specs[place])));
    if (!drawn.every(Boolean)) { figure.dataset.still = "true"; return; }
    figure.dataset.interactive = "true";
  };

  // Nothing of it is loaded before the reader points at a chart, touches it or comes to it by key.
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (!figure.querySelector("[data-spec]")) continue;
    const controller = new AbortController();
    const begin = () => { controller.abort(); replace(figure); };
    for (const kind of ["pointerenter", "touchstart", "focusin"]) figure.addEventListener(kind, begin, { passive: true, signal: controller.signal });
  }
})();
