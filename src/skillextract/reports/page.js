"use strict";
(() => {
  // The drawings that stand in the page are replaced by charts that fit its width and answer to the pointer. Vega's
  // expressions are interpreted (ast), since the page's policy forbids making code of strings.
  for (const place of document.querySelectorAll("[data-chart]")) {
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
  }

  const bar = document.querySelector(".filter");
  const input = document.getElementById("filter");
  const count = document.getElementById("filter-count");
  const rows = [...document.querySelectorAll("table.rows > tbody")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => texts[place].includes(word));
      row.toggleAttribute("data-filtered", !fits);
      shown += fits ? 1 : 0;
    });
    count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
  };
  bar.hidden = false;
  input.addEventListener("input", filter);
  filter();  // a browser may keep what was typed when the page is loaded again
})();
