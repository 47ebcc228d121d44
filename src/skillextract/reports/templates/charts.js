"use strict";
// Charts. The drawings that stand in the page are replaced, once they come near, by charts that fit its width and answer
// to the pointer. Vega's expressions are interpreted (ast): the page's policy forbids making code of strings.
(() => {
  const enliven = (place) => {
    const still = place.innerHTML;
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const room = document.createElement("div");
    room.style.width = "100%";
    place.replaceChildren(room);
    window.vegaEmbed(room, spec, {
      actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    }).then(
      ({ view }) => {
        place.classList.add("live");
        // A number or mark opens what it was counted from; with the keyboard the table below the chart does.
        view.addEventListener("click", (_, item) => {
          const number = item?.datum?.opens;
          if (Number.isInteger(number)) place.dispatchEvent(new CustomEvent("opennumber", { bubbles: true, detail: number }));
        });
      },
      (fault) => { place.innerHTML = still; place.style.minHeight = ""; console.error(fault); },
    );
  };
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      watcher.unobserve(entry.target);
      enliven(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const place of document.querySelectorAll("[data-chart]")) {
    // A drawing is scaled to the width, its chart is not: its room is kept, so that a link lands where it leads to.
    place.style.minHeight = `${place.querySelector("svg")?.getAttribute("height") ?? 0}px`;
    watcher.observe(place);
  }
})();
