// Evidence is dragged onto an issue: relied on there, or what the column says that it is
// dropped on. Ticking does the same, and is the way by keyboard and without script.
"use strict";

const KIND = "text/x-exhibit";
const told = document.querySelector("[data-dropped]");
let over = null;

function mark(issue) {
  if (over === issue) return;
  over?.classList.remove("is-over");
  issue?.classList.add("is-over");
  over = issue;
}

// The field that a drop at this place ticks; null where it may not be ticked.
function field(place, number) {
  const issue = place.closest?.(".issue");
  const column = place.closest?.("td")?.querySelector("input[type=radio]")?.value ?? "relied";
  return issue?.querySelector(`input[name$=".e.${number}"][value="${column}"]:not(:disabled)`) ?? null;
}

for (const one of document.querySelectorAll("[data-exhibit]")) {
  one.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData(KIND, one.dataset.exhibit);
    event.dataTransfer.setData("text/plain", one.textContent.trim());
    event.dataTransfer.effectAllowed = "copy";
  });
  one.addEventListener("dragend", () => mark(null));
}

document.addEventListener("dragover", (event) => {
  const issue = event.dataTransfer.types.includes(KIND) ? event.target.closest?.(".issue:has(.etab)") : null;
  mark(issue);
  if (!issue) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});

document.addEventListener("drop", (event) => {
  const number = event.dataTransfer.getData(KIND);
  mark(null);
  if (!number || !event.target.closest?.(".issue")) return;
  event.preventDefault();
  const radio = field(event.target, number);
  if (!radio) {
    told.textContent = told.dataset.refused;
    return;
  }
  radio.checked = true;
  told.textContent = `${radio.closest(".issue").querySelector("h3").firstChild.textContent.trim()} · ${radio.labels[0].textContent.trim()}`;
  // As if it had been ticked: it is saved and previewed.
  radio.dispatchEvent(new Event("input", { bubbles: true }));
});
