// Times are the platform's, because limits end by its clock. Who reads elsewhere is told
// their own time as well: in the title of each time, and once at the foot of the page.
"use strict";

const { zone, here } = document.currentScript.dataset;
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const note = document.querySelector("[data-zone-note]");

function written(moment, timeZone) {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit",
  }).format(moment).replace(",", "");
}

function told(times) {
  for (const one of times) {
    const moment = new Date(one.dateTime);
    const mine = written(moment, own);
    if (mine === written(moment, zone) || one.dataset.told) continue;
    one.dataset.told = "yes";
    one.title += ` · ${here.replace("{at}", mine)}`;
    if (note) note.hidden = false;
  }
}

if (zone && own) {
  told(document.querySelectorAll("time[datetime]"));
  // A part of the page that is kept fresh brings new times.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node instanceof Element) told(node.querySelectorAll("time[datetime]"));
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
}
