// What all pages share that are searched: words without accents and capitals, and the box that they are typed into.
"use strict";
const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ı: "i" }; // no accents, but typed so
const fold = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[łøđðþßæœı]/g, (letter) => LETTERS[letter]);

/** Calls filter(words) at every change; Escape empties the box, "/" leads to it. */
const searchBox = (filter) => {
  const search = document.getElementById("search");
  const look = () => filter(fold(search.value).split(/\s+/).filter(Boolean));
  const empty = () => {
    search.value = "";
    look();
  };
  search.addEventListener("input", look);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") empty();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select") || !search.checkVisibility()) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.closest("[hidden]").hidden = false;
  if (search.value) look(); // a browser keeps what was typed when the page is loaded again
  return { look, empty };
};
