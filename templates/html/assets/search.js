// Search in this edition. What is found, and in which order, says ranking.js. The index is a script of its own (search-index.js, see
// site/search.py); both are loaded when the search is first opened. If the index has several files, the others hold deals, and are
// loaded one after the other once something is looked for.
"use strict";
(() => {
  const LIMIT = 40;
  const BEFORE = 36, SNIPPET = 150; // characters of a snippet ahead of the first hit, and in all
  const own = document.currentScript.src;

  const link = document.querySelector("a.find");
  const source = new URL(link.dataset.index, location.href);
  const fallback = link.href;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-keyshortcuts", "/ Control+K");
  button.setAttribute("aria-label", link.querySelector("span").textContent);
  button.append(...link.childNodes);
  link.replaceWith(button);

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  // ---- the index and what is found in it
  const script = (src) => new Promise((resolve, reject) => { document.head.append(element("script", { src, onload: resolve, onerror: reject })); });
  const load = async (number = 1) => {
    await script(number === 1 ? source.href : source.href.replace(/\.js$/, `.${number}.js`));
    return globalThis.nplSearch;
  };
  const loaded = async () => {
    const [given] = await Promise.all([load(), script(new URL("ranking.js", own).href)]);
    const ranking = globalThis.nplRanking(given);
    ranking.add(given.rows);
    return { ...given, ranking };
  };

  // ---- showing
  // The text with the terms marked. Folding may change a text's length, so every folded character knows the place that it came from.
  const places = (text) => {
    const from = [];
    let folded = "";
    for (let i = 0; i < text.length;) {
      const sign = String.fromCodePoint(text.codePointAt(i));
      const part = sign.normalize("NFKC").toLowerCase();
      for (let k = 0; k < part.length; k += 1) from.push(i);
      folded += part;
      i += sign.length;
    }
    from.push(text.length);
    return { folded, from };
  };
  const spans = (text, marks) => {
    const { folded, from } = places(text);
    const found = [];
    for (const mark of marks) {
      for (const { 0: { length }, index } of folded.matchAll(mark)) {
        const last = from[index + length - 1];
        found.push([from[index], last + String.fromCodePoint(text.codePointAt(last)).length]);
      }
    }
    return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  };
  const marked = (text, marks, start = 0, end = text.length) => {
    const pieces = [];
    let at = start;
    for (const [first, last] of spans(text, marks)) {
      if (last <= at || first >= end) continue;
      const from = Math.max(first, at), to = Math.min(last, end);
      pieces.push(text.slice(at, from), element("mark", { textContent: text.slice(from, to) }));
      at = to;
    }
    pieces.push(text.slice(at, end));
    return pieces;
  };
  // The stretch of the text that has most of what is looked for.
  const snippet = (text, marks) => {
    const found = spans(text, marks);
    const most = ([start]) => new Set(found.filter(([first, last]) => first >= start && last <= start + SNIPPET - BEFORE).map(([first, last]) => text.slice(first, last))).size;
    const first = found.reduce((best, span) => most(span) > most(best) ? span : best, found[0])[0];
    let start = Math.max(0, first - BEFORE);
    const space = text.indexOf(" ", start);
    if (start > 0 && space >= 0 && space < first) start = space + 1;
    const cut = start + SNIPPET;
    const end = Math.min(text.length, found.find(([from, to]) => from < cut && to > cut)?.[1] ?? cut); // no hit is cut in two
    return [start > 0 ? "…" : "", ...marked(text, marks, start, end), end < text.length ? "…" : ""];
  };
  const shown = ({ entry }, marks, words) => {
    const has = (text) => spans(text, marks).length > 0;
    const link = element("a", { href: new URL(entry.address, source).href });
    link.append(element("span", { className: "kind", textContent: words.kinds[entry.kind] }), element("b", {}, ...marked(entry.title, marks)));
    const name = entry.names.find((other) => other !== entry.where && has(other));
    const beside = [name, entry.where].filter(Boolean).join(words.dot);
    if (beside) link.append(" ", element("small", {}, ...marked(beside, marks)));
    if (has(entry.text)) link.append(element("span", { className: "snippet" }, ...snippet(entry.text, marks)));
    return element("li", {}, link);
  };

  // ---- the dialog
  const build = ({ words, ranking, files }) => {
    const field = element("input", { type: "search", placeholder: words.placeholder, autocomplete: "off", spellcheck: false });
    field.setAttribute("aria-label", words.title);
    field.setAttribute("aria-describedby", "search-status");
    const close = element("button", { type: "button", textContent: words.close });
    const status = element("p", { id: "search-status", textContent: words.hint });
    status.setAttribute("role", "status");
    const list = element("ol");
    const dialog = element("dialog", { className: "search" }, element("div", { className: "head" }, field, close), status, list);
    dialog.setAttribute("aria-label", words.title);

    const search = () => {
      const { marks, hits, partly } = ranking.find(field.value);
      list.replaceChildren(...hits.slice(0, LIMIT).map((hit) => shown(hit, marks, words)));
      status.textContent = !marks.length ? words.hint : told(hits.length, partly).replace("{n}", hits.length);
    };
    // Nothing is said not to be there before everything was searched.
    let have = 1, loading = false, failed = false;
    const told = (count, partly) => {
      if (have < files) return failed ? words.lacking : words.searching;
      if (partly) return words.partly;
      return count === 0 ? words.none : count === 1 ? words.one : words.many;
    };
    const complete = async () => {
      if (loading) return;
      loading = true;
      failed = false;
      try {
        while (have < files) {
          ranking.add((await load(have + 1)).rows);
          have += 1;
          again();
        }
      } catch {
        failed = true;
        again();
      }
      loading = false;
    };
    // More deals: the reader stays where they are in the list.
    const again = () => {
      const at = list.contains(document.activeElement) ? document.activeElement.href : "";
      const top = list.scrollTop;
      search();
      list.scrollTop = top;
      if (at) ([...list.querySelectorAll("a")].find((link) => link.href === at) ?? field).focus();
    };
    const typed = () => {
      if (field.value.trim()) complete();
      search();
      list.scrollTop = 0;
    };
    const step = (by) => {
      const stops = [field, ...list.querySelectorAll("a")];
      stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + by))].focus();
    };
    field.addEventListener("input", typed);
    close.addEventListener("click", () => dialog.close());
    list.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); }); // beside it
    dialog.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") { event.preventDefault(); dialog.close(); return; } // a search field would take it to empty itself
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Enter" && event.target === field) list.querySelector("a")?.click();
      else if (event.key.length === 1 && event.target.matches("ol a") && !event.ctrlKey && !event.metaKey) field.focus(); // typing goes on
    });
    document.body.append(dialog);
    return { dialog, field };
  };

  let first = null, built = null;
  const open = async () => {
    try {
      built ??= build(await (first ??= loaded()));
    } catch {
      location.href = fallback;
      return;
    }
    if (!built.dialog.open) built.dialog.showModal();
    built.field.focus();
    built.field.select();
  };
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.(":is(input, textarea, select, [contenteditable]):not(dialog:not([open]) *)"); // a field just closed keeps the focus until the page is drawn again
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    open();
  });
})();
