"use strict";
// One stop for the keyboard in each table, and in each group of small charts: from there the arrow keys go on. The grid
// pattern of the ARIA Authoring Practices: https://www.w3.org/WAI/ARIA/apg/patterns/grid/
(() => {
  const STOPS = "a.see, a[href='#trouble'], .sort, .save, summary, td[data-number]";
  const groups = [...document.querySelectorAll("table.rows, table.grid, table.parts, .multiples")];
  const current = new Map();  // the stop that the Tab key comes to, by group
  const wanted = new Map();   // the column that going up and down keeps to
  const ownerOf = (each) => each.closest("table.rows, table.grid, table.parts, .multiples");
  // A cell is a stop of its own unless a link in it opens the same.
  const isStop = (each) => !each.matches("td") || ![...each.querySelectorAll("a.see")].some(
    (link) => link.dataset.number === each.dataset.number,
  );
  const stopsIn = (row, group) => [...row.querySelectorAll(STOPS)].filter(
    (each) => ownerOf(each) === group && isStop(each) && each.checkVisibility(),
  );
  const rowsOf = (group) => (group.matches("table") ? [...group.rows] : [...group.children]);
  const columnOf = (stop, row) => stop.closest("td, th")?.cellIndex ?? [...row.querySelectorAll(STOPS)].indexOf(stop);

  const settle = (group, stop) => {
    const before = current.get(group);
    if (before && before !== stop) before.tabIndex = -1;
    current.set(group, stop);
    if (stop) stop.tabIndex = 0;
  };
  for (const group of groups) {
    group.setAttribute("role", group.matches("table") ? "grid" : "group");
    group.setAttribute("aria-describedby", "grid-help");
    for (const each of group.querySelectorAll(STOPS)) {
      if (ownerOf(each) !== group || !isStop(each)) continue;
      each.tabIndex = -1;
      if (each.matches("td")) each.setAttribute("aria-haspopup", "dialog");
    }
  }
  // What is shown changes with search, sorting and opened rows: that each group has a stop which can be seen is made sure
  // of when it matters.
  const settleAll = () => {
    for (const group of groups) {
      if (current.get(group)?.checkVisibility()) continue;
      const rows = rowsOf(group).filter((row) => row.checkVisibility());
      const bodies = rows.filter((row) => !row.closest("thead"));
      settle(group, [...bodies, ...rows].flatMap((row) => stopsIn(row, group).slice(0, 1))[0]);
    }
  };
  settleAll();
  document.addEventListener("keydown", (event) => { if (event.key === "Tab") settleAll(); }, true);
  document.addEventListener("focusin", ({ target }) => {
    const stop = target.closest(STOPS);
    const group = stop && ownerOf(stop);
    if (group && current.has(group)) settle(group, stop);
  });

  const goTo = (event, group, stop, row) => {
    if (!stop) return;
    event.preventDefault();
    settle(group, stop);
    stop.focus();
    if (row) wanted.set(group, columnOf(stop, row));
  };
  document.addEventListener("keydown", (event) => {
    const stop = event.target.closest?.(STOPS);
    const group = stop && ownerOf(stop);
    if (!group || event.altKey || event.metaKey || event.shiftKey) return;
    if ((event.key === "Enter" || event.key === " ") && stop.matches("td")) {
      event.preventDefault();
      stop.click();
      return;
    }
    const rows = rowsOf(group).filter((row) => stopsIn(row, group).length);
    const at = rows.findIndex((row) => row.contains(stop));
    const inRow = stopsIn(rows[at], group);
    const place = inRow.indexOf(stop);
    const down = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (down) {
      const row = rows[Math.min(Math.max(at + down, 0), rows.length - 1)];
      const column = wanted.get(group) ?? columnOf(stop, rows[at]);
      wanted.set(group, column);
      const near = stopsIn(row, group).map((each) => [Math.abs(columnOf(each, row) - column), each]);
      goTo(event, group, near.sort(([a], [b]) => a - b)[0][1]);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      goTo(event, group, inRow[place + (event.key === "ArrowRight" ? 1 : -1)] ?? stop, rows[at]);
    } else if (event.key === "Home" || event.key === "End") {
      const row = event.ctrlKey ? rows.at(event.key === "Home" ? 0 : -1) : rows[at];
      goTo(event, group, stopsIn(row, group).at(event.key === "Home" ? 0 : -1), row);
    }
  });
})();
