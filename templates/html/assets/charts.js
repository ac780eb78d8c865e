// Turns the static pictures into interactive charts, from the same specification, once they come into view.
"use strict";
(() => {
  const source = document.currentScript.dataset.vega;
  let engine = null;
  const load = () => engine ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

  const tooltip = {
    handler(_, event, __, value) {
      const box = document.getElementById("vg-tooltip-element") ?? document.body.appendChild(Object.assign(document.createElement("div"), { id: "vg-tooltip-element" }));
      if (value == null || value === "") { box.classList.remove("visible"); return; }
      const table = document.createElement("table");
      for (const [key, text] of Object.entries(value)) {
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

  const draw = async (figure) => {
    await load();
    const spec = JSON.parse(figure.querySelector(".spec").textContent);
    const picture = figure.querySelector(".picture");
    const stage = document.createElement("div");
    stage.className = "stage";
    picture.append(stage);
    const old = picture.querySelector("svg");
    spec.width = picture.clientWidth - parseFloat(getComputedStyle(picture).paddingLeft) * 2;
    if (spec.width < 480) spec.config.legend.columns = 1;
    try {
      const result = await window.vegaEmbed(stage, spec, { ast: true, logLevel: 1, actions: false, renderer: "svg", defaultStyle: false, tooltip: tooltip.handler });
      old?.remove();
      figure.dataset.interactive = "true";
      let width = picture.clientWidth;
      new ResizeObserver(() => {
        if (picture.clientWidth === width) return;
        width = picture.clientWidth;
        result.view.width(width - parseFloat(getComputedStyle(picture).paddingLeft) * 2).runAsync();
      }).observe(picture);
    } catch (error) {
      stage.remove(); // the static picture stays
      console.error(error);
    }
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });
  for (const figure of document.querySelectorAll("figure.chart")) if (figure.querySelector(".spec")) watcher.observe(figure);
})();
