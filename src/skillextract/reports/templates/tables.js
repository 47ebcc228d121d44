"use strict";
(() => {
  // Long tables begin with their first rows, on a phone with fewer, and with none where a chart shows the same: page.css
  // hides the others. A search looks through all of them, and paper shows what the screen does.
  const FIRST = 10;
  const firstOf = (part) => (part.matches(".charted") ? 0 : part.matches("table:not(.rows)") ? 6 : 3);
  const rowsOf = (part) => [...(part.matches("table.rows") ? part.tBodies : part.matches("table") ? part.tBodies[0].rows : part.children)];
  const show = (part, all) => {
    const button = part.nextElementSibling;
    const count = rowsOf(part).length;
    part.classList.toggle("cut", !all);
    button.setAttribute("aria-expanded", String(all));
    button.textContent = all ? "Show less" : part.matches("table") ? `Show all ${count} rows` : `Show all ${count}`;
  };
  for (const part of document.querySelectorAll("table.rows, table.grid, .multiples")) {
    const count = rowsOf(part).length;
    const isLong = part.matches("table.rows") && count > FIRST + 1;
    part.classList.toggle("few", count < 4);
    if (count <= firstOf(part) + 1) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = isLong ? "all" : "all narrow";
    button.dataset.told = `The first ${FIRST} of ${count} rows; the page itself can show all.`;
    part.classList.toggle("short", !isLong);
    part.after(button);
    show(part, false);
    button.addEventListener("click", () => {
      const next = rowsOf(part).find((row) => !row.checkVisibility());
      show(part, part.classList.contains("cut"));
      if (!part.classList.contains("cut")) next?.querySelector("a.see, [tabindex], summary")?.focus();
    });
    part.addEventListener("showall", () => { show(part, true); });
  }
  // On a phone the notes are folded; on paper nothing that explains the numbers is.
  const notes = document.querySelector("details.notes");
  if (window.matchMedia("(max-width: 46rem)").matches) notes.open = false;
  window.addEventListener("beforeprint", () => { notes.open = true; });

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
})();
