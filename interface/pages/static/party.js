// The parties' pages: what a step needs is asked for before it is sent.
"use strict";

for (const form of document.querySelectorAll("form[data-checked]")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate || form.checkValidity()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.reportValidity();
  });
}
