// Loads the page again when something changed; of a style sheet only that. Read by the preview alone.
"use strict";
(() => {
  const at = new URL(document.currentScript.src).searchParams.get("at"); // the state that the page shows
  let source = null;
  const take = ({ data }) => {
    if (JSON.parse(data) !== "looks") { location.reload(); return; }
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const fresh = link.cloneNode();
      const address = new URL(link.href);
      address.searchParams.set("at", Date.now());
      fresh.href = address;
      fresh.onload = () => link.remove(); // until then the page keeps its look
      link.after(fresh);
    }
  };
  const open = () => {
    if (source || document.hidden) return; // a browser allows six connections: those of hidden pages are given back
    source = new EventSource(`/~live/events?at=${at}`);
    source.onmessage = take;
  };
  const close = () => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  open();
})();

// The sidebar: where the page's prose stands, what its author should look at, and how prose binds a figure.
(() => {
  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const list = make("ul"), helpers = make("div", { className: "helpers" });
  const title = make("span"), about = make("p");
  const panel = make("details", { className: "npl-side", open: sessionStorage.getItem("npl-side") === "open" });
  panel.append(make("summary", {}, title), about, helpers, list);
  panel.addEventListener("toggle", () => sessionStorage.setItem("npl-side", panel.open ? "open" : "shut"));
  helpers.append(make("p", { textContent: "Click a figure: what prose writes for it stands here." }));

  const copied = async (button, text) => {
    try { await navigator.clipboard.writeText(text); button.textContent = "copied"; }
    catch { getSelection().selectAllChildren(button.previousSibling); button.textContent = "press Ctrl-C"; }
  };
  const helper = (what, text) => {
    const button = make("button", { type: "button", textContent: "copy" });
    button.setAttribute("aria-label", `copy ${text}`);
    button.addEventListener("click", () => copied(button, text));
    return make("p", {}, make("b", { textContent: what }), make("code", { textContent: text }), button);
  };
  document.addEventListener("click", ({ target }) => {
    const figure = target.closest?.("a.num, td, th")?.querySelector("data[data-number]") ?? target.closest?.("data[data-number]");
    if (!figure || panel.contains(target)) return;
    const number = figure.dataset.number, [table, row, column] = number.split("/");
    helpers.replaceChildren(
      helper("Figure", `{{ n("${table}", "${row}", "${column}") }}`),
      helper("Reference", `{{ ref("${table}") }}`),
      helper("Claim", `[${figure.textContent.trim()} …]{.claim that="${number} above …"}`),
    );
  }, true);

  const page = location.pathname.slice(1);
  const show = ({ file, notes }) => {
    const wrong = document.querySelectorAll("aside.npl-live li").length;
    const counted = [[wrong, "wrong"], [notes.length, "to look at"]].filter(([n]) => n).map(([n, what]) => `${n} ${what}`);
    title.textContent = ["Preview", ...counted].join(" · ");
    about.textContent = file ? `The prose of this page: ${file}` : "This page has no prose of its own.";
    list.replaceChildren(...notes.map(text => make("li", { textContent: text })));
    panel.classList.toggle("wrong", wrong > 0);
  };
  fetch(`/~live/notes?page=${encodeURIComponent(page)}`).then(answer => answer.json()).then(show, () => show({ file: "", notes: [] }));
  document.body.append(panel);
})();
