// Forms with files: each file is looked at before it is sent, and sent by itself, with its
// progress. Without script, they are plain forms.
"use strict";

class Files {
  constructor(box) {
    this.box = box;
    this.said = box.dataset;
    this.list = box.querySelector(".ups");
    this.chosen = [];
    for (const input of box.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        for (const file of input.files) this.add(file);
        input.value = "";
      });
    }
  }

  flaw(file) {
    const accepted = this.said.accepted.split(",");
    if (!accepted.includes(file.type)) return this.said.wrongKind;
    if (file.size > Number(this.said.limit)) return this.said.tooLarge;
    if (file.size === 0) return this.said.empty;
    return this.good.length >= Number(this.said.most) ? this.said.tooMany : "";
  }

  get good() {
    return this.chosen.filter((one) => !one.flaw);
  }

  add(file) {
    const one = { file, flaw: this.flaw(file), sent: false };
    one.row = this.row(one);
    this.chosen.push(one);
    this.list.append(one.row);
    this.found(file.name);
  }

  // A file that the page asks for once more is here again.
  found(name) {
    const asked = this.box.querySelector(".again");
    for (const line of asked?.querySelectorAll("li") ?? []) if (line.textContent === name) line.remove();
    if (asked && !asked.querySelector("li")) asked.remove();
  }

  row(one) {
    const row = document.createElement("li");
    row.className = one.flaw ? "card up up--bad" : "card up";
    row.append(picture(one.file));
    const name = document.createElement("p");
    name.className = "name";
    const isolated = document.createElement("bdi");
    isolated.textContent = one.file.name;
    name.append(isolated);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "icon-btn";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${this.said.remove} ${one.file.name}`);
    remove.addEventListener("click", () => {
      this.chosen = this.chosen.filter((other) => other !== one);
      row.remove();
    });
    one.state = document.createElement("p");
    one.state.className = "state muted";
    one.state.textContent = one.flaw || size(one.file.size);
    row.append(name, remove, one.state);
    return row;
  }

  // Sends one file with the form's other fields; resolves to what was wrong, or "".
  send(one, address, fields) {
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", `${this.said.coming} ${one.file.name}`);
    one.state.before(bar);
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    body.append("file", one.file, one.file.name);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.upload.addEventListener("progress", (event) => {
        bar.value = (100 * event.loaded) / event.total;
        one.state.textContent = `${this.said.coming} ${size(event.loaded)} / ${size(event.total)}`;
      });
      const end = (flaw) => {
        bar.remove();
        one.sent = !flaw;
        one.flaw = flaw;
        one.row.classList.toggle("up--bad", Boolean(flaw));
        one.state.textContent = flaw || `${this.said.there} ${size(one.file.size)}`;
        resolve(flaw);
      };
      request.addEventListener("load", () => {
        // Who is led to the page where one signs in has sent nothing.
        this.over ||= request.status === 401 || new URL(request.responseURL).pathname === "/sign-in";
        end(request.status < 400 && !this.over ? "" : refusal(request.responseText) || this.said.broken);
      });
      request.addEventListener("error", () => end(this.said.broken));
      request.send(body);
    });
  }
}

function picture(file) {
  if (!file.type.startsWith("image/") || file.type === "image/heic") {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("viewBox", "0 0 16 16");
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", "M4 1.5h5L12.5 5v9.5H4zM9 1.5V5h3.5");
    drawing.append(path);
    return drawing;
  }
  // The policy of the pages lets pictures come from data, and from nowhere else.
  const image = document.createElement("img");
  image.alt = "";
  image.addEventListener("error", () => image.removeAttribute("src"));
  const reader = new FileReader();
  reader.addEventListener("load", () => { image.src = reader.result; });
  reader.readAsDataURL(file);
  return image;
}

function size(bytes) {
  const many = (unit) => (bytes / unit).toFixed(1).replace(/\.0$/, "");
  if (bytes >= 1 << 20) return `${many(1 << 20)} MB`;
  return bytes >= 1024 ? `${many(1024)} KB` : `${bytes} B`;
}

// What a page says that refuses something, or "".
function refusal(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[role=alert] li")?.textContent.trim() ?? page.querySelector("[role=alert] strong")?.textContent.trim() ?? "";
}

function texts(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const box = form.querySelector("[data-files]");
  const files = new Files(box);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) {
      remember(form, files);
      return;
    }
    if (!files.good.length && form.dataset.upload === "filing") return;
    event.preventDefault();
    void sendAll(form, files, event.submitter);
  });
}

async function sendAll(form, files, button) {
  button.disabled = true;
  try {
    let address = form.action;
    let fields = texts(form);
    let next = "";
    if (form.dataset.upload === "filing") {
      // The case first: a file that breaks off then takes nothing else with it.
      const filed = await fetch(form.action, { method: "POST", body: whole(fields) });
      const found = /^\/cases\/[0-9a-f-]{36}$/.exec(new URL(filed.url).pathname);
      const answer = await filed.text();
      if (!filed.redirected || !found) {
        sentBack(form, files, answer);
        return;
      }
      files.receipt = new DOMParser().parseFromString(answer, "text/html").querySelector("main [role=status]");
      address = `${found[0]}/evidence`;
      next = `${found[0]}?done=filed`;
      fields = fields.filter(([name]) => name === "form_token" || name === "key").map(([name, value]) => [name, name === "key" ? `${value}-files` : value]);
      form.dataset.upload = "filed";
      form.action = address;
    }
    if (!files.good.length) {
      // Filed, with no file left to send: the case shows it, and takes others.
      if (form.dataset.upload === "filed") location.assign(`${address.replace(/\/evidence$/, "")}?done=filed`);
      else form.submit();
      return;
    }
    let refused = 0;
    for (const one of files.good.filter((each) => !each.sent)) {
      refused += (await files.send(one, address, fields)) ? 1 : 0;
      if (files.over) {
        // Sent as a plain form, its texts are shown with a way to sign in and to go on.
        remember(form, files);
        form.submit();
        return;
      }
    }
    if (!refused) location.assign(next || `${new URL(address, location.href).pathname.replace(/\/(evidence|messages)$/, "")}?done=${address.endsWith("messages") ? "messages-files" : "evidence"}`);
    else retry(form, files, next);
  } catch {
    retry(form, files, "");
  } finally {
    button.disabled = false;
  }
}

// What was refused stays to be seen; what only broke off is sent with the next try.
function retry(form, files, filed) {
  let broken = 0;
  for (const one of files.chosen) {
    if (one.flaw !== files.said.broken) continue;
    one.flaw = "";
    broken += 1;
  }
  if (form.dataset.upload === "filed") caseIsThere(form, files, filed, broken);
  else files.box.scrollIntoView({ block: "center" });
}

// No page can be given files: their names go along, so that the next one can ask for them.
function remember(form, files) {
  for (const one of files.chosen) {
    if (one.sent || (one.flaw && one.flaw !== files.said.broken)) continue;
    const name = document.createElement("input");
    name.type = "hidden";
    name.name = "chosen";
    name.value = one.file.name;
    // Before the files: what follows them is not read.
    files.box.before(name);
  }
}

function whole(fields) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return body;
}
