// The ruling editor as one types: it is saved and previewed. Both work without this.
"use strict";

const form = document.querySelector("#ruling-form");
const PAUSE_MS = 700;
let waiting = 0;
let sending = null;

// What the form would send, with another word for what to do.
function fields(act) {
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", act);
  return sent;
}

async function refresh() {
  sending?.abort();
  sending = new AbortController();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: fields("live"),
      signal: sending.signal,
    });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["live-sum", "live-preview"]) {
      const old = document.getElementById(id);
      const other = fresh.getElementById(id);
      // A button that has the focus is left alone until the next change.
      if (!other || old.contains(document.activeElement)) continue;
      old.replaceChildren(...other.childNodes);
    }
  } catch {
    // Cut off or replaced by a later one: the next change tries again.
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE_MS);
});

// The text of the rule that is chosen stands below it.
form.addEventListener("change", (event) => {
  const place = document.querySelector(`[data-rule="${event.target.id}"]`);
  if (place) place.textContent = event.target.selectedOptions[0]?.title ?? "";
});

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const button = document.querySelector("#live-sum .primary");
  if (button) form.requestSubmit(button);
});
