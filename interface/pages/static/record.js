// The slider of a case: says what it stands on while it moves, and goes there afterwards.
"use strict";

const range = document.getElementById("at");
const marks = document.querySelectorAll(".ticks a");
const heading = document.getElementById("moment-h");
// Arrow keys change it step by step: who presses one again is still on the way.
const PAUSE = 350;
const HELD = "redress-slider";
let going = 0;

function preview() {
  const chosen = Number(range.value);
  const option = document.querySelector(`#pick option[value="${chosen}"]`);
  if (!option) return;
  range.setAttribute("aria-valuetext", option.textContent);
  heading.textContent = option.textContent;
  marks.forEach((one, n) => one.classList.toggle("after", n + 1 > chosen));
}

function go() {
  clearTimeout(going);
  going = setTimeout(() => {
    sessionStorage.setItem(HELD, "1");
    range.form.requestSubmit();
  }, PAUSE);
}

if (range) {
  range.addEventListener("input", preview);
  range.addEventListener("change", go);
  // Who moves it by keyboard goes on from where they were: after the browser has gone to
  // the fragment of the address, which takes the focus away.
  if (sessionStorage.getItem(HELD)) {
    addEventListener("load", () => setTimeout(() => range.focus({ preventScroll: true })));
  }
  sessionStorage.removeItem(HELD);
}
