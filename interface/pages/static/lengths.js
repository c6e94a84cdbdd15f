// Texts are counted while they are typed. Nothing is cut: what is too long is said at its
// field, and sent only when it fits. Without script, the server says it there.
"use strict";

const words = document.currentScript.dataset;
const NEARLY_FULL = 0.8;

function counted(field) {
  const most = Number(field.dataset.most);
  // As the server counts: signs, and not the halves of some of them.
  const left = most - [...field.value].length;
  const isOver = left < 0;
  const around = field.closest(".money") ?? field;
  let said = around.nextElementSibling;
  if (!said?.matches(".count")) {
    // A name or an amount is short: it is counted where it may become too long.
    const isShown = isOver || field.matches("textarea") || left < most * (1 - NEARLY_FULL);
    if (!isShown) return;
    said = document.createElement("span");
    said.className = "count";
    said.setAttribute("aria-live", "polite");
    around.after(said);
  }
  const text = (isOver ? words.over : words.left).replace("{n}", String(Math.abs(left)));
  said.textContent = text;
  said.classList.toggle("is-over", isOver);
  field.setCustomValidity(isOver ? text : "");
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.most) counted(event.target);
});
// A text that came back too long, or that the browser has kept.
for (const field of document.querySelectorAll("[data-most]")) if (field.value) counted(field);
