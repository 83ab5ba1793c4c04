// Shows what went wrong or the students, sorts and filters their table, tells all of one student, hides names, and
// unfolds what a link leads to. The page reads well without.
(() => {
  const table = document.getElementById("scores-table");
  const byId = (id) => document.getElementById(id);
  const count = (number) => number.toLocaleString("en");
  if (!table) return;

  // Two views, of which one is seen; a link into the other one changes to it.
  const views = { "show-wrong": "wrong", "show-names": "by-name" };
  const show = (view) => {
    document.body.dataset.view = view;
    for (const [id, name] of Object.entries(views)) byId(id).setAttribute("aria-pressed", String(name === view));
  };
  for (const [id, view] of Object.entries(views)) byId(id).addEventListener("click", () => show(view));
  show(document.querySelector(".wrong") ? "wrong" : "by-name");
  byId("show-names").closest("[hidden]").hidden = false;
  const unfold = () => {
    const target = location.hash.length > 1 && byId(location.hash.slice(1));
    if (!target) return;
    const view = target.closest(".by-name") ? "by-name" : target.closest(".wrong") ? "wrong" : "";
    if (view) show(view);
    for (let inner = target; inner; inner = inner.parentElement) if (inner.matches("details")) inner.open = true;
    const cases = target.matches(".mistake") && target.querySelector(".cases");
    if (cases) cases.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  document.addEventListener("click", (event) => {
    // the same link again changes no address, and leads there all the same
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) unfold();
  });

  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  let rows = [...body.rows];

  const arrange = (column, down) => {
    for (const other of heads) other.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    const keyed = rows.map((row) => {
      const text = row.cells[column].textContent;
      return [column ? parseFloat(text) : text, row];
    });
    keyed.sort(([a], [b]) => {
      if (!column) return sign * collator.compare(a, b);
      if (a !== a || b !== b) return (a !== a) - (b !== b); // what has no score comes last either way
      return sign * (a - b);
    });
    rows = keyed.map(([, row]) => row);
    body.replaceChildren(...rows);
  };
  const sort = (column) => {
    const before = heads[column].getAttribute("aria-sort");
    arrange(column, before ? before === "ascending" : column > 0); // names begin with A, scores with the best
  };
  heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => sort(column)));
  arrange(0, false); // by the reader's language
  table.classList.add("live");

  // One tab stop for all scores: arrow keys go from score to score.
  let stop = null;
  const hold = (link) => {
    if (stop) stop.tabIndex = -1;
    stop = link;
    if (stop) stop.tabIndex = 0;
  };
  for (const link of body.getElementsByTagName("a")) link.tabIndex = -1;
  hold(body.querySelector("a"));
  body.addEventListener("focusin", (event) => {
    const link = event.target.closest("a");
    if (link) hold(link);
  });
  const sideways = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" };
  const upright = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
  body.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    let cell = event.target.closest("td, th");
    if (!cell || !(event.key in sideways || event.key in upright)) return;
    event.preventDefault();
    const column = cell.cellIndex;
    let row = cell.parentElement;
    let link = null;
    while (!link) {
      if (event.key in sideways) {
        cell = cell[sideways[event.key]];
      } else {
        do row = row[upright[event.key]];
        while (row && row.hidden);
        cell = row && row.cells[column];
      }
      if (!cell) return;
      link = cell.querySelector("a");
    }
    link.focus();
  });

  // A search by name, and one section of the class: in the table and among those who made a mistake.
  const section = byId("section");
  const cases = [...document.querySelectorAll(".cases")].map((details) => ({
    list: details.querySelector("ul"),
    items: [...details.querySelectorAll("li")].map((item) => [item, item.querySelector(".who")]),
    summary: details.querySelector("summary"),
    text: details.querySelector("summary").textContent,
  }));
  const arrangeCases = () => {
    // by name, those whose code is shown before the others
    for (const { list, items } of cases) {
      items.sort(
        ([a, one], [b, other]) =>
          b.classList.contains("coded") - a.classList.contains("coded") ||
          collator.compare(one.textContent, other.textContent),
      );
      list.replaceChildren(...items.map(([item]) => item));
    }
  };
  arrangeCases();
  const inSection = (row) => !section || !section.value || row.dataset.section === section.value;
  const names = new Map();
  let wanted = [];
  const filter = (words) => {
    wanted = words;
    let shown = 0;
    for (const row of rows) {
      if (!names.has(row)) names.set(row, fold(row.cells[0].textContent));
      row.hidden = !inSection(row) || !words.every((word) => names.get(row).includes(word));
      shown += !row.hidden;
    }
    if (!stop || stop.closest("tr").hidden) hold(body.querySelector("tr:not([hidden]) a"));
    byId("found").textContent = shown === rows.length ? "" : `${count(shown)} of ${count(rows.length)}`;
  };
  searchBox(filter);
  if (section) {
    const choose = () => {
      filter(wanted);
      for (const { items, summary, text } of cases) {
        let shown = 0;
        for (const [item] of items) {
          item.hidden = !inSection(byId(`student-${item.dataset.student}`));
          shown += !item.hidden;
        }
        summary.textContent = shown === items.length ? text : `${count(shown)} of ${text}`;
      }
    };
    section.addEventListener("change", choose);
    if (section.value) choose();
  }

  // One student over all exercises: the row, and the mistakes that have this student among theirs.
  const dialog = byId("student");
  const made = (tag, text, link) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (link) element.href = link;
    return element;
  };
  const sums = heads.length - table.querySelectorAll("tfoot td a[href^='#exercise']").length - 1;
  const tell = (row) => {
    byId("student-name").textContent = row.querySelector(".who").textContent;
    const parts = [];
    for (let column = 1; column <= sums; column++) {
      // an assignment's total says of what; else there are the sum of all points, and the percent
      const [title, text] = [heads[column].title, row.cells[column].textContent];
      if (title) parts.push(made("p", `${title}: ${text}`));
      else if (column === 1) parts.push(made("p", `${text} points, ${row.cells[2].textContent} %`));
    }
    for (let column = 1 + sums; column < heads.length; column++) {
      const cell = row.cells[column];
      const link = cell.querySelector("a");
      const item = document.createElement("div");
      item.append(made("h3", heads[column].title), made(link ? "a" : "p", cell.title || cell.textContent, link && link.href));
      const exercise = table.tFoot.rows[0].cells[column].querySelector("a").hash.slice(1);
      const found = byId(exercise).querySelectorAll(`.cases li[data-student="${row.id.slice(8)}"]`);
      const list = document.createElement("ul");
      for (const each of found) {
        const mistake = each.closest(".mistake");
        const line = document.createElement("li");
        const title = mistake.querySelector("h5").cloneNode(true);
        title.querySelector(".badge")?.remove();
        line.append(made("a", title.textContent.trim(), `#${mistake.id}`));
        list.append(line);
      }
      if (found.length) item.append(list);
      parts.push(item);
    }
    byId("student-rows").replaceChildren(...parts);
    dialog.showModal();
  };
  body.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#student-"]');
    if (!link) return;
    event.preventDefault();
    tell(link.closest("tr"));
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("button, a[href^='#']")) dialog.close();
  });

  // For a projector: numbers in the place of names, and no links to reports, whose addresses name students.
  const kept = [];
  const hide = byId("hide-names");
  hide.addEventListener("click", () => {
    const on = hide.getAttribute("aria-pressed") === "false";
    hide.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("nameless", on);
    names.clear();
    if (!on) {
      for (const restore of kept.splice(0)) restore();
      arrange(0, false);
      arrangeCases();
      return;
    }
    const named = new Map(rows.map((row) => [row.querySelector(".who").textContent, row.id.slice(8)]));
    const keyOf = (who) =>
      who.closest("[data-student]")?.dataset.student ?? who.closest("tr[id]")?.id.slice(8) ?? named.get(who.textContent);
    const all = [...document.querySelectorAll(".who")];
    const keys = new Map(all.map((who) => [who, keyOf(who)]));
    const drawn = [...new Set(keys.values())].map((key) => [Math.random(), key]).sort(([a], [b]) => a - b);
    const numbers = new Map(drawn.map(([, key], i) => [key, `Student ${i + 1}`]));
    for (const who of all) {
      const name = who.textContent;
      who.textContent = numbers.get(keys.get(who));
      kept.push(() => (who.textContent = name));
    }
    for (const link of document.querySelectorAll("main a:not([href^='#'])")) {
      const address = link.getAttribute("href");
      link.removeAttribute("href");
      kept.push(() => link.setAttribute("href", address));
    }
    for (const cell of body.querySelectorAll("td[title], sup[title]")) {
      const title = cell.title;
      cell.title = "";
      kept.push(() => (cell.title = title));
    }
    arrange(0, false); // the order of the names would tell something
    arrangeCases();
  });
  unfold();
})();
