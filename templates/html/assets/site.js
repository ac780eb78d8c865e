// Small comforts of the reading pages; everything works without it.
"use strict";

// Keep the reader's place when switching the language: the same anchor in the other language.
for (const link of document.querySelectorAll("a.language")) {
  link.addEventListener("click", () => { link.hash = location.hash; });
}

// Scroll the current chapter of the menu into view on narrow screens.
const current = document.querySelector(".chapters [aria-current]");
if (current) current.parentElement.scrollLeft = current.offsetLeft - 20;
