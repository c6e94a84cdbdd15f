// The other language takes along the form that was typed into last. Without this script,
// each form has a button for that.
"use strict";

let typed = null;
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    typed = event.target.closest("form") ?? typed;
  });
}
document.querySelector("a[data-language]")?.addEventListener("click", (event) => {
  const button = typed?.querySelector("button[name=only]");
  if (!button) return;
  event.preventDefault();
  typed.requestSubmit(button);
});
