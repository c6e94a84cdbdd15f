// A connection that is lost is said, and nothing is sent into it: a browser that finds no
// server leaves the page, and with it what was typed.
"use strict";

const lost = document.querySelector("[data-lost]");
const sure = new WeakSet();

function say(words) {
  if (!lost) return;
  lost.hidden = !words;
  if (words) lost.textContent = words;
}

for (const name of ["offline", "online"]) {
  addEventListener(name, () => say(navigator.onLine ? "" : lost?.dataset.cut));
}

// Whether somebody answers, whatever it is: the smallest file that there is.
async function isThere() {
  if (!navigator.onLine) return false;
  try {
    await fetch(lost.dataset.asks, { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

// Whether there is anything to be lost.
function hasText(form) {
  const typed = [...form.elements].filter((one) => one.matches("textarea, input[type=text]"));
  return form.method === "post" && typed.some((one) => one.value);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || sure.delete(form) || !lost || !hasText(form)) return;
  event.preventDefault();
  const button = event.submitter;
  if (await isThere()) {
    say("");
    sure.add(form);
    form.requestSubmit(button);
    return;
  }
  say(lost.dataset.unsent);
  lost.scrollIntoView({ block: "nearest" });
});
