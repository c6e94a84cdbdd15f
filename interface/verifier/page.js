// The page around verify.js: reads what is asked, shows every property and the verdict.

import { check, parseCertificate, parseKey, shown } from "./verify.js";
import { CODES, NOT_PROVED, PAGE, PROPERTIES, STATES, TOLD } from "./words.js";

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

function show() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const one of document.querySelectorAll("[data-say]")) {
    one.textContent = PAGE[language][one.dataset.say];
  }
  at("not-proved").replaceChildren(...NOT_PROVED[language].map((one) => {
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
    return;
  }
  const first = report.properties.find((one) => one.state === "fails");
  at("verdict").textContent = words(report.verdict, first);
  at("verdict").className = report.verdict === "valid" ? "holds" : "fails";
  at("verdict").dataset.verdict = report.verdict;
  const about = [`SHA-256 ${report.sha256}`];
  if (report.case) about.unshift(fill(TOLD[language].case, [report.case, report.version]));
  at("about").textContent = about.join(" · ");
  at("properties").replaceChildren(...report.properties.map(row));
}

const lines = (id) => at(id).value.split("\n").map((one) => one.trim()).filter((one) => one);

async function asked() {
  const pem = at("tsa").value.trim();
  const quorum = at("quorum").value;
  return {
    keys: await Promise.all(lines("keys").map(parseKey)),
    witnesses: await Promise.all(lines("witnesses").map(parseKey)),
    quorum: quorum ? Math.max(1, Number(quorum)) : null,
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
