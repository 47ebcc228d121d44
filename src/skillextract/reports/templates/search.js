"use strict";
// Search and filters, over the rows of all tables. While they are used, parts without a row that fits are put away.
(() => {
  const form = document.querySelector(".filter");
  const input = document.getElementById("filter");
  const choices = [...form.querySelectorAll("select")];
  const count = document.getElementById("filter-count");
  const nothing = document.getElementById("no-hit");
  const rows = [...document.querySelectorAll("table.rows > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const firsts = rows.map((row) => row.rows[0].textContent.toLowerCase());
  const sections = [...document.querySelectorAll("main > section")];
  // What was asked for, as a person would say it.
  const tellAsked = (chosen) => [
    ...(input.value.trim() ? [`“${input.value.trim()}”`] : []),
    ...chosen.map((choice) => choice.selectedOptions[0].textContent),
  ].join(" among ");
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
    nothing.hidden = !active || shown > 0;
    document.getElementById("no-hit-told").textContent = nothing.hidden ? "" : `No row has ${tellAsked(chosen)}.`;
  };
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => { event.preventDefault(); });
  form.addEventListener("reset", () => { setTimeout(filter); });
  document.getElementById("no-hit-clear").addEventListener("click", () => { form.reset(); input.focus(); });
  filter();  // a browser may keep what was typed when the page is loaded again
})();
