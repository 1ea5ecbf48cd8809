"use strict";
// The page of a review: the article on the left, a card a figure on the right. What is decided is saved at once.
(() => {
  const FIELDS = [
    "count", "base", "percent", "indicator", "subject", "province", "area", "geo_level", "period_start",
    "period_end", "category_id", "category",
  ];
  const MORE = [
    "note", "printed", "qualifier", "count_max", "percent_max", "period_basis", "province_basis", "scheme",
    "category_kind", "definition", "base_of", "aggregation", "complement", "target",
  ];
  const LABELS = { base: "base_number", target: "target_field", title: "headline" };
  const SIGNS = { accept: "✓", correct: "✓", reject: "✗", "": "·" };
  const SOURCE = ["published", "publisher", "address", "title"];
  let state = null;
  let current = 0;
  let moreOpen = false;
  let pending = 0;
  let waiting = Promise.resolve();
  const edited = new Set();
  const basesOut = new Set();
  const byId = (id) => document.getElementById(id);

  const make = (tag, properties = {}, ...children) => {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in one) one[name] = value;
      else one.setAttribute(name, value);
    }
    one.append(...children.filter((child) => child !== null));
    return one;
  };
  const words = (key, gaps = {}) =>
    Object.entries(gaps).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), state.words[key]);
  const say = (text, wrong = false) => {
    byId("said").textContent = text;
    byId("said").classList.toggle("wrong", wrong);
  };
  const cells = (row) => state.rows[row].cells;
  const name = (part, code) => state.names[part]?.[code] ?? code;
  const cards = () => state.documents.flatMap((one) => one.cards);
  const cardOf = (row) => cards().find((card) => card.row === row);
  const place = (row) => byId(`row-${row}`);

  const send = async (what, body) => {
    let answer;
    try {
      answer = await fetch(what, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
    } catch {
      answer = null;
    }
    const told = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    if (!answer?.ok) say(told?.refused ?? state.words.not_saved, true);
    else if (what !== "accept") say(state.words.saved);
    if (!answer?.ok) return null;
    if (told.cards) adopt(told);
    return told;
  };

  // One request after the other: each says what holds when its turn comes, so that the last change wins.
  const ask = (what, body) => {
    const count = (by) => {
      pending += by;
      byId("said").setAttribute("aria-busy", String(pending > 0));
    };
    count(1);
    const turn = waiting.then(() => send(what, body())).finally(() => count(-1));
    waiting = turn.catch(() => null);
    return turn;
  };

  // ---------------------------------------------------------------------------------------------- what is seen

  const vietnamese = document.documentElement.lang === "vi";
  const moment = (text) => (vietnamese && /^\d{4}(-\d\d){1,2}$/.test(text)
    ? text.split("-").reverse().map(Number).join("/") : text);
  const printedOf = (row) => {
    const one = cells(row);
    if (one.printed) return one.printed;
    const share = vietnamese ? one.percent?.replace(".", ",") : one.percent;
    return [one.count, share && `${share}%`].filter(Boolean).join("; ");
  };
  const summary = (row) => {
    const one = cells(row);
    const period = [...new Set([one.period_start, one.period_end])].map(moment).join(" – ");
    const where = [one.area, one.province].filter(Boolean).join(", ");
    return [name("indicator", one.indicator) || `(${words("indicator")}: ${words("missing")})`,
      [name("subject", one.subject), where, period, one.category].filter(Boolean).join(" · ")];
  };

  const lineOf = (row) => {
    const one = cells(row);
    const [what, rest] = summary(row);
    const sign = state.rows[row].faults.length ? "!" : SIGNS[one.decision];
    const decided = { accept: "accepted", correct: "accepted", reject: "rejected", "": "open" }[one.decision];
    const line = make("button", { type: "button", className: "line", tabIndex: row === current ? 0 : -1 },
      make("span", { className: "state", ariaHidden: "true" }, sign),
      make("span", { className: "value" }, printedOf(row)),
      make("span", { className: "what" }, what, make("br"), make("small", {},
        one.target ? `${words("target")} · ` : "", rest)));
    line.setAttribute("aria-label", `${printedOf(row)}, ${what}, ${rest}: ${words(decided)}`);
    line.setAttribute("aria-expanded", String(row === current));
    line.addEventListener("click", () => choose(row));
    return line;
  };

  const controlOf = (row, field) => {
    const listed = state.choices[field];
    const value = cells(row)[field] ?? "";
    let control;
    if (listed && field !== "province") {
      const offered = [...new Set(["", ...listed, value])];
      control = make("select", {}, ...offered.map((code) => make("option", { value: code, selected: code === value },
        code ? name(field, code) : words("none"))));
    } else {
      control = make("input", { value, autocomplete: "off", spellcheck: false });
      if (field === "province") control.setAttribute("list", "provinces");
    }
    control.dataset.field = field;
    control.addEventListener("change", async () => {
      const { value: typed } = control;
      edited.add(row);
      const decision = () => (cells(row).decision === "accept" ? { decision: "correct" } : {});
      if (await change(() => [{ row, cells: { [field]: typed, ...decision() } }])) refresh(row);
    });
    control.addEventListener("keydown", (event) => {
      if (event.key === "Escape" || event.key === "Enter") {
        event.preventDefault();
        event.stopPropagation();
        control.blur();
        place(row).querySelector(".line").focus();
      }
    });
    return control;
  };

  const fieldOf = (row, field) => {
    const label = make("label", {}, words(LABELS[field] ?? field), " ", make("em"), controlOf(row, field),
      make("em", { className: "wrong" }));
    label.dataset.of = field;
    return label;
  };

  // says what is doubtful or wrong, and leaves the fields alone: somebody may be typing in the next one
  const marked = (item, row) => {
    const { doubtful, faults } = state.rows[row];
    for (const label of item.querySelectorAll("[data-of]")) {
      const field = label.dataset.of;
      const [doubt, wrong] = label.querySelectorAll("em");
      const open = doubtful.includes(field);
      label.className = (open ? "doubtful" : "") + (["indicator", "note"].includes(field) ? " wide" : "");
      doubt.textContent = open ? words(cells(row)[field] ? "doubtful" : "missing") : "";
      const control = label.querySelector("[data-field]");
      if (!pending && control !== document.activeElement) control.value = cells(row)[field] ?? "";
      wrong.textContent = faults.filter((one) => one.column === field).map((one) => one.what).join("; ");
      if (wrong.textContent) label.closest("details")?.setAttribute("open", "");
    }
    const others = faults.filter((one) => ![...FIELDS, ...MORE].includes(one.column));
    item.querySelector(".faults")?.replaceChildren(...others.map((one) => make("li", {}, one.what)));
  };

  const keyed = (button, letter) => {
    button.append(make("kbd", { ariaHidden: "true" }, letter));
    button.setAttribute("aria-keyshortcuts", letter);
    return button;
  };

  const foldedOf = (card) => card.folded.map(([row, why], at) => {
    const line = make("p", { className: "folded" }, words(why, { printed: printedOf(row) }));
    if (why === "repeat") {
      const button = make("button", { type: "button" }, words("keep"));
      button.addEventListener("click", () => keep(row));
      const first = card.folded.findIndex(([, other]) => other === "repeat") === at;
      line.append(make("q", {}, cells(row).sentence), first ? keyed(button, "s") : button);
    } else {
      const out = basesOut.has(row) || cells(row).decision === "reject";
      const button = make("button", { type: "button" }, words(out ? "base_out" : "base_in"));
      button.setAttribute("aria-pressed", String(!out));
      button.addEventListener("click", async () => {
        if (out) basesOut.delete(row);
        else basesOut.add(row);
        const decision = () => cells(card.row).decision && (out ? "accept" : "reject");
        if (await change(() => [{ row, cells: { decision: decision() } }])) refresh(card.row);
      });
      line.append(button);
    }
    return line;
  });

  const sentence = (row) => {
    const { sentence: text, printed } = cells(row);
    const first = printed.split(/[;/]/)[0];
    const at = first ? text.indexOf(first) : -1;
    if (at < 0) return make("blockquote", {}, text);
    return make("blockquote", {}, text.slice(0, at), make("b", {}, first), text.slice(at + first.length));
  };

  const cardBody = (card) => {
    const { row } = card;
    const action = (key, letter, decision) => {
      const button = make("button", { type: "button", className: decision === "accept" ? "main" : "" },
        words(key));
      button.addEventListener("click", () => (decision ? decide(decision) : edit()));
      return keyed(button, letter);
    };
    const summary = make("summary", {}, words("more"));
    summary.addEventListener("click", () => { moreOpen = !summary.parentElement.open; });
    return make("div", { className: "card" }, sentence(row),
      make("div", { className: "fields" }, ...FIELDS.map((field) => fieldOf(row, field))),
      make("details", { open: moreOpen }, summary,
        make("div", { className: "fields" }, ...MORE.map((field) => fieldOf(row, field)))),
      ...foldedOf(card),
      make("ul", { className: "faults" }),
      make("div", { className: "actions" }, action("accept", "y", "accept"), action("reject", "n", "reject"),
        action("edit", "e", "")));
  };

  const stateOf = (item, row) => {
    const behind = state.rows[row].faults.length > 0;
    item.className = [row === current && "current", cells(row).decision, behind && "behind"].filter(Boolean).join(" ");
    marked(item, row);
  };

  const fill = (item, card) => {
    item.replaceChildren(lineOf(card.row), ...(card.row === current ? [cardBody(card)] : []));
    stateOf(item, card.row);
  };

  const articleOf = (one) => {
    const found = make("section", { className: "article", tabIndex: 0 });
    found.setAttribute("aria-label", words("article"));
    if (!one.text) found.append(make("p", {}, words("no_article")));
    const spans = [
      ...one.cards.map(({ row }) => ({ start: +cells(row).start, end: +cells(row).end, row })),
      ...one.aside.map((number) => ({ ...number, row: 0 })),
    ].filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.row - a.row);
    const paragraphs = one.text ? one.paragraphs : [];
    for (const [begin, stop] of paragraphs) {
      const paragraph = make("p");
      let at = begin;
      for (const span of spans) {
        if (span.start < at || span.end > stop) continue;
        paragraph.append(one.text.slice(at, span.start));
        const printed = one.text.slice(span.start, span.end);
        // a figure runs over lines as its text does; by keyboard it is chosen among the cards
        const mark = span.row
          ? make("mark", { className: "figure" }, printed)
          : make("button", { type: "button", className: "aside" }, printed);
        if (span.row) {
          mark.dataset.row = span.row;
          mark.addEventListener("click", () => choose(span.row));
        } else {
          mark.title = words("make_figure", { printed, reason: span.reason });
          mark.setAttribute("aria-label", mark.title);
          mark.addEventListener("click", () => makeFigure(one.sha256, span.start));
        }
        paragraph.append(mark);
        at = span.end;
      }
      paragraph.append(one.text.slice(at, stop));
      found.append(paragraph);
    }
    if (!one.text) {
      for (const text of new Set(one.cards.map(({ row }) => cells(row).sentence))) found.append(make("p", {}, text));
    }
    return found;
  };

  const aboutOf = (one) => {
    const names = ["province", ...SOURCE];
    const labels = names.map((field) => {
      const input = make("input", { value: one.about[field] ?? "", name: field, autocomplete: "off" });
      if (field === "province") input.setAttribute("list", "provinces");
      return make("label", { className: field === "title" ? "wide" : "" }, words(LABELS[field] ?? field), " ", input);
    });
    const button = make("button", { type: "submit" }, words("set"));
    const form = make("form", {}, make("div", { className: "fields" }, ...labels), button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const changed = [...new FormData(form)].filter(([field, value]) => value !== (one.about[field] ?? ""));
      const told = await ask("about", () => ({ sha256: one.sha256, ...Object.fromEntries(changed) }));
      if (told) show(told);
    });
    const now = names.map((field) => one.about[field]).filter(Boolean).join(" · ");
    return make("details", { className: "about", open: !one.about.province || !one.about.published },
      make("summary", {}, `${words("about")} `, make("span", { className: "now" }, now)), form);
  };

  const progress = () => {
    const all = cards();
    const done = all.filter(({ row }) => cells(row).decision).length;
    byId("progress").textContent = words("decided", { done, all: all.length });
    byId("review").textContent = state.review;
    for (const mark of document.querySelectorAll(".article .figure")) {
      const row = +mark.dataset.row;
      mark.className = `figure ${cells(row).decision} ${row === current ? "current" : ""}`;
    }
  };

  const itemOf = (card) => {
    const item = make("li", { id: `row-${card.row}` });
    fill(item, card);
    return item;
  };

  // rows as they are now; a figure that was folded away and is another one now gets its card, one without goes
  const adopt = (told) => {
    Object.assign(state.rows, told.rows);
    for (const one of state.documents) {
      const before = one.cards;
      one.cards = told.cards[one.sha256] ?? [];
      for (const { row } of before) {
        if (!one.cards.some((card) => card.row === row)) place(row)?.remove();
      }
      if (one.cards.every(({ row }) => place(row))) continue;
      const list = place(one.cards.find(({ row }) => place(row)).row).parentElement;
      let below = null;
      for (const card of [...one.cards].reverse()) {
        const item = place(card.row) ?? itemOf(card);
        if (item.parentElement !== list) list.insertBefore(item, below);
        below = item;
      }
      const article = list.previousElementSibling;
      const renewed = articleOf(one);
      const at = article.scrollTop;
      article.replaceWith(renewed);
      renewed.scrollTop = at;
    }
    progress();
  };

  const show = (told) => {
    state = { ...state, ...told };
    if (!cardOf(current)) current = cards()[0]?.row ?? 0;
    const top = byId("documents");
    const provinces = make("datalist", { id: "provinces" },
      ...state.choices.province.map((one) => make("option", { value: one })));
    top.replaceChildren(provinces, ...state.documents.map((one) => {
      const list = make("ol", { className: "cards" }, ...one.cards.map(itemOf));
      list.setAttribute("aria-label", words("figures"));
      return make("section", { className: "document" }, make("h2", {}, one.file), aboutOf(one), articleOf(one), list);
    }));
    if (!cards().length) top.append(make("p", {}, words("no_figures")));
    progress();
  };

  const refresh = (row) => {
    const item = place(row);
    if (!item) return;
    const focused = [...item.querySelectorAll(".line, .folded button")].indexOf(document.activeElement);
    item.querySelector(".line").replaceWith(lineOf(row));
    item.querySelectorAll(".folded").forEach((one) => one.remove());
    item.querySelector(".actions")?.before(...foldedOf(cardOf(row)));
    const buttons = [...item.querySelectorAll(".line, .folded button")];
    if (focused >= 0) (buttons[focused] ?? buttons[0]).focus();
    stateOf(item, row);
    progress();
  };

  // ------------------------------------------------------------------------------------------- what can be done

  const choose = (row, focus = true) => {
    if (!cardOf(row)) return;
    const before = current;
    current = row;
    if (cardOf(before)) fill(place(before), cardOf(before));
    fill(place(row), cardOf(row));
    progress();
    document.querySelector(".article .current")?.scrollIntoView({ block: "nearest" });
    place(row).scrollIntoView({ block: "nearest" });
    if (focus) place(row).querySelector(".line").focus({ preventScroll: true });
  };

  const step = (by) => {
    const rows = cards().map(({ row }) => row);
    const at = rows.indexOf(current) + by;
    if (at >= 0 && at < rows.length) choose(rows[at]);
  };

  const change = (changes) => ask("rows", () => ({ changes: changes() }));

  const keep = async (row) => {
    if (await ask("keep", () => ({ row }))) refresh(current);
  };

  const decide = async (decision) => {
    const row = current;
    if (!cardOf(row)) return;
    const yes = decision === "accept";
    const decided = () => {
      const taken = ["accept", "correct"].includes(cells(row).decision);
      const out = (other) => basesOut.has(other) || (taken && cells(other).decision === "reject");
      return [
        { row, cells: { decision: yes && edited.has(row) ? "correct" : decision } },
        ...(cardOf(row)?.folded ?? []).map(([other, why]) => ({
          row: other, cells: { decision: yes && why === "base" && !out(other) ? "accept" : "reject" },
        })),
      ];
    };
    if (!(await change(decided))) return;
    refresh(row);
    if (current !== row) return;
    // what would stay behind is shown where it is; otherwise on to the next that is open
    if (yes && state.rows[row].faults.length) {
      place(row).querySelector(".line").focus();
      return;
    }
    const rows = cards().map((one) => one.row);
    const at = rows.indexOf(row);
    const next = [...rows.slice(at + 1), ...rows.slice(0, at)].find((one) => !cells(one).decision);
    choose(next ?? row);
  };

  const separate = () => {
    const repeat = cardOf(current)?.folded.find(([, why]) => why === "repeat");
    if (repeat) keep(repeat[0]);
  };

  const edit = () => {
    if (!cardOf(current)) return;
    const fields = [...place(current).querySelectorAll("[data-field]")];
    const wrong = state.rows[current].faults.map((one) => one.column);
    const wanted = [...wrong, ...state.rows[current].doubtful];
    const field = fields.find((one) => wanted.includes(one.dataset.field)) ?? fields[0];
    field.focus();
    field.select?.();
  };

  const makeFigure = async (sha256, start) => {
    const told = await ask("figure", () => ({ sha256, start }));
    if (!told) return;
    show(told);
    choose(told.row);
  };

  const take = async (confirmed) => {
    const told = await ask("accept", () => ({ confirmed }));
    if (!told) return;
    const box = byId("outcome");
    const lines = [];
    if (told.refused) lines.push(make("p", {}, told.refused));
    if (told.asked) {
      const button = make("button", { type: "button" }, words("take_anyway"));
      button.addEventListener("click", () => take(true));
      lines.push(make("p", {}, words("known")), make("ul", {}, ...told.asked.map((one) => make("li", {}, one))), button);
    }
    if (told.count) lines.push(make("p", {}, words("taken", told)));
    if (told.behind?.length) {
      lines.push(make("p", {}, words("behind")), make("ul", {}, ...told.behind.map((one) => make("li", {}, one.what))));
    }
    box.hidden = false;
    box.replaceChildren(...lines);
    box.tabIndex = -1;
    box.focus();
  };

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.repeat && ["y", "n", "s"].includes(key)) return;
    const doing = {
      y: () => decide("accept"), n: () => decide("reject"), e: edit, s: separate, ArrowDown: () => step(1),
      ArrowUp: () => step(-1), j: () => step(1), k: () => step(-1),
    }[key];
    if (!doing) return;
    event.preventDefault();
    doing();
  });

  const begin = async () => {
    const told = await (await fetch("state")).json();
    show(told);
    byId("keys").textContent = words("keys");
    byId("take").textContent = words("take");
    byId("take").addEventListener("click", () => take(false));
    const first = cards().find(({ row }) => !cells(row).decision) ?? cards()[0];
    if (first) choose(first.row);
  };
  begin();
})();
