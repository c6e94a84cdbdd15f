// Fields that go with a choice are shown with it, and not sent without it.
"use strict";

for (const field of document.querySelectorAll("[data-when]")) {
  const form = field.closest("form");
  const allowed = field.dataset.values.split(" ");
  const tell = () => {
    const chosen = new FormData(form).get(field.dataset.when) ?? "";
    delete field.dataset.off;
    field.hidden = !allowed.includes(chosen);
    for (const one of field.querySelectorAll("input, select, textarea")) one.disabled = field.hidden;
  };
  form.addEventListener("change", tell);
  tell();
}
