// The scenario of a deal's page: sliders, and what the tranches then earn. Without it the page has the static table beside it.
"use strict";
for (const box of document.querySelectorAll("section.scenario")) {
  const deal = JSON.parse(box.querySelector("script").textContent);
  const { scenario } = globalThis.nplWaterfall;
  const form = box.querySelector("form");
  const outputs = new Map([...box.querySelectorAll("[data-out]")].map((element) => [element.dataset.out, element]));
  const parts = [...box.querySelectorAll("rect[data-part]")];
  const slices = { fees: ["taxes", "trust_fees", "servicing", "excess_fees"] };

  // A figure as the tables of this language print it: the same scale, decimals, separators and minus sign, rounded half up.
  const print = (value, format) => {
    const { scale, decimals, text, one } = deal.formats[format];
    if (!Number.isFinite(value)) return "\u221e";
    const scaled = Number((value * scale).toPrecision(12));
    const rounded = Number(`${Math.sign(scaled) * Math.round(Number(`${Math.abs(scaled)}e${decimals}`))}e-${decimals}`) || 0;
    const plain = Math.abs(rounded).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
      .replace(/[.,]/g, (mark) => (mark === "." ? deal.marks.decimal : deal.marks.thousands));
    return (plain === "1" ? one : text).replace("{}", (rounded < 0 ? "\u2212" : "") + plain);
  };
  const show = (name, text) => { outputs.get(name).textContent = text; };

  const update = () => {
    const times = form.elements.recovery.valueAsNumber / 100;
    const months = form.elements.delay.valueAsNumber;
    const slider = form.elements.reward;
    const share = slider.value === slider.defaultValue ? deal.reward_share : slider.valueAsNumber / 100; // a share that no step of the slider hits stands until it is moved
    const found = scenario(deal, times, months * deal.month, share);
    show("recovery", deal.words.recovery.replace("{share}", print(times, "share")).replace("{amount}", print(found.recovered, "money")).replace("{rate}", print(found.recovered / deal.pool_balance, "rate")));
    show("delay", print(months, "months"));
    show("reward", print(share, "share"));
    for (const tranche of deal.ladder) {
      const earned = found.tranches[tranche];
      show(`${tranche}.rate`, print(earned.rate, "rate"));
      show(`${tranche}.multiple`, print(earned.multiple, "multiple"));
      show(`${tranche}.life`, earned.life === null ? deal.words.nothing : print(earned.life / deal.month, "life"));
      show(`${tranche}.loss`, print(earned.loss, "rate"));
    }
    show("default", found.default ? deal.words.default : deal.words.no_default);
    let at = 0;
    for (const rect of parts) {
      const amount = (slices[rect.dataset.part] ?? [rect.dataset.part]).reduce((total, name) => total + found.totals[name], 0);
      const width = found.recovered ? (100 * amount) / found.recovered : 0;
      rect.setAttribute("x", `${at}%`);
      rect.setAttribute("width", `${width}%`);
      show(`part.${rect.dataset.part}`, print(amount, "money"));
      at += width;
    }
  };

  form.addEventListener("input", update);
  form.addEventListener("reset", () => { setTimeout(update); });
  form.addEventListener("submit", (event) => { event.preventDefault(); });
  update();
  box.querySelector(".live").hidden = false;
}
