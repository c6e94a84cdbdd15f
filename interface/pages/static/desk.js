// Keys of the desk, and time that goes on. All of it can also be clicked and read
// without this script.
"use strict";

const rows = () => [...document.querySelectorAll("tr.row")];
const current = () => document.querySelector("tr.row.cur");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  const row = all[Math.min(Math.max(to, 0), all.length - 1)];
  for (const one of all) {
    one.classList.toggle("cur", one === row);
    if (one === row) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  row.querySelector("th a").focus();
  row.scrollIntoView({ block: "nearest" });
}

// In the queue: the row under the cursor is taken, or given to somebody else. On a case:
// its form for that is opened.
function assign() {
  const place = current() ?? document.querySelector('[id^="act-assignment"]');
  const more = place?.matches("details") ? place : null;
  if (!more) {
    place?.querySelector("td.asg button, a.give")?.click();
    return;
  }
  more.open = true;
  more.querySelector("select, input:not([type=hidden]), button")?.focus();
}

// Where a form of the case stands, closed or not, is where one goes on by keyboard.
function goTo(link) {
  const form = document.querySelector(link.hash);
  const around = form?.closest("details");
  if (around) around.open = true;
  form?.scrollIntoView({ block: "center" });
  form?.querySelector("select, textarea, input:not([type=hidden]), button")?.focus({ preventScroll: true });
}

const ways = [...document.querySelectorAll('.doing a[href^="#"]')];
const wayOf = (key) => ways.find((one) => one.dataset.key === key);
for (const one of ways) {
  one.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(one);
  });
}

// The queue as it was left, so that a case leads to the next one of it.
const LEFT = "redress-queue";
const queue = () => JSON.parse(sessionStorage.getItem(LEFT) ?? '{"at": "/desk", "cases": []}');
const onCase = document.querySelector("[data-case]")?.dataset.case;
if (rows().length) {
  const cases = rows().map((one) => one.querySelector("th a").getAttribute("href"));
  sessionStorage.setItem(LEFT, JSON.stringify({ at: location.pathname + location.search, cases }));
}

function step(by) {
  if (!onCase) {
    move(by);
    return;
  }
  const { at, cases } = queue();
  // Beyond the first and the last one, and from a case of another list: back to the queue.
  const there = cases.indexOf(onCase);
  location.assign((there >= 0 && cases[there + by]) || at);
}

function search() {
  const field = document.querySelector("#search");
  if (field) field.focus();
  else location.assign(`${queue().at}#search`);
}

function toggleKeys() {
  const list = document.querySelector("#keys");
  if (list?.open) list.close();
  else list?.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  c: () => document.querySelector("#claim-next button")?.click(),
  a: assign,
  r: () => document.querySelector(".write a")?.click(),
  "/": search,
  "?": toggleKeys,
};

if (location.hash === "#search") search();

document.addEventListener("keydown", (event) => {
  // What is typed into a field is text, and keys with others belong to the browser.
  const field = event.target.closest("input, textarea, select, dialog");
  const typed = event.key === "?" && field?.id === "keys" ? null : field;
  // A key may have led into a field: Esc leads out of it, to the keys again.
  if (event.key === "Escape" && typed && !event.isComposing) typed.blur();
  if (typed || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing) return;
  const way = wayOf(event.key);
  if (!way && !(event.key in KEYS)) return;
  event.preventDefault();
  if (way) goTo(way);
  else KEYS[event.key]();
});

const clock = document.querySelector("[data-now]");
const words = clock ? JSON.parse(clock.dataset.words) : {};
// Time as the platform has it: a sandbox's clock may be ahead of the browser's.
const ahead = clock ? Date.parse(clock.dataset.now) - Date.now() : 0;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function said(n, unit) {
  return words[n === 1 ? `${unit}-one` : unit].replace("{n}", n);
}

// As page_times.py says it: whole units, so that nobody is told of more than there is.
function lengthOf(ms) {
  const days = Math.floor(ms / DAY_MS);
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const parts = days ? [[days, "days"], [hours, "hours"]] : [[hours, "hours"], [minutes, "minutes"]];
  const shown = parts.filter(([n]) => n);
  return (shown.length ? shown : [parts[1]]).map(([n, unit]) => said(n, unit)).join(" ");
}

function tick() {
  for (const one of document.querySelectorAll("[data-due]")) {
    // What stands still has no time that passes.
    if (one.classList.contains("u-paused")) continue;
    const left = Date.parse(one.dataset.due) - Date.now() - ahead;
    const text = words[left < 0 ? "over" : "left"].replace("{length}", lengthOf(Math.abs(left)));
    const place = one.querySelector("span");
    // Only what has changed: a reader is told once a minute at most, and not aloud.
    if (place.textContent !== text) place.textContent = text;
    const urgency = left < 0 ? "late" : left <= DAY_MS ? "soon" : "calm";
    if (one.classList.contains(`u-${urgency}`)) continue;
    one.className = `u u-${urgency}`;
    one.querySelector("use").setAttribute("href", `#i-${urgency}`);
  }
}

if (clock) setInterval(tick, 5_000);
