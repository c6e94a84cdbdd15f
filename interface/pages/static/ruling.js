// The ruling editor as one types: it is saved and previewed. Both work without this.
"use strict";

const form = document.querySelector("#ruling-form");
const lost = document.querySelector("[data-lost]");
const PAUSE_MS = 700;
let waiting = 0;
let sending = false;
let later = false;

// What the form would send, with another word for what to do.
function fields(act) {
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", act);
  return sent;
}

function said(words) {
  if (!lost) return;
  lost.hidden = !words;
  if (words) lost.textContent = words;
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// Who has signed in again, in another tab, has another token for their forms.
async function renewed() {
  const answer = await fetch(form.action, { redirect: "manual" });
  if (!answer.ok) return false;
  const fresh = parsed(await answer.text()).querySelector("#ruling-form [name=form_token]");
  if (!fresh) return false;
  form.elements.form_token.value = fresh.value;
  return true;
}

function show(text) {
  const fresh = parsed(text);
  const seen = fresh.querySelector("[name=edition]");
  if (seen) form.elements.edition.value = seen.value;
  for (const id of ["live-conflict", "live-sum", "live-preview"]) {
    const old = document.getElementById(id);
    const other = fresh.getElementById(id);
    // A button that has the focus is left alone until the next change.
    if (!other || old.contains(document.activeElement)) continue;
    old.replaceChildren(...other.childNodes);
  }
}

async function send(again) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields("live"), redirect: "manual" });
    // 409: another window has saved this draft; the page says where they differ.
    if (answer.ok || answer.status === 409) {
      said("");
      show(await answer.text());
    } else if (again && answer.status === 403 && (await renewed())) {
      await send(false);
    } else if (answer.status === 401 || answer.status === 403) {
      said(lost?.dataset.over);
    }
  } catch {
    said(lost?.dataset.cut);
  }
}

// One after the other: each saying which saved draft it has seen.
async function refresh() {
  waiting = 0;
  later = sending;
  if (sending) return;
  sending = true;
  await send(true);
  sending = false;
  if (later) await refresh();
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE_MS);
});

// A button saves all of it itself.
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  waiting = 0;
});

// Who leaves before the pause is over finds it in the draft as well.
addEventListener("pagehide", () => {
  if (!waiting) return;
  fetch(form.action, { method: "POST", body: fields("live"), keepalive: true }).catch(() => {});
});

// The text of the rule that is chosen stands below it.
form.addEventListener("change", (event) => {
  const place = document.querySelector(`[data-rule="${event.target.id}"]`);
  if (place) place.textContent = event.target.selectedOptions[0]?.title ?? "";
});

// Wherever the focus is: who has just read the preview is in no field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.isComposing || event.target.closest("dialog")) return;
  event.preventDefault();
  const button = document.querySelector("#live-sum .primary");
  if (button) {
    form.requestSubmit(button);
    return;
  }
  // It cannot be sent now: the page says why, above what is written.
  document.querySelector("[data-unsendable]")?.focus();
});
