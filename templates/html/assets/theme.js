// The reader's choice of light or dark, before anything is painted; without one the system's is followed.
"use strict";
try {
  const theme = localStorage.getItem("npl-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be refused */ }

// The font with which the text of every page begins comes with the style sheet, and that of formulas where there are some; from a disk, where they are at hand, browsers refuse it.
if (location.protocol.startsWith("http")) {
  const { src, dataset } = document.currentScript;
  for (const name of ["npl-latin-400", ...("formulas" in dataset ? ["npl-math-400"] : [])]) {
    const href = new URL(`${name}.woff2`, src).href;
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "anonymous", href }));
  }
}

// Rows of a long table below those that its frame shows (site.css) come some at a time once the page is there, so that it answers meanwhile.
{
  const FIRST = 24, SLICE = 24; // rows
  const met = new Map();
  const wait = (row) => {
    const table = row.closest(".long > table");
    if (!table) return;
    met.set(table, (met.get(table) ?? 0) + 1);
    if (met.get(table) > FIRST) row.classList.add("waiting");
  };
  const watch = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.localName === "tr") wait(node);
  });
  watch.observe(document, { childList: true, subtree: true });
  const come = (rows) => { for (const row of rows) row.classList.remove("waiting"); };
  const led = () => { // where the address leads; a mistyped one leads nowhere
    try { return document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
  };
  addEventListener("DOMContentLoaded", () => {
    watch.disconnect();
    const rows = [...document.getElementsByClassName("waiting")];
    const target = led(), row = target?.closest(".waiting");
    if (row) { // it, and all above it
      come(rows.splice(0, rows.indexOf(row) + SLICE));
      target.scrollIntoView();
    }
    const next = () => {
      come(rows.splice(0, SLICE));
      if (rows.length) requestAnimationFrame(() => setTimeout(next));
    };
    if (rows.length) requestAnimationFrame(() => setTimeout(next));
  });
}
