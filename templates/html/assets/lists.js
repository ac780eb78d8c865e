// Lists and long tables: sorting by a click on a column's head, and a box that keeps the rows with what is typed.
// Without it they stand in their own order. The box is in the page (_partials/filter.html), the words come with the element that loads it (_partials/lists.html).
"use strict";
(() => {
  const FEW = 3; // rows from which on a table is sorted
  const words = document.currentScript.dataset;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  // The head of every column, under common heads that of the second row.
  const heads = ({ tHead }) => {
    const below = [...(tHead.rows[1]?.cells ?? [])];
    return [...tHead.rows[0].cells].flatMap((head) => head.scope === "colgroup" ? below.splice(0, head.colSpan) : [head]);
  };

  // The stored value of a number, the text of anything else; undefined where there is none.
  const value = (cell) => {
    if (cell.querySelector("abbr")) return undefined;
    const stored = cell.querySelector("data")?.value;
    if (cell.classList.contains("number") && stored) return Number(stored);
    return cell.textContent.trim() || undefined;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

  // ---- sorting
  // Rising, falling, and as it was. Sums and means stay last, as do gaps; headings of groups of rows are there in their own order only.
  const sorted = (table) => {
    const own = [...table.tBodies].map((body) => ({ body, rows: [...body.rows] }));
    const all = own.flatMap(({ rows }) => rows);
    const rows = all.filter((row) => !row.matches(".group, .summary"));
    if (rows.length < FEW) return;
    const columns = heads(table);
    const sort = (column, direction) => {
      table.classList.toggle("reordered", direction !== 0);
      if (!direction) {
        for (const { body, rows: its } of own) body.append(...its);
        return;
      }
      const keyed = rows.map((row) => ({ row, key: value(row.cells[column]) }));
      const order = (a, b) => (a.key === undefined) - (b.key === undefined) || (a.key === undefined ? 0 : direction * compare(a.key, b.key));
      own[0].body.append(...keyed.sort(order).map(({ row }) => row), ...all.filter((row) => row.matches(".summary")));
    };
    columns.forEach((head, column) => {
      const button = element("button", { type: "button", className: "sort", title: words.sort }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: null }[head.ariaSort];
        const direction = next === undefined ? "ascending" : next;
        for (const other of columns) other.removeAttribute("aria-sort");
        if (direction) head.setAttribute("aria-sort", direction);
        sort(column, direction === "ascending" ? 1 : direction === "descending" ? -1 : 0);
      });
    });
  };

  // ---- filtering
  const filtered = (box, figures, rows) => {
    let texts; // read once something is typed
    const field = box.querySelector("input"), status = box.querySelector("[role=status]");
    const apply = () => {
      texts ??= rows.map((row) => fold(row.textContent));
      const terms = fold(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, place) => {
        row.hidden = !terms.every((term) => texts[place].includes(term));
        if (!row.hidden) shown += 1;
      });
      for (const figure of figures) {
        for (const row of figure.querySelectorAll("tr.summary")) row.hidden = terms.length > 0; // they are of all rows
        for (const row of figure.querySelectorAll("tr.group")) row.hidden = ![...row.parentElement.rows].some((other) => other !== row && !other.hidden);
      }
      status.textContent = terms.length ? words.shown.replace("{n}", shown).replace("{whole}", rows.length) : "";
    };
    field.addEventListener("input", apply);
    if (field.value) apply(); // typed before this script came
  };

  const figures = [...document.querySelectorAll("figure[data-sorted]")].filter((figure) => figure.querySelector("tbody"));
  for (const figure of figures) sorted(figure.querySelector("table"));
  const rows = figures.flatMap((figure) => [...figure.querySelectorAll("tbody tr:not(.group, .summary)")]);
  const box = document.querySelector(".lists");
  if (box) {
    filtered(box, figures, rows);
    box.querySelector(".all")?.addEventListener("click", () => document.querySelector("button.find")?.click());
  }
})();
