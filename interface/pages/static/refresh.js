// Keeps a part of the page fresh, and says so when the server is out of reach.
"use strict";

const live = document.querySelector("[data-refresh]");
const lost = document.querySelector("[data-lost]");
const EVERY_MS = 10_000;

async function refresh() {
  // What somebody is about to type or to read in detail is left alone.
  const busy = live.contains(document.activeElement) || live.querySelector("details[open]");
  if (document.hidden || busy) return;
  try {
    const answer = await fetch(live.dataset.refresh, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const other = fresh.querySelector("[data-refresh]");
    if (other) live.replaceChildren(...other.childNodes);
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

setInterval(refresh, EVERY_MS);
