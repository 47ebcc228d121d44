"use strict";
(() => {
  // A number shows the sentences, postings or employers that it was counted from. They stand in the page's index as text
  // and stay text.
  const dialog = document.getElementById("sentences");
  const quotes = document.getElementById("sentences-quotes");
  const link = document.getElementById("sentences-row");
  let index;
  const rare = () => JSON.parse(document.getElementById("rarer-data").textContent);
  const tellCount = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
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
  const tellEmployer = ([posting, count]) => {
    const item = make("li");
    item.append(tellSource(index.postings[posting]), make("span", tellCount(count, "posting"), "count"));
    return item;
  };
  // How many of all are shown, and where all of them are: lines of pandas, with the number's own values put in.
  const tellShown = (postings, of) => {
    if (postings.length >= of) return of === 1 ? "" : `All ${of} postings are shown.`;
    const apart = postings.length > 1 && new Set(postings.map((each) => index.postings[each][1])).size === postings.length;
    const told = `${postings.length} of ${of.toLocaleString("en")} postings ${postings.length === 1 ? "is" : "are"} shown`;
    return `${told}${apart ? ", each of another employer" : ""}.`;
  };
  const tellWhere = (of, exact, form) => {
    const file = form.startsWith("postings") ? "postings.parquet" : "mentions.parquet";
    const counted = of === 1 ? "It stands" : `All ${of.toLocaleString("en")} stand`;
    if (!index.forms[form]) return `${counted} in the lake, under postings/.`;
    return exact ? `${counted} in ${file}, beside this page.` : `${counted} in ${file}, beside this page, among others.`;
  };
  const writeLines = (form, values) => index.forms[form].replace(/\{(\d)\}/g, (_, place) => JSON.stringify(values[place]));
  const tellAll = (found, [of = 0, exact, form, ...values], isOfEmployers) => {
    const part = document.getElementById("sentences-all");
    part.open = false;
    const isCut = of > 0 && (isOfEmployers || found.length < of);
    const lines = isCut ? writeLines(form, values) : "";
    part.hidden = !lines;
    document.getElementById("sentences-shown").textContent = of && found.length ? tellShown(found, of) : "";
    document.getElementById("sentences-where").textContent = isCut ? tellWhere(of, exact, form) : "";
    document.getElementById("sentences-lines").textContent = lines;
    document.getElementById("sentences-copied").textContent = "";
  };
  document.getElementById("sentences-copy").addEventListener("click", async () => {
    const lines = document.getElementById("sentences-lines");
    const told = document.getElementById("sentences-copied");
    try {
      await navigator.clipboard.writeText(lines.textContent);
      told.textContent = "Copied.";
    } catch {  // not allowed here
      window.getSelection().selectAllChildren(lines);
      told.textContent = "Selected: copy it with the keyboard.";
    }
  });
  // A rarer skill has no sentences here.
  const lookUp = (number) => {
    if (!String(number).startsWith("rare-")) return index.numbers[number];
    const [skill, name, , share, interval, companies, postings] = rare()[number.slice(5)];
    const told = `${share}${interval ? ` of postings (95% interval ${interval})` : ""}: ${tellCount(postings, "posting")} by ${tellCount(companies, "employer")}.`;
    return [name, told, "Its sentences are not on this page.", "", [], [postings, 1, "asks", [skill]]];
  };
  const open = (number, how) => {
    index ??= JSON.parse(document.getElementById("numbers").textContent);
    const [name, told, note, home, sentences, look, employers = [], rest = ""] = lookUp(number);
    for (const [place, text] of [["title", name], ["told", told], ["note", note], ["how", index.how[how] ?? ""], ["rest", rest]]) {
      document.getElementById(`sentences-${place}`).textContent = text;
    }
    tellAll(sentences.map((each) => index.sentences[each][0]), look, employers.length > 0);
    const list = make("ol", "", employers.length ? "quotes employers" : "quotes");
    list.append(...sentences.map((each) => quote(index.sentences[each])), ...employers.map(tellEmployer));
    quotes.replaceChildren(list);
    link.parentElement.hidden = !home || !document.getElementById(home);
    link.setAttribute("href", `#${home}`);
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  document.addEventListener("opennumber", (event) => { open(event.detail, ""); });
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-number]");
    if (!number || event.target.closest("a:not(.see)") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.closest("a.see") && String(window.getSelection())) return;
    event.preventDefault();
    open(number.dataset.number, number.dataset.how);
  });
  const reveal = (id) => {
    const home = document.getElementById(id);
    if (!home) return;
    if (home.closest("[data-filtered]")) { document.querySelector(".filter").reset(); setTimeout(() => reveal(id)); return; }
    const table = home.closest("table");
    if (table?.classList.contains("cut")) table.dispatchEvent(new Event("showall"));
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
