"use strict";
// Search and filters, over the rows of all tables and the names of the skills that have none. While they are used, parts
// without a row that fits are put away. Rows that are called what was asked for come first; those that only have it in a
// sentence are shown where there are no others, or when they are asked for.
(() => {
  const form = document.querySelector(".filter");
  const input = document.getElementById("filter");
  const choices = [...form.querySelectorAll("select")];
  const count = document.getElementById("filter-count");
  const nothing = document.getElementById("no-hit");
  const hits = document.getElementById("hits");
  const also = document.getElementById("also-hits");
  const rows = [...document.querySelectorAll("table.rows > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const firsts = rows.map((row) => row.rows[0].textContent.toLowerCase());
  // What a row is called: what its first line says, and the skills that meet an item.
  const heads = rows.map((row, place) => [
    firsts[place], ...[...row.querySelectorAll(".parts th[scope=row]")].map((each) => each.textContent.toLowerCase()),
  ].join(" "));
  const sections = [...document.querySelectorAll("main > section")];
  const rarer = document.getElementById("rarer");
  const rare = rarer ? JSON.parse(document.getElementById("rarer-data").textContent) : [];
  const SHOWN_RARE = 30;
  let isWide = false;  // whether rows are shown, too, that have the words only in a sentence
  let opened = [];
  let marks = [];

  // What was asked for, as a person would say it.
  const tellAsked = (chosen) => [
    ...(input.value.trim() ? [`“${input.value.trim()}”`] : []),
    ...chosen.map((choice) => choice.selectedOptions[0].textContent),
  ].join(" among ");
  const escape = (word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const beginsWord = (word) => new RegExp(`(?<![\\p{L}\\p{N}])${escape(word)}`, "u");

  // Words are marked in the text nodes that are there: whatever a posting says stays text.
  const unmark = () => {
    for (const mark of marks) {
      const parent = mark.parentNode;
      mark.replaceWith(mark.firstChild);
      parent.normalize();
    }
    marks = [];
  };
  const mark = (row, words) => {
    const longest = [...words].sort((a, b) => b.length - a.length).map(escape);
    const pattern = new RegExp(longest.join("|"), "giu");
    const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      for (const found of [...node.data.matchAll(pattern)].reverse()) {
        const rest = node.splitText(found.index);
        rest.splitText(found[0].length);
        const made = document.createElement("mark");
        made.className = "hit";
        rest.replaceWith(made);
        made.append(rest);
        marks.push(made);
      }
    }
  };

  const make = (name, kind, ...content) => {
    const made = document.createElement(name);
    made.className = kind;
    made.append(...content);
    return made;
  };
  const showRare = (found) => {
    for (const body of [...rarer.tBodies]) body.remove();
    rarer.toggleAttribute("data-filtered", !found.length);
    for (const place of found.slice(0, SHOWN_RARE)) {
      const [, name, kind, share, interval, companies, postings] = rare[place];
      const head = make("th", "", `${name} `, make("span", "kind", kind));
      head.scope = "row";
      const cells = [["Share of postings", make("strong", "", share), " ", make("span", "interval", interval)], ["Employers", companies], ["Postings", postings]];
      const row = make("tr", "", head, ...cells.map(([label, ...content]) => {
        const cell = make("td", "number", ...content.map((each) => (each.nodeType ? each : String(each))));
        cell.dataset.label = label;
        cell.dataset.number = `rare-${place}`;
        cell.dataset.value = parseFloat(cell.textContent);
        cell.tabIndex = -1;
        cell.setAttribute("aria-haspopup", "dialog");
        return cell;
      }));
      row.cells[1].classList.add("key");
      rarer.append(make("tbody", "", row));
    }
    document.getElementById("rarer-rest").textContent = found.length > SHOWN_RARE
      ? ` The first ${SHOWN_RARE} of ${found.length} that fit.` : "";
  };

  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = choices.filter((choice) => choice.value);
    const starts = words.map(beginsWord);
    const named = (text) => starts.every((start) => start.test(text));
    unmark();
    for (const details of opened) details.open = false;
    opened = [];
    const fits = rows.map((row, place) => words.every((word) => texts[place].includes(word))
      && chosen.every((choice) => row.dataset[choice.dataset.filter] === choice.value));
    const foundRare = rare.flatMap(([, name, kind], place) => (words.length && named(name.toLowerCase())
      && chosen.every((choice) => choice.dataset.filter === "kind" && choice.value === kind) ? [place] : []));
    const called = fits.map((each, place) => each && named(heads[place]));
    const byName = called.filter(Boolean).length + foundRare.length;
    const others = fits.filter(Boolean).length - called.filter(Boolean).length;
    const isSplit = words.length > 0 && byName > 0 && others > 0;
    const active = words.length > 0 || chosen.length > 0;
    let shown = foundRare.length;
    rows.forEach((row, place) => {
      const shows = fits[place] && (called[place] || !isSplit || isWide);
      row.toggleAttribute("data-filtered", active && !shows);
      // Where only a sentence holds the words, it is shown.
      const isInside = active && shows && !words.every((word) => firsts[place].includes(word));
      row.classList.toggle("found", isInside);
      if (isInside) {
        for (const details of row.querySelectorAll("details:not([open])")) { details.open = true; opened.push(details); }
      }
      if (active && shows && words.length) mark(row, words);
      shown += shows ? 1 : 0;
    });
    if (rarer) showRare(foundRare);
    for (const body of rarer?.tBodies ?? []) mark(body, words);
    document.body.classList.toggle("searching", active);
    for (const table of document.querySelectorAll("table.rows:not(#rarer)")) {
      table.toggleAttribute("data-filtered", active && !table.querySelector(":scope > tbody:not([data-filtered])"));
    }
    for (const section of sections) {
      section.toggleAttribute("data-filtered", active && !section.querySelector("table.rows:not([data-filtered])"));
    }
    count.textContent = active ? `${shown} of ${rows.length + rare.length} rows` : "";
    also.hidden = !isSplit;
    also.setAttribute("aria-expanded", String(isWide));
    const further = `${others} further ${others === 1 ? "row has" : "rows have"} it elsewhere, as in a sentence`;
    const widen = isWide ? "Show only rows that are called so" : `${further}: show ${others === 1 ? "it" : "them"} too`;
    also.textContent = isSplit ? widen : "";
    nothing.hidden = !active || shown > 0;
    document.getElementById("no-hit-told").textContent = nothing.hidden ? "" : `No row has ${tellAsked(chosen)}.`;
    return active;
  };
  // Wherever the reader was when the search began: what was found stands below it.
  const goToFirst = () => {
    const isHit = (row) => !row.hasAttribute("data-filtered");
    const first = nothing.hidden ? rows.find(isHit) ?? rarer?.tBodies[0] : nothing;
    const topOf = (each) => each.getBoundingClientRect().top;
    const isBelow = () => topOf(first) > window.innerHeight - 80;
    if (!first) return;
    if (topOf(hits) < form.getBoundingClientRect().bottom - 1 || isBelow()) {
      hits.scrollIntoView({ block: "start", behavior: "instant" });
    }
    if (isBelow()) first.scrollIntoView({ block: "start", behavior: "instant" });
  };
  form.hidden = false;
  form.addEventListener("input", () => { isWide = false; if (filter()) goToFirst(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); });
  form.addEventListener("reset", () => { isWide = false; setTimeout(filter); });
  also.addEventListener("click", () => { isWide = !isWide; filter(); });
  document.getElementById("no-hit-clear").addEventListener("click", () => { form.reset(); input.focus(); });
  filter();  // a browser may keep what was typed when the page is loaded again
})();
