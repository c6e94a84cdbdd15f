// Keys of the desk. Everything that they do can also be clicked, and works without them.
"use strict";

const rows = () => [...document.querySelectorAll("tr.row")];
const current = () => document.querySelector("tr.row.cur");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  const row = all[Math.min(Math.max(to, 0), all.length - 1)];
  for (const one of all) {
    one.classList.toggle("cur", one === row);
    if (one === row) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  row.querySelector("th a").focus();
  row.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  c: () => document.querySelector("#claim-next button")?.click(),
  "/": () => document.querySelector("#search")?.focus(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  // What is typed into a field is text, and keys with others belong to the browser.
  const typed = event.target.closest("input, textarea, select, dialog");
  if (typed || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});
