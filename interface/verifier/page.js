// The page around verify.js: reads what is asked, shows every property and the verdict.

import { check, firstOf, parseCertificate, parseKey, readKeys, shown } from "./verify.js";
import {
  CODES, NOT_PROVED, NOT_PROVED_BY_RECEIPT, PAGE, PROPERTIES, ROLES, STATES, TOLD, TOPICS,
} from "./words.js";

const at = (id) => document.getElementById(id);
let language = navigator.language.startsWith("zh") ? "zh" : "en";
let report = null;

const fill = (text, filling) =>
  shown(text.replace(/\{(\d)\}/g, (_, place) => filling[Number(place)] ?? ""));
const told = (row) => (row?.told ?? [])
  .map(([words, filling]) => fill(TOLD[language][words], filling))
  .join(language === "zh" ? "，" : ", ");
const words = (code, row) => fill(CODES[language][code], [told(row)]);

function cell(text, kind = "") {
  const made = document.createElement("td");
  made.textContent = text;
  made.className = kind;
  return made;
}

function row(one) {
  const { name, state, code } = one;
  const made = document.createElement("tr");
  const about = code ? words(code, one) : told(one);
  made.append(cell(PROPERTIES[language][name]), cell(STATES[language][state], state), cell(about));
  made.dataset.name = name;
  made.dataset.code = code ?? state;
  return made;
}

// One event: its version, when, by whom, what, and whether another system tells it.
function line(one) {
  const made = document.createElement("tr");
  const role = (name) => ROLES[language][name] ?? name;
  const who = [one.role, one.on_behalf_of].filter((name) => name !== null).map(role);
  const what = TOPICS[language][one.topic] ?? one.topic ?? "";
  const imported = one.imported ? ` (${TOLD[language].imported})` : "";
  for (const text of [String(one.version), one.at ?? "", who.join(" → "), what + imported]) {
    made.append(cell(fill("{0}", [text])));
  }
  return made;
}

// One bundle of several: its case, and its verdict.
function bundle(one) {
  const made = document.createElement("tr");
  const about = one.case ? fill(TOLD[language].case, [one.case, one.version]) : one.name;
  const state = one.verdict === "valid" ? "holds" : "fails";
  made.append(cell(about), cell(one.verdict, state), cell(words(one.verdict, firstOf(one.properties))));
  made.dataset.name = one.name;
  made.dataset.code = one.verdict;
  return made;
}

function show() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-say]")) {
    one.textContent = PAGE[language][one.dataset.say];
  }
  const beside = report?.kind === "receipt" ? NOT_PROVED_BY_RECEIPT : NOT_PROVED;
  at("not-proved").replaceChildren(...beside[language].map((one) => {
    const made = document.createElement("li");
    made.textContent = one;
    return made;
  }));
  at("result").hidden = report === null;
  if (report === null) return;
  if (report.trouble !== undefined) {
    at("verdict").textContent = fill(PAGE[language].trouble, [report.trouble]);
    at("about").textContent = "";
    at("properties").replaceChildren();
    at("timeline").replaceChildren();
    at("bundles").replaceChildren();
    return;
  }
  const first = firstOf(report.properties);
  at("verdict").textContent = words(report.verdict, first);
  at("verdict").className = report.verdict === "valid" ? "holds" : "fails";
  at("verdict").dataset.verdict = report.verdict;
  const about = [`SHA-256 ${report.sha256}`];
  if (report.case) about.unshift(fill(TOLD[language].case, [report.case, report.version]));
  at("about").textContent = about.join(" · ");
  at("properties").replaceChildren(...report.properties.map(row));
  at("timeline").replaceChildren(...report.timeline.map(line));
  at("bundles").replaceChildren(...(report.bundles ?? []).map(bundle));
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

at("asked").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const data = new Uint8Array(await at("bundle").files[0].arrayBuffer());
    report = await check(data, await asked());
  } catch (error) {
    report = { trouble: error.message };
  }
  show();
});

for (const one of ["zh", "en"]) {
  at(one).addEventListener("click", () => {
    language = one;
    show();
  });
}
show();
