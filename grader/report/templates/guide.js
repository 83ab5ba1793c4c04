// Shows the mistakes that have all words that are looked for, wherever they stand. The page reads well without.
(() => {
  const found = document.getElementById("found");
  const nothing = document.getElementById("nothing");
  const chapters = [...document.querySelectorAll(".chapter")].map((section) => ({
    section,
    heading: section.querySelector("h2").textContent,
    mistakes: [...section.querySelectorAll(".mistake")],
  }));
  const total = chapters.reduce((sum, chapter) => sum + chapter.mistakes.length, 0);
  const texts = new Map(); // of each mistake, made when it is first looked for
  const textOf = (mistake, heading) => {
    if (!texts.has(mistake)) texts.set(mistake, fold(`${heading} ${mistake.textContent}`));
    return texts.get(mistake);
  };
  const search = searchBox((words) => {
    let shown = 0;
    for (const { section, heading, mistakes } of chapters) {
      let here = 0;
      for (const mistake of mistakes) {
        mistake.hidden = !words.every((word) => textOf(mistake, heading).includes(word));
        here += !mistake.hidden;
      }
      section.hidden = here === 0;
      shown += here;
    }
    document.body.classList.toggle("searching", words.length > 0);
    nothing.hidden = shown > 0;
    found.textContent = words.length ? `${shown.toLocaleString("en")} of ${total.toLocaleString("en")}` : "";
  });
  addEventListener("hashchange", () => {
    // a link leads to a mistake that the search may hide
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    search.empty();
    target.scrollIntoView();
  });
})();
