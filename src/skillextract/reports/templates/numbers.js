"use strict";
(() => {
  // Charts. The drawings that stand in the page are replaced, once they come near, by charts that fit its width and
  // answer to the pointer. Vega's expressions are interpreted (ast): the page's policy forbids making code of strings.
  const enliven = (place) => {
    const still = place.innerHTML;
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const room = document.createElement("div");
    room.style.width = "100%";
    place.replaceChildren(room);
    window.vegaEmbed(room, spec, {
      actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    }).then(
      () => { place.classList.add("live"); },
      (fault) => { place.innerHTML = still; console.error(fault); },
    );
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      watcher.unobserve(entry.target);
      enliven(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const place of document.querySelectorAll("[data-chart]")) watcher.observe(place);

  // Search and filters, over the rows of all tables. While they are used, parts without a row that fits are put away.
  const form = document.querySelector(".filter");
  const input = document.getElementById("filter");
  const choices = [...form.querySelectorAll("select")];
  const count = document.getElementById("filter-count");
  const rows = [...document.querySelectorAll("table.rows > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const firsts = rows.map((row) => row.rows[0].textContent.toLowerCase());
  const sections = [...document.querySelectorAll("main > section")];
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = choices.filter((choice) => choice.value);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word))
        && chosen.every((choice) => row.dataset[choice.dataset.filter] === choice.value);
      row.toggleAttribute("data-filtered", !fits);
      // Where only a sentence holds the words, it is shown.
      row.classList.toggle("found", fits && !words.every((word) => firsts[place].includes(word)));
      shown += fits ? 1 : 0;
    });
    const active = words.length > 0 || chosen.length > 0;
    document.body.classList.toggle("searching", active);
    for (const table of document.querySelectorAll("table.rows")) {
      table.toggleAttribute("data-filtered", active && !table.querySelector(":scope > tbody:not([data-filtered])"));
    }
    for (const section of sections) {
      section.toggleAttribute("data-filtered", active && !section.querySelector("table.rows:not([data-filtered])"));
    }
    count.textContent = active ? `${shown} of ${rows.length} rows` : "";
  };
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => { event.preventDefault(); });
  form.addEventListener("reset", () => { setTimeout(filter); });
  filter();  // a browser may keep what was typed when the page is loaded again

  // Long tables begin with their first rows; a search looks through all of them.
  const LONG = 30;
  for (const table of document.querySelectorAll("table.rows")) {
    if (table.tBodies.length <= LONG) continue;
    table.classList.add("cut");
    const more = document.createElement("button");
    more.type = "button";
    more.className = "all";
    more.textContent = `Show all ${table.tBodies.length}`;
    more.addEventListener("click", () => {
      const next = table.tBodies[25];
      table.classList.remove("cut");
      more.remove();
      next.querySelector("a, button, summary")?.focus();
    });
    table.after(more);
  }

  // Sorting: a heading becomes a button; a row is a body of its table, so that its details go with it.
  const valueOf = (row, column, kind) => {
    const cell = row.rows[0].cells[column];
    const value = cell.dataset.value ?? cell.textContent.trim();
    return kind === "number" ? Number(value) : value.toLowerCase();
  };
  for (const table of document.querySelectorAll("table.rows")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const kind = head.dataset.sort;
      if (!kind) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const order = now ? (now === "ascending" ? -1 : 1) : (kind === "number" ? -1 : 1);
        for (const each of heads) each.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order === 1 ? "ascending" : "descending");
        const keyed = [...table.tBodies].map((row) => [valueOf(row, column, kind), row]);
        keyed.sort(([a], [b]) => order * (kind === "number" ? a - b : a.localeCompare(b)));
        table.append(...keyed.map(([, row]) => row));
      });
    });
  }

  // Sentences: a number shows those that it was counted from. They stand in the page's index as text and stay text.
  const dialog = document.getElementById("sentences");
  const quotes = document.getElementById("sentences-quotes");
  const link = document.getElementById("sentences-row");
  let index;
  const make = (name, text, kind) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const tellSource = ([title, company, url, id], asked) => {
    const source = make("p", "", "source");
    if (asked) source.append(make("span", asked, "kind"), " ");
    source.append(make("bdi", company), " · ");
    const name = make("bdi", title || "posting");
    if (url && /^https?:/.test(url)) {
      const anchor = make("a");
      anchor.href = url;
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
      anchor.append(name);
      source.append(anchor);
    } else {
      source.append(name, " ", make("code", id));
    }
    return source;
  };
  const quote = ([posting, before, mark, after, asked]) => {
    const item = make("li");
    if (before || mark || after) {
      const said = make("blockquote");
      said.dir = "auto";
      said.append(before, ...(mark ? [make("mark", mark)] : []), after);
      item.append(said);
    }
    item.append(tellSource(index.postings[posting], asked));
    return item;
  };
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-number]");
    if (!number || event.target.closest("a:not(.see)") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.closest("a.see") && String(window.getSelection())) return;
    event.preventDefault();
    index ??= JSON.parse(document.getElementById("numbers").textContent);
    const [name, told, note, home, sentences] = index.numbers[Number(number.dataset.number)];
    document.getElementById("sentences-title").textContent = name;
    document.getElementById("sentences-told").textContent = told;
    document.getElementById("sentences-note").textContent = note;
    const list = make("ol", "", "quotes");
    list.append(...sentences.map((each) => quote(index.sentences[each])));
    quotes.replaceChildren(list);
    link.parentElement.hidden = !home || !document.getElementById(home);
    link.setAttribute("href", `#${home}`);
    dialog.showModal();
    dialog.scrollTop = 0;
  });
  const reveal = (id) => {
    const home = document.getElementById(id);
    if (!home) return;
    if (home.closest("[data-filtered]")) { form.reset(); setTimeout(() => reveal(id)); return; }
    home.closest("table")?.classList.remove("cut");
    const details = home.querySelector("details");
    if (details) details.open = true;
    home.classList.add("shown");
    home.scrollIntoView({ block: "start" });
    home.querySelector("a.see")?.focus({ preventScroll: true });
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
    reveal(link.hash.slice(1));
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
