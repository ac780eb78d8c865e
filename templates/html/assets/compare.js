// Up to four deals side by side: those that the address names (compare.html#deals=a,b). What is shown of a deal comes from a script beside its page
// (site/comparison.py). On the list of deals, boxes choose them.
"use strict";
(() => {
  const HEIGHT = 300, LEFT = 44, RIGHT = 12, TOP = 10, BOTTOM = 40, TICKS = 6;
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const drawn = (tag, attributes, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const asked = () => (new URLSearchParams(location.hash.slice(1)).get("deals") ?? "").split(",").filter(Boolean);
  const address = (deals) => deals.length ? `#deals=${deals.map(encodeURIComponent).join(",")}` : "#";

  // ---- the list: a box beside every deal
  const list = document.querySelector("[data-compare]");
  if (list) {
    const most = Number(list.dataset.most);
    const chosen = new Set(asked().slice(0, most));
    const told = list.querySelector("span"), link = element("a", { textContent: list.dataset.compare, className: "button" });
    const boxes = [...document.querySelectorAll("figure.grid tbody th[scope=row] a[href]")].map((name) => {
      const id = name.getAttribute("href").split("/").pop().replace(/\.html$/, "");
      const box = element("input", { type: "checkbox", value: id, checked: chosen.has(id), ariaLabel: `${list.dataset.choose} ${name.textContent}` });
      name.before(box);
      return box;
    });
    const show = () => {
      for (const box of boxes) box.disabled = !box.checked && chosen.size >= most;
      told.textContent = (chosen.size ? list.dataset.chosen : list.dataset.hint).replace("{n}", chosen.size).replace("{most}", most);
      link.hidden = chosen.size === 0;
      link.href = `compare.html${address([...chosen])}`;
      for (const page of document.querySelectorAll(".pager a")) page.hash = address([...chosen]);
    };
    for (const box of boxes) {
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(box.value);
        else chosen.delete(box.value);
        history.replaceState(null, "", address([...chosen]));
        show();
      });
    }
    list.append(" ", link);
    show();
  }

  // ---- the page
  const place = document.getElementById("compared");
  if (!place) return;
  const words = place.dataset, most = Number(words.most);
  const known = new Map();
  const number = (value, digits) => value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const load = (id) => {
    if (!known.has(id)) {
      known.set(id, new Promise((resolve) => {
        const src = new URL(`${encodeURIComponent(id)}.js`, location.href).href;
        const script = element("script", { src, onload: () => resolve({ id, ...script.deal }), onerror: () => resolve({ id }) });
        document.head.append(script);
      }));
    }
    return known.get(id);
  };

  // Round steps from nought on, about as many as TICKS.
  const ticks = (end) => {
    const rough = end / TICKS, power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
    return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, place) => Number((place * step).toPrecision(12)));
  };

  const curves = (deals) => {
    const points = deals.flatMap((deal) => Object.values(deal.lines).flat());
    if (!points.length) return null;
    const width = Math.max(280, place.clientWidth - 40), end = Math.max(...points.map(([age]) => age)), top = 1.05 * Math.max(...points.map(([, at]) => at));
    const x = (age) => LEFT + (age / end) * (width - LEFT - RIGHT), y = (at) => TOP + (1 - at / top) * (HEIGHT - TOP - BOTTOM);
    const axes = [
      ...ticks(top).flatMap((at) => [drawn("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(at), y2: y(at) }), drawn("text", { x: LEFT - 6, y: y(at) + 4, "text-anchor": "end" }, `${at}%`)]),
      ...ticks(end).map((age) => drawn("text", { x: x(age), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" }, String(age))),
      drawn("text", { x: width - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, words.age),
    ];
    const lines = deals.flatMap((deal, number) => ["forecast", "actual"].filter((name) => deal.lines[name]?.length).map((name) =>
      drawn("polyline", { class: `${name} line-${number + 1}`, points: deal.lines[name].map(([age, at]) => `${x(age).toFixed(1)},${y(at).toFixed(1)}`).join(" ") })));
    const alt = deals.filter((deal) => deal.lines.actual?.length).map((deal) => words.alt.replace("{name}", deal.name).replace("{rate}", number(deal.lines.actual.at(-1)[1], 2)).replace("{age}", number(deal.lines.actual.at(-1)[0], 1)));
    const key = (name, className) => element("span", {}, drawn("svg", { width: 26, height: 10, "aria-hidden": "true" }, drawn("polyline", { class: className, points: "0,5 26,5" })), ` ${name}`);
    return element("figure", { className: "chart" },
      element("figcaption", { textContent: words.curves }),
      element("p", { className: "key" }, ...deals.map((deal, number) => key(deal.name, `actual line-${number + 1}`)), key(words.actual, "actual"), key(words.forecast, "forecast")),
      drawn("svg", { class: "curves", role: "img", "aria-label": [words.curves, ...alt].join(". "), width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` }, ...axes, ...lines));
  };

  const table = (deals) => {
    const rows = new Map(); // group → label → a text a deal
    deals.forEach((deal, number) => {
      for (const [title, its] of deal.groups) {
        const group = rows.get(title) ?? rows.set(title, new Map()).get(title);
        for (const [label, text] of its) (group.get(label) ?? group.set(label, []).get(label))[number] = text;
      }
    });
    const heads = deals.map((deal, number) => {
      const others = deals.filter((other) => other !== deal).map(({ id }) => id);
      return element("th", { scope: "col", className: `number line-${number + 1}` }, element("a", { href: deal.page, textContent: deal.name }), element("a", { href: address(others), className: "remove", textContent: "×", title: words.remove, ariaLabel: `${words.remove} ${deal.name}` }));
    });
    const bodies = [...rows].map(([title, its]) => element("tbody", {},
      element("tr", { className: "group" }, element("th", { scope: "rowgroup", colSpan: deals.length + 1 }, element("span", { textContent: title }))),
      ...[...its].map(([label, texts]) => element("tr", {}, element("th", { scope: "row", textContent: label }), ...deals.map((_, number) => element("td", { className: "number", textContent: texts[number] ?? "—" }))))));
    const made = element("table", {}, element("thead", {}, element("tr", {}, element("th", { scope: "col", textContent: words.fact }), ...heads)), ...bodies);
    const frame = element("div", { className: "scroll long", tabIndex: 0, role: "region", ariaLabel: document.querySelector("h1").textContent }, made);
    return element("figure", { className: "table side" }, frame);
  };

  const show = async () => {
    const at = location.hash, found = await Promise.all([...new Set(asked())].slice(0, most).map(load));
    if (location.hash !== at) return; // meanwhile others are wanted
    const deals = found.filter((deal) => deal.groups), unknown = found.filter((deal) => !deal.groups).map(({ id }) => id);
    const said = [...(unknown.length ? [words.unknown.replace("{deals}", unknown.join(", "))] : []), ...(deals.length ? [] : [words.none])];
    place.replaceChildren(...said.map((text) => element("p", { className: "unavailable", textContent: text })), ...(deals.length ? [curves(deals), table(deals)].filter(Boolean) : []));
  };
  addEventListener("hashchange", show);
  show();
})();
