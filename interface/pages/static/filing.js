// A filing that brings files: what its page says of those that did not come with it.
"use strict";

// The case is filed, whatever became of a file: the page says so, and leads to the case.
function caseIsThere(form, files, filed, broken) {
  const page = form.parentElement;
  for (const one of page.querySelectorAll(".steps, .back, :scope > .note, :scope > .card")) one.remove();
  for (const one of [...form.children]) if (one.type !== "hidden" && one !== files.box && !one.matches("button.btn--go")) one.remove();
  for (const one of files.box.querySelectorAll(".drop, .hint, .again, .icon-btn")) one.remove();
  const send = form.querySelector("button.btn--go");
  if (broken) send.textContent = form.dataset.sendAgain;
  else send?.remove();
  const heading = page.querySelector("h1");
  heading.textContent = form.dataset.filed;
  const told = document.createElement("div");
  told.className = "note note--late";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  const strong = document.createElement("strong");
  strong.textContent = form.dataset.notAll.replace("{n}", String(files.chosen.filter((one) => !one.sent).length));
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = filed || `${new URL(form.action).pathname.replace(/\/evidence$/, "")}?done=filed`;
  link.textContent = form.dataset.see;
  line.append(link);
  told.append(strong, line);
  heading.after(told);
  // Which number the case has, the page of the case has said.
  if (files.receipt) heading.after(document.importNode(files.receipt, true));
  told.focus();
}

// A filing that was refused: what is wrong is told here, where the files still are.
function sentBack(form, files, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const alert = answer.querySelector("main [role=alert]");
  const same = answer.querySelector("form[data-upload=filing]");
  if (!alert || !same) {
    remember(form, files);
    form.submit();
    return;
  }
  form.parentElement.querySelector(":scope > [role=alert]")?.remove();
  form.before(document.importNode(alert, true));
  for (const mark of form.querySelectorAll(".err-msg")) mark.remove();
  for (const field of form.querySelectorAll(".field.err")) field.classList.remove("err");
  for (const mark of same.querySelectorAll(".err-msg[id]")) {
    const label = form.querySelector(`label[for="${mark.id.replace(/-flaw$/, "")}"]`);
    label?.after(document.importNode(mark, true));
    label?.parentElement.classList.add("err");
  }
  form.parentElement.querySelector(":scope > [role=alert]").focus();
}
