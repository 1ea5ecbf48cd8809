"use strict";
// Search, filters and the map of the list of reports. Without this script the list is whole and links work.
(() => {
  const form = document.getElementById("filters");
  const reports = [...document.querySelectorAll("#list > li")];
  const status = document.getElementById("found");
  const empty = document.getElementById("nothing-found");
  const folded = (text) =>
    text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();
  const words = (report, name) => (report.dataset[name] || "").split(" ");

  const show = () => {
    const wanted = new FormData(form);
    const typed = folded(wanted.get("q")).split(/\s+/).filter(Boolean);
    const units = wanted.get("units").split(" ").filter(Boolean);
    let count = 0;
    for (const report of reports) {
      const fits =
        typed.every((word) => report.dataset.text.includes(word)) &&
        (!units.length || words(report, "units").some((unit) => units.includes(unit))) &&
        ["kind", "indicators", "years", "status"].every(
          (name) => !wanted.get(name) || words(report, name).includes(wanted.get(name)),
        );
      report.hidden = !fits;
      count += fits;
    }
    status.textContent = status.dataset.words.replace("{}", count);
    empty.hidden = count > 0;
  };

  const choose = (tile) => {
    const options = [...form.elements.units.options];
    let option = options.find((one) => one.value === tile.dataset.units);
    if (!option) {
      option = new Option(tile.dataset.name, tile.dataset.units);
      form.elements.units.add(option);
    }
    form.reset();
    option.selected = true;
    show();
  };

  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  for (const tile of document.querySelectorAll('.tiles a[href="#reports"]')) {
    tile.addEventListener("click", () => choose(tile));
  }
  show();
})();
