// Small comforts of the reading pages; everything works without it.
"use strict";

// Keep the reader's place when switching the language: the same anchor in the other language.
for (const link of document.querySelectorAll("a.language")) {
  link.addEventListener("click", () => { link.hash = location.hash; });
}

// Scroll the current chapter of the menu into view on narrow screens.
const current = document.querySelector(".chapters [aria-current]");
if (current) current.parentElement.scrollLeft = current.offsetLeft - 20;

// Light, dark, or as the system: theme.js reads the choice back on the next page.
{
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  const order = ["system", "light", "dark"];
  const show = () => {
    button.dataset.state = root.dataset.theme ?? "system";
    button.title = button.dataset.label + button.dataset[button.dataset.state];
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(button.dataset.state) + 1) % order.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("npl-theme", next); } catch { /* for this page only, then */ }
    show();
  });
  show();
  button.hidden = false;
}

// The contents: open beside the text on wide screens, folded above it on narrow ones, the section being read marked.
const contents = document.querySelector("nav.contents");
if (contents) {
  const fold = contents.querySelector("details");
  const wide = matchMedia("(min-width: 77rem)");
  const follow = () => { fold.open = wide.matches; };
  wide.addEventListener("change", follow);
  follow();
  const parts = [...contents.querySelectorAll("a")].map((link) => ({ link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) }));
  for (const { link } of parts) link.addEventListener("click", () => { if (!wide.matches) fold.open = false; });
  let asked = false;
  const mark = () => {
    asked = false;
    const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const read = end && scrollY > 0 ? parts.length - 1 : parts.findLastIndex(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 4);
    parts.forEach(({ link }, place) => {
      if (place === read) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
  };
  const ask = () => { if (!asked) { asked = true; requestAnimationFrame(mark); } };
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", ask);
  ask();
}

// A link to itself beside every heading that has an anchor.
const main = document.getElementById("content");
for (const heading of main.querySelectorAll("h2[id], h3[id]")) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = `#${heading.id}`;
  link.textContent = "#";
  link.title = main.dataset.anchor;
  link.setAttribute("aria-label", main.dataset.anchor);
  heading.append(" ", link);
}

// Copy buttons; where the clipboard is refused the text is selected instead.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      getSelection().selectAllChildren(text);
    }
  });
}
