// A figure that is clicked says what it is: its value, row and column, what its table shows and of how many deals, with the way to its passport.
// Names come from figure-index.js in the language's folder (site/figures.py), which the first click loads. Without this script the link leads to the passport at once.
"use strict";
(() => {
  if (!HTMLElement.prototype.showPopover) return;
  const source = document.currentScript.dataset.index;
  const NEAR = 8, EDGE = 12; // pixels between the figure and what is told of it, and to the window's edge
  let loading, box, opener;

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const load = () => loading ??= new Promise((resolve, reject) => {
    document.head.append(element("script", { src: source, onload: () => resolve(globalThis.nplFigures), onerror: reject }));
  });

  // table/row/column: ids of tables and columns have no stroke
  const parts = (number) => {
    const [table, ...rest] = number.split("/");
    return { table, column: rest.pop(), row: rest.join("/") };
  };

  const filled = (link, data, { words, tables }) => {
    const { table, row, column } = parts(data.dataset.number);
    const of = tables[table], [head, unit, counted] = of.columns[column] ?? [column, "", ""], [name, counts] = of.rows[row] ?? [];
    const inTable = Boolean(link.closest("td"));
    const shown = inTable && unit ? `${data.textContent} ${unit}` : data.textContent;
    const what = [name ?? link.closest("tr")?.querySelector("th")?.textContent, head].filter(Boolean).join(" · ");
    const told = [[words.table, of.title], [words.definition, of.summary], [words.n, counts?.[counted]]].filter(([, text]) => text);
    box.replaceChildren(
      element("button", { type: "button", className: "close", ariaLabel: words.close, textContent: "×", onclick: () => box.hidePopover() }),
      element("p", { className: "value", id: "figure-value", textContent: shown }),
      element("p", { className: "what", id: "figure-what", textContent: what }),
      element("dl", {}, ...told.map(([term, text]) => element("div", {}, element("dt", { textContent: term }), element("dd", { textContent: text })))),
      element("a", { href: link.href, textContent: words.passport, onclick: () => box.hidePopover() }),
    );
  };

  // Below the figure, above it if there is no room; inside the window.
  const placed = (link) => {
    const at = link.getClientRects()[0], { width, height } = box.getBoundingClientRect();
    const left = Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - width - EDGE));
    const below = at.bottom + NEAR + height <= innerHeight || at.top < height + NEAR;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? at.bottom + NEAR : at.top - NEAR - height) + scrollY}px`;
  };

  const made = () => {
    const popover = element("div", { className: "of-figure", popover: "auto", tabIndex: -1, role: "dialog" });
    popover.setAttribute("aria-labelledby", "figure-value figure-what");
    let within = false;
    popover.addEventListener("beforetoggle", () => { within = popover.contains(document.activeElement); });
    popover.addEventListener("toggle", ({ newState }) => { if (newState === "closed" && within) opener.focus({ preventScroll: true }); });
    popover.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !popover.contains(relatedTarget) && popover.matches(":popover-open")) popover.hidePopover();
    });
    document.body.append(popover);
    return popover;
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a.num"), data = link?.querySelector("data[data-number]");
    if (!data || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const index = await load();
      box ??= made();
      if (!index.tables[parts(data.dataset.number).table]) throw new Error("no such table");
      opener = link;
      filled(link, data, index);
      box.showPopover();
      placed(link);
      box.focus({ preventScroll: true });
    } catch {
      location.href = link.href;
    }
  });
})();
