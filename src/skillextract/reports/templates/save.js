"use strict";
// A table as CSV (RFC 4180), made here of what it shows: after a search the rows that fit, and always those behind "Show
// all". Nothing is asked for: the file is a Blob. A text that a spreadsheet would take for a formula has an apostrophe
// before it, as in `skillextract show --format csv`.
(() => {
  const tidy = (text) => text.replace(/\s+/g, " ").trim();
  const isNumber = (text) => /^[+\-\u2212]?[\d.,]+[%×]?$/.test(text);
  const guard = (text) => (/^[=+\-@\t\r]/.test(text) && !isNumber(text) ? `'${text}` : text);
  const write = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  // What stands small beside a number, its interval for the most part, has a column of its own.
  const split = (cell) => {
    const whole = cell.cloneNode(true);
    whole.querySelector(".save")?.remove();
    const aside = [...whole.querySelectorAll(".interval")];
    for (const each of aside) each.remove();
    return [tidy(whole.textContent), tidy(aside.map((each) => each.textContent).join(" "))];
  };
  const readTable = (table) => {
    const rows = [...table.tBodies].filter((body) => !body.hasAttribute("data-filtered")).map((body) => [...body.rows[0].cells].map(split));
    const heads = [...table.tHead.rows[0].cells].map(split);
    const isSplit = heads.map((_, column) => rows.some((row) => row[column]?.[1]));
    const spread = (cells) => cells.flatMap(([text, aside], column) => (isSplit[column] ? [text, aside] : [text]));
    // A heading's own small words name the column beside it, where there is one.
    const names = heads.flatMap(([text, aside], column) => (isSplit[column] ? [text, aside || `${text}, beside`] : [tidy(`${text} ${aside}`)]));
    return [names, ...rows.map(spread)];
  };
  const save = (table) => {
    const lines = readTable(table).map((cells) => cells.map((cell) => write(guard(cell))).join(","));
    const link = document.createElement("a");
    // The mark at the beginning tells spreadsheets that it is UTF-8.
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
    const label = document.querySelector(".sample-banner strong")?.textContent;
    link.download = `${label ? `${label}-` : ""}${table.id || table.closest("section").id}.csv`;
    link.click();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 10_000);
  };
  for (const table of document.querySelectorAll("table.rows")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "save";
    button.textContent = "CSV";
    button.setAttribute("aria-label", "Save this table as CSV");
    button.addEventListener("click", () => { save(table); });
    // A cell of the table, so that the arrow keys come to it.
    table.tHead.rows[0].cells[0].append(" ", button);
  }
})();
