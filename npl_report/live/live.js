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
