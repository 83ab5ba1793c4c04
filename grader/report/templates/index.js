// Sorts and filters the table, moves among its scores, and unfolds what a link leads to. The page reads well without.
"use strict";
(() => {
  const table = document.getElementById("scores-table");
  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (details) {
      details.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", unfold);
  unfold();
  if (!table) return;

  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  let rows = [...body.rows];

  const sort = (column) => {
    const head = heads[column];
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : column > 0; // names begin with A, scores with the best
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
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
  heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => sort(column)));
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
    let cell = event.target.closest("td");
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

  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const names = new Map();
  const filter = () => {
    const words = fold(search.value).split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      if (!names.has(row)) names.set(row, fold(row.cells[0].textContent));
      row.hidden = !words.every((word) => names.get(row).includes(word));
      shown += !row.hidden;
    }
    if (!stop || stop.closest("tr").hidden) hold(body.querySelector("tr:not([hidden]) a"));
    const count = (number) => number.toLocaleString("en");
    found.textContent = shown === rows.length ? "" : `${count(shown)} of ${count(rows.length)}`;
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    search.value = "";
    filter();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.closest("[hidden]").hidden = false;
  if (search.value) filter(); // a browser keeps what was typed when the page is loaded again
})();
