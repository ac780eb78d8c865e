// Loads the page again when something changed; of a style sheet only that. Read by the preview alone.
"use strict";
(() => {
  const source = new EventSource("/~live/events");
  source.onmessage = ({ data }) => {
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
  addEventListener("pagehide", () => source.close());
})();
