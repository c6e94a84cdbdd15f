// The parties' pages: long texts are counted while they are typed, and what a step needs is
// asked for before it is sent.
"use strict";

for (const form of document.querySelectorAll("form[data-checked]")) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate || form.checkValidity()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.reportValidity();
  });
}

for (const field of document.querySelectorAll("textarea[data-count]")) counted(field);

function counted(field) {
  const most = field.maxLength;
  // Cut off, a text that was pasted would be lost; too long, it is said.
  field.removeAttribute("maxlength");
  const said = field.nextElementSibling;
  const tell = () => {
    const left = most - [...field.value].length;
    said.textContent = (left < 0 ? field.dataset.over : field.dataset.count).replace("{n}", String(Math.abs(left)));
    said.classList.toggle("is-over", left < 0);
    field.setCustomValidity(left < 0 ? said.textContent : "");
  };
  field.addEventListener("input", tell);
  field.form?.addEventListener("submit", (event) => {
    if (field.checkValidity() || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.focus();
    field.reportValidity();
  });
  tell();
}
