"use strict";
// Search and map of the front page. Without this script every report is still linked and the map shows one measure.
(() => {
  const content = JSON.parse(document.getElementById("content-data").textContent);
  const folded = (text) =>
    text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();
  const made = (name, text, of) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (of) element.className = of;
    return element;
  };

  const form = document.getElementById("search");
  const input = form.elements.q;
  const results = document.getElementById("results");
  const told = document.getElementById("found");
  const most = 8;
  const entries = content.entries.map(([kind, title, says, address, more], at) => {
    const name = folded(title);
    // indicators stand first, those of most provinces before others
    const weight = { indicator: 3 + 15 * (1 - at / content.entries.length) ** 9, province: 2, report: 1, document: 1, finding: 0 }[kind];
    return { kind, weight, title, says, address, name, text: ` ${name} ${folded(says)} ${more}` };
  });

  // all words found: in the title first; else those entries in which most of the words are
  const score = (entry, typed, words) => {
    const hits = words.filter((word) => entry.text.includes(` ${word}`)).length;
    if (2 * hits <= words.length || words.some((word) => /\d/.test(word) && !entry.text.includes(` ${word}`))) return 0;
    const inTitle = words.filter((word) => ` ${entry.name}`.includes(` ${word}`)).length;
    let points = 100 * (hits / words.length) + entry.weight;
    if (entry.text.includes(` ${typed}`)) points += 15;
    if (entry.name === typed) points += 100;
    // an overview whose title has all the words stands first, any other behind the indicators it is about;
    // one without years has no published figures, and stands behind those as well that are named so
    if (entry.kind === "report" && inTitle === words.length) points += entry.says ? 80 : 5;
    if (["report", "document"].includes(entry.kind)) return points;
    points += 20 * (inTitle / words.length);
    if (entry.name.includes(typed)) points += 15;
    if (entry.name.startsWith(typed)) points += 15;
    return points;
  };

  const search = () => {
    const typed = folded(input.value);
    const words = typed.split(/[\s,.;]+/).filter(Boolean);
    const found = words.length
      ? entries.map((entry) => [score(entry, typed, words), entry]).filter(([points]) => points)
      : [];
    found.sort((one, other) => other[0] - one[0]);
    results.replaceChildren(
      ...found.slice(0, most).map(([, entry]) => {
        const item = document.createElement("li");
        const link = made("a", "");
        link.href = entry.address;
        link.append(made("b", entry.title), " ", made("small", entry.says));
        item.append(link);
        return item;
      }),
    );
    results.hidden = !found.length;
    told.textContent = !words.length
      ? ""
      : found.length
        ? told.dataset.words.replace("{}", found.length)
        : told.dataset.nothing;
  };

  form.hidden = false;
  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    const stops = [input, ...results.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      input.value = "";
      search();
      input.focus();
    } else if (step) {
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement) + step))].focus();
    }
  });
  search();

  const choice = document.getElementById("map-choice");
  if (!choice) return;
  const { series, year, land } = choice.elements;
  const legend = document.getElementById("legend");
  series.replaceChildren(...content.series.map((one, at) => new Option(one.name, at)));

  const offer = () => {
    const { maps } = content.series[series.value];
    const years = [...new Set(Object.values(maps).flatMap(Object.keys))].filter(Boolean).sort().reverse();
    const before = year.value;
    year.replaceChildren(new Option(year.dataset.newest, ""), ...years.map((one) => new Option(one)));
    year.value = years.includes(before) ? before : "";
  };

  const draw = () => {
    const shown = content.series[series.value];
    const values = shown.maps[land.value]?.[year.value] || {};
    for (const map of document.querySelectorAll(".tiles")) {
      map.hidden = map.dataset.map !== land.value;
      for (const [at, tile] of [...map.children].entries()) {
        const other = shown.others[land.value]?.[at];
        const without = other === undefined ? ["", 0, "", ""] : ["≠", 5, other, choice.dataset.other];
        const [text, shade, address, when] = values[at] || without;
        tile.className = tile.className.replace(/ s\d/, ` s${shade}`);
        const inner = made(address ? "a" : "span", `${tile.dataset.name} `);
        if (address) inner.href = address;
        if (when) inner.title = when;
        inner.append(made("small", text || tile.dataset.nothing, text ? "" : "unseen"));
        tile.replaceChildren(inner);
      }
    }
    document.getElementById("shown").textContent = `${shown.name}.`;
    legend.replaceChildren(
      ...shown.legend.map((text, at) => {
        const item = made("li", text);
        item.prepend(made("span", "", `s${at + 1}`));
        return item;
      }),
    );
  };

  choice.hidden = false;
  offer();
  draw();
  choice.addEventListener("input", (event) => {
    if (event.target === series) offer();
    draw();
  });
})();
