// What is looked for → the entries of the search's index, the best first. Loaded by search.js together with the index (site/search.py).
// Words are found from their beginning, numbers as a whole; Chinese, which has no spaces, by pairs of characters. Other words for the same
// thing come with the index (text/search/*.toml and data/market.toml). A title counts most, then other names, what an entry belongs to, text.
"use strict";
globalThis.nplRanking = ({ stop, endings, groups }) => {
  const DEAL = 3, CLASS = 4;
  const WEIGHTS = { title: 8, names: 5, where: 3, text: 1 };
  const KIND = { [DEAL]: .7, [CLASS]: 1.3 };
  const PART = .95; // what a section of a chapter is worth, of the chapter
  const HEADED = 1.4; // if its heads alone have everything
  const OTHER = .7; // of what another word for the same thing is worth
  const ENOUGH = 2 / 3; // of the words, if no entry has all of them; of the pairs of Chinese characters
  const TAIL = 4; // letters that a word may go on for
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const HAN = /[\u2e80-\u9fff\uf900-\ufaff]/;
  const WORD = /[\u2e80-\u9fff\uf900-\ufaff]+|[\p{L}\p{N}](?:[^\s\u2e80-\u9fff\uf900-\ufaff]*[\p{L}\p{N}])?/gu;
  const LETTER = "[a-z\\u00df-\\u024f]";

  // ---- patterns: what is looked for in a folded text
  const stem = (word) => {
    if (!/^\p{L}+$/u.test(word)) return word;
    const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= 4);
    return ending ? word.slice(0, -ending.length) : word;
  };
  const single = (word, open) => {
    if (HAN.test(word)) return escape(word);
    const parts = stem(word).split(/[-–—/·.,](?!\d)|(?<!\d)[.,]/).filter(Boolean).map(escape).join("[-–—/·., ]*");
    if (/\d$/.test(word)) return `(?<![\\d.])${parts}${open ? "" : "(?!\\d|[.,]\\d)"}`;
    const length = open ? "*" : `{0,${word.length < 4 ? 1 : TAIL}}`;
    return `(?<!${LETTER})${parts}${LETTER}${length}(?!${LETTER})`;
  };
  const pattern = (words, worth = 1, open = false) => ({
    worth,
    first: stem(words[0]).split(/[-–—/·.,]/)[0],
    find: new RegExp(words.map((word, place) => single(word, open && place === words.length - 1)).join("[\\s-]*"), "gu"),
  });
  const count = (text, { first, find }) => text.includes(first) ? Math.min(4, text.match(find)?.length ?? 0) : 0;

  const halted = new Set(stop);
  const han = stop.filter((word) => HAN.test(word)).sort((a, b) => b.length - a.length).map(escape).join("|");
  const between = han ? new RegExp(han) : null;
  const words = (text) => fold(text).match(WORD) ?? [];
  const same = (a, b) => HAN.test(a) || HAN.test(b) ? a === b : stem(a) === stem(b);
  const known = groups.flatMap((group) => {
    const phrases = group.map(words);
    return phrases.map((phrase) => ({ phrase, others: phrases.filter((other) => other !== phrase), length: group[0] && phrase.join("").length }));
  }).sort((a, b) => b.length - a.length);

  // ---- what was typed → what must occur, each in one of several ways
  // A phrase that has other words for it is one thing; what is left of Chinese is pairs of characters.
  const split = (tokens) => {
    for (const { phrase, others } of known) {
      const chinese = phrase.length === 1 && HAN.test(phrase[0]);
      const at = tokens.findIndex((_, place) => chinese ? typeof tokens[place] === "string" && tokens[place].includes(phrase[0])
        : phrase.every((word, k) => typeof tokens[place + k] === "string" && same(tokens[place + k], word)));
      if (at < 0) continue;
      const found = known.filter((other) => other.phrase.join(" ") === phrase.join(" ")).flatMap((other) => other.others);
      const thing = { ways: [pattern(phrase), ...found.map((other) => pattern(other, OTHER))] };
      const rest = chinese ? tokens[at].split(phrase[0]) : ["", ""];
      const before = rest[0], after = rest.slice(1).join(phrase[0]);
      return split([...tokens.slice(0, at), ...(before ? [before] : []), thing, ...(after ? [after] : []), ...tokens.slice(at + (chinese ? 1 : phrase.length))]);
    }
    return tokens;
  };
  const wanted = (query) => {
    const typed = words(query);
    const tokens = typed.filter((word) => !halted.has(word));
    const last = typed.at(-1);
    const parts = split(tokens.length ? tokens : typed);
    const whole = parts.filter((part) => typeof part !== "string" || part.length > 1 || !HAN.test(part)); // a character that is left over says little
    const things = (whole.length ? whole : parts).flatMap((token) => {
      if (typeof token !== "string") return [token];
      if (!HAN.test(token)) return [{ ways: [pattern([token], 1, token === last && !/\s$/.test(query))] }];
      const pieces = between ? token.split(between).filter(Boolean) : [token];
      return pieces.map((piece) => ({
        ways: [pattern([piece])],
        pairs: piece.length > 2 ? [...piece].slice(1).map((sign, place) => piece[place] + sign) : [],
      }));
    });
    return things.length ? things : typed.map((word) => ({ ways: [pattern([word])] })); // nothing but words that say nothing
  };

  // ---- the worth of an entry
  const rows = [];
  const kept = (text, { ways, pairs = [] }, usual) => {
    const long = .5 + .5 * text.length / usual;
    let best = 0;
    for (const way of ways) {
      const times = count(text, way);
      if (times) best = Math.max(best, way.worth * times / (times + long));
    }
    if (best || !pairs.length) return { best, share: best ? 1 : 0 };
    const share = pairs.filter((pair) => text.includes(pair)).length / pairs.length;
    return { best: share >= ENOUGH ? share ** 2 / (1 + long) : 0, share };
  };
  const values = ({ folded }, thing) => {
    const names = Math.max(0, ...folded.names.map((name) => kept(name, thing, usual("title")).best));
    const [title, where, text] = ["title", "where", "text"].map((field) => WEIGHTS[field] * kept(folded[field], thing, usual(field)).best);
    const heads = title + where + WEIGHTS.names * names;
    if (heads + text || !thing.pairs?.length) return { worth: heads + text, heads };
    // pairs that are shared out over title, place, names and text
    return { worth: 2 * kept([folded.title, folded.where, ...folded.names, folded.text].join("\n"), thing, usual("text")).best, heads: 0 };
  };
  const lengths = { title: 0, where: 0, text: 0, rows: 0 };
  const usual = (field) => 1 + lengths[field] / Math.max(1, lengths.rows); // of entries other than deals, which come later
  const plain = (text) => text.replace(/[\s·|｜]+/g, "");

  // What was typed is its name, the beginning of it, or in its title.
  const itself = ({ title, names }, whole) => {
    if (title === whole || names.includes(whole)) return 100;
    if ([title, ...names].some((name) => name.startsWith(whole) && !/^\d/.test(name.slice(whole.length)))) return 12;
    return title.includes(whole) ? 5 : 0;
  };

  const find = (query) => {
    const things = wanted(query);
    if (!things.length) return { marks: [], hits: [], partly: false };
    const table = things.map((thing) => rows.map((entry) => values(entry, thing)));
    const whole = plain(fold(query));
    const rare = table.map((column) => Math.log(1 + rows.length / (1 + column.filter(({ worth }, place) => worth && rows[place].kind !== DEAL).length)));
    const found = (most) => rows.flatMap((entry, place) => {
      const missing = table.filter((column) => !column[place].worth).length;
      if (missing > most) return [];
      const sum = table.reduce((all, column, thing) => all + rare[thing] * column[place].worth, 0);
      const headed = things.length > 1 && table.every((column) => column[place].heads) ? HEADED : 1;
      return [{ entry, value: (sum * headed * (KIND[entry.kind] ?? 1) * (entry.part ? PART : 1) + itself(entry.plain, whole)) / (1 + missing) }];
    });
    const all = found(0);
    const partly = !all.length && things.length > 1;
    const hits = partly ? found(Math.floor(things.length * (1 - ENOUGH))) : all;
    const typed = words(query).filter((word) => HAN.test(word)).map((word) => new RegExp(escape(word), "gu")); // marked whole where they stand whole
    const marks = things.flatMap(({ ways, pairs = [] }) => [...ways.map(({ find }) => find), ...pairs.map((pair) => new RegExp(escape(pair), "gu"))]);
    return { marks: [...typed, ...marks], hits: hits.sort((a, b) => b.value - a.value), partly: partly && hits.length > 0 }; // stable: equal ones keep the order of the publication
  };
  const add = (given) => {
    for (const [kind, address, title, where, text, ...names] of given) {
      const entry = { kind, address, title, where, text, names, part: kind === 0 && address.includes("#") };
      const folded = { title: fold(title), where: fold(where), text: fold(text), names: names.map(fold) };
      rows.push({ ...entry, folded, plain: { title: plain(folded.title), names: folded.names.map(plain) } });
      if (kind === DEAL) continue;
      for (const field of ["title", "where", "text"]) lengths[field] += folded[field].length;
      lengths.rows += 1;
    }
  };
  return { add, find };
};
