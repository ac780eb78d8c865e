// The reader's choice of light or dark, before anything is painted; without one the system's is followed.
"use strict";
try {
  const theme = localStorage.getItem("npl-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be refused */ }

// The font with which the text of every page begins comes with the style sheet; from a disk, where it is at hand, browsers refuse it.
if (location.protocol.startsWith("http")) {
  const href = new URL("npl-latin-400.woff2", document.currentScript.src).href;
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "anonymous", href }));
}
