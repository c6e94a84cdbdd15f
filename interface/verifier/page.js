// The page around verify.js: reads what is asked, shows every property and the verdict.

import { check, firstOf, parseCertificate, parseKey, readKeys, shown } from "./verify.js";
import {
  CODES, NOT_PROVED, NOT_PROVED_BY_RECEIPT, PAGE, PROPERTIES, ROLES, STATES, TOLD, TOPICS,
} from "./words.js";

const at = (id) => document.getElementById(id);
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

const fill = (text, filling) =>
  shown(text.replace(/\{(\d)\}/g, (_, place) => filling[Number(place)] ?? ""));
const told = (row) => (row?.told ?? [])
  .map(([words, filling]) => fill(TOLD[language][words], filling))
  .join(language === "zh" ? "，" : ", ");
const words = (code, row) => fill(CODES[language][code], [told(row)]);

function cell(text, kind = "", tag = "td") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = kind;
  if (tag === "th") made.scope = "row";
  return made;
}

function row(one) {
  const { name, state, code } = one;
  const made = document.createElement("tr");
  const about = code ? words(code, one) : told(one);
  made.append(
    cell(PROPERTIES[language][name], "", "th"), cell(STATES[language][state], state), cell(about),
  );
  made.dataset.name = name;
  made.dataset.code = code ?? state;
  return made;
}

const RECORDED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const two = (n) => String(n).padStart(2, "0");

// A recorded time to the second where the reader is; in its title UTC, as it is recorded.
function moment(text) {
  const there = RECORDED.test(text ?? "") ? new Date(text) : null;
  if (there === null || Number.isNaN(there.getTime())) return cell(fill("{0}", [text ?? ""]));
  const day = [there.getFullYear(), two(there.getMonth() + 1), two(there.getDate())];
  const clock = [there.getHours(), there.getMinutes(), there.getSeconds()].map(two);
  const time = document.createElement("time");
  time.dateTime = text;
  time.title = `UTC ${text.slice(0, -1).replace("T", " ")}`;
  time.textContent = `${day.join("-")} ${clock.join(":")}`;
  const made = document.createElement("td");
  made.append(time);
  return made;
}

// One event: its version, when, by whom, what, and whether another system tells it.
function line(one) {
  const made = document.createElement("tr");
  const role = (name) => ROLES[language][name] ?? name;
  const who = [one.role, one.on_behalf_of].filter((name) => name !== null).map(role);
  const what = TOPICS[language][one.topic] ?? one.topic ?? "";
  const imported = one.imported ? ` (${TOLD[language].imported})` : "";
  made.append(cell(fill("{0}", [String(one.version)]), "n", "th"));
  made.append(moment(one.at));
  for (const text of [who.join(" → "), what + imported]) {
    made.append(cell(fill("{0}", [text])));
  }
  return made;
}

// One bundle of several: its case, and its verdict.
function bundle(one) {
  const made = document.createElement("tr");
  const about = one.case ? fill(TOLD[language].case, [one.case, one.version]) : one.name;
  const state = one.verdict === "valid" ? "holds" : "fails";
  made.append(
    cell(about, "", "th"), cell(STATES[language][state], state),
    cell(words(one.verdict, firstOf(one.properties))),
  );
  made.dataset.name = one.name;
  made.dataset.code = one.verdict;
  return made;
}

// A table that has nothing to say is left out, with its heading.
function table(id, rows) {
  at(id).replaceChildren(...rows);
  at(`${id}-part`).hidden = rows.length === 0;
}

function verdict(text, holds) {
  const state = holds ? "holds" : "fails";
  at("verdict").textContent = text;
  at("verdict").className = state;
  at("verdict-box").className = `card pad verdict-box ${state}`;
}

function show(report) {
  const beside = report?.kind === "receipt" ? NOT_PROVED_BY_RECEIPT : NOT_PROVED;
  at("not-proved").replaceChildren(...beside[language].map((one) => cell(one, "", "li")));
  at("result").hidden = false;
  if (report.trouble !== undefined) {
    verdict(fill(PAGE[language].trouble, [report.trouble]), false);
    at("verdict").dataset.verdict = "trouble";
    at("about").textContent = "";
    for (const id of ["properties", "timeline", "bundles"]) table(id, []);
  } else {
    const holds = report.verdict === "valid";
    const said = words(report.verdict, firstOf(report.properties));
    verdict(fill(PAGE[language][holds ? "holds" : "refused"], [said]), holds);
    at("verdict").dataset.verdict = report.verdict;
    const about = [`SHA-256 ${report.sha256}`];
    if (report.case) about.unshift(fill(TOLD[language].case, [report.case, report.version]));
    at("about").textContent = about.join(" · ");
    table("properties", report.properties.map(row));
    table("timeline", report.timeline.map(line));
    table("bundles", (report.bundles ?? []).map(bundle));
  }
  at("verdict").focus();
}

const lines = (id) => at(id).value.split("\n").map((one) => one.trim()).filter((one) => one);

async function asked() {
  const pem = at("tsa").value.trim();
  const quorum = at("quorum").value;
  const { keys, statementKeys } = await readKeys(at("keys").value);
  return {
    keys,
    witnesses: await Promise.all(lines("witnesses").map(parseKey)),
    quorum: quorum ? Math.max(1, Number(quorum)) : null,
    statementKeys: [...statementKeys, ...(await Promise.all(lines("statement-keys").map(parseKey)))],
    stampers: pem ? [parseCertificate(pem)] : [],
  };
}

// What is left out is said at its field, in the language of the page.
function missing(id, isMissing) {
  at(`${id}-flaw`).hidden = !isMissing;
  at(id).closest(".field").classList.toggle("err", isMissing);
  at(id).setAttribute("aria-invalid", String(isMissing));
  return isMissing;
}

function chosen() {
  const [file] = at("bundle").files;
  at("chosen").textContent = file ? fill(PAGE[language].chosen, [file.name, file.size]) : "";
  missing("bundle", false);
}

at("asked").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("result").hidden = true;
  const gaps = [
    missing("bundle", at("bundle").files.length === 0),
    missing("keys", at("keys").value.trim() === ""),
  ];
  if (gaps[0] || gaps[1]) {
    at(gaps[0] ? "bundle" : "keys").focus();
    return;
  }
  try {
    const data = new Uint8Array(await at("bundle").files[0].arrayBuffer());
    show(await check(data, await asked()));
  } catch (error) {
    show({ trouble: error.message });
  }
});

at("bundle").addEventListener("change", chosen);
const zone = at("drop-zone");
for (const [name, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.toggle("over", isOver);
  });
}
zone.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length === 0) return;
  at("bundle").files = event.dataTransfer.files;
  chosen();
});
// A file that is dropped beside the zone would be opened in place of this page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
at("check").disabled = false;
