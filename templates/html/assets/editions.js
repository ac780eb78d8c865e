// Editions of the series on a published page: a choice of them, and a notice where a later one stands. The list comes from editions.js at the root.
"use strict";
{
  const link = document.querySelector("a.edition");
  const editions = globalThis.nplEditions ?? [];
  const { folder, page, language, label, revised, newer } = link.dataset;
  const shelf = link.getAttribute("href").replace(/index\.html$/, "");
  const own = editions.find((item) => item.folder === folder);
  const reach = (item) => {
    const language_ = item.names[language] ? language : Object.keys(item.names)[0];
    const there = [page, page.replace(/\.\d+\.html$/, ".html")].find((path) => item.pages.includes(path));
    return `${shelf}${item.folder}/${language_}/${there ?? "index.html"}`;
  };
  const name = (item) => item.names[language] ?? Object.values(item.names)[0];
  if (own && editions.length > 1) {
    const choice = document.createElement("select");
    choice.className = "edition";
    choice.setAttribute("aria-label", label);
    for (const item of editions) choice.append(new Option(name(item), reach(item), item === own, item === own));
    choice.addEventListener("change", () => { location.href = choice.value + location.hash; });
    addEventListener("pageshow", () => { choice.value = reach(own); });
    link.replaceWith(choice);
    const revision = editions.find((item) => item.edition === own.edition && item.revision > own.revision);
    const later = revision ?? (editions[0] === own ? undefined : editions[0]);
    if (later) {
      const notice = document.createElement("aside");
      notice.className = revision ? "notice later revised" : "notice later";
      notice.setAttribute("aria-label", label);
      const there = document.createElement("a");
      there.href = reach(later);
      there.textContent = name(later);
      notice.append(document.createElement("p"));
      notice.firstChild.append(revision ? revised : newer, there);
      document.querySelector("header.top").after(notice);
    }
  }
}
