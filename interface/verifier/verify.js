// Checks a Redress bundle in a browser (or Node 20): the second implementation.
//
// Written from the description of the format, beside redress_verify.py and not from it;
// a test holds the two against each other. It needs WebCrypto and nothing else.

export const FORMAT = "redress-bundle/1";
export const PROPERTIES = [
  "bundle", "events", "complete", "logged", "signed", "witnessed", "timed", "erased",
  "evidence", "rules",
];
export const STATUSES = {
  "valid": 0, "unreadable": 3,
  "not-alone": 9, "truncated": 10, "too-large": 11, "path-outside": 12, "doubled-member": 13,
  "unknown-member": 14, "missing-member": 15, "other-format": 16, "manifest-wrong": 17,
  "altered-member": 18, "not-canonical": 19,
  "event-malformed": 20, "event-elsewhere": 21, "broken-chain": 22,
  "incomplete": 30,
  "proof-malformed": 40, "other-log": 41, "not-in-log": 42,
  "checkpoint-wrong": 50, "foreign-log": 51, "foreign-key": 52, "signature-wrong": 53,
  "keys-wrong": 54,
  "quorum-missed": 60, "cosignature-wrong": 61,
  "time-order": 70, "timestamp-malformed": 71, "timestamp-elsewhere": 72,
  "timestamp-wrong": 73, "timestamp-missing": 74, "timestamp-unsupported": 75,
  "redactions-wrong": 80, "opened-wrong": 81,
  "evidence-wrong": 90, "file-altered": 91, "unexpected": 99,
};

const FILE_LIMIT = 2 ** 30;
const RATIO_LIMIT = 100;
const DEPTH_LIMIT = 64;
const CLOCK_SLACK = 600;
const LOG_KEY = 1;
const WITNESS_KEY = 4;
const STAMP = "timestamp.tsr";
const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// What there is to say: the name of some words (TOLD in words.js), and what fills them.

const tell = (words, ...filling) => [words, filling.map(String)];
const points = (text) => Array.from(text);

class Refused extends Error {
  constructor(code, about = "") {
    super(code);
    const [words, filling] = Array.isArray(about) ? about : tell("as-it-is", about);
    this.code = code;
    this.told = [[words, filling.map((one) => points(one).slice(0, 200).join(""))]];
  }
}

const UNSHOWN =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu;

// Writes out what would turn a line around or not be seen.
export const shown = (text) =>
  text.replace(UNSHOWN, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

// Bytes.

const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let place = 0;
  for (const one of parts) {
    whole.set(one, place);
    place += one.length;
  }
  return whole;
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

function base64(bytes) {
  let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}

function unbase64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new TypeError("base64");
  }
  if (btoa(raw) !== text) throw new TypeError("base64");
  return Uint8Array.from(raw, (one) => one.charCodeAt(0));
}

async function digest(bytes, name = "SHA-256") {
  return new Uint8Array(await crypto.subtle.digest(name, bytes));
}

const leafHash = (entry) => digest(joined(Uint8Array.of(0), entry));
const nodeHash = (left, right) => digest(joined(Uint8Array.of(1), left, right));

// The zip: stored members only, each in its one right form.

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const one of bytes) value = CRC[(value ^ one) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

const latin1 = (bytes) => Array.from(bytes, (one) => String.fromCharCode(one)).join("");
const ofLatin1 = (text) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const number = (view, place, size) =>
  size === 2 ? view.getUint16(place, true) : view.getUint32(place, true);

function readZip(data) {
  if (data.length > FILE_LIMIT) throw new Refused("too-large", tell("bytes", data.length));
  const { start, entries } = readDirectory(data);
  checkSizes(entries, data.length);
  const members = new Map();
  let expected = 0;
  for (const one of entries) {
    if (leadsOutside(one.name)) throw new Refused("path-outside", one.name);
    if (one.method || one.packed !== one.length || one.more) {
      throw new Refused("not-canonical", one.name);
    }
    if (members.has(one.name)) throw new Refused("doubled-member", one.name);
    const end = one.begin + one.length;
    if (end > start) throw new Refused("truncated", one.name);
    if (one.offset !== expected) throw new Refused("not-canonical", one.name);
    members.set(one.name, data.subarray(one.begin, end));
    expected = end;
  }
  return members;
}

function endOf(data, view) {
  for (let place = data.length - 22; place >= 0; place -= 1) {
    if (data[place] === 0x50 && view.getUint32(place, false) === 0x504b0506) return place;
  }
  throw new Refused("truncated");
}

function readDirectory(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = endOf(data, view);
  const start = number(view, end + 16, 4);
  const before = end - number(view, end + 12, 4) - start;
  const after = data.length - end - 22;
  if (before < 0) throw new Refused("truncated");
  if (before && (before + 4 > data.length || view.getUint32(before, false) !== 0x504b0304)) {
    throw new Refused("not-canonical", tell("directory"));
  }
  if (before) throw new Refused("not-alone", tell("bytes-before", before));
  if (after) throw new Refused("not-alone", tell("bytes-after", after));
  const entries = [];
  let place = start;
  for (let left = number(view, end + 10, 2); left > 0; left -= 1) {
    entries.push(readEntry(data, view, place, end));
    place = entries.at(-1).next;
  }
  return { start, entries };
}

function readEntry(data, view, place, end) {
  if (place + 46 > end || view.getUint32(place, false) !== 0x504b0102) {
    throw new Refused("not-canonical", tell("directory"));
  }
  const many = number(view, place + 28, 2);
  const offset = number(view, place + 42, 4);
  return {
    name: readName(data.subarray(place + 46, place + 46 + many)),
    method: number(view, place + 10, 2),
    packed: number(view, place + 20, 4),
    length: number(view, place + 24, 4),
    more: number(view, place + 30, 2) + number(view, place + 32, 2),
    offset, begin: offset + 30 + many, next: place + 46 + many,
  };
}

function readName(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

function checkSizes(entries, size) {
  let total = 0;
  for (const { name, packed, length } of entries) {
    if (length > size || length > RATIO_LIMIT * Math.max(packed, 1)) {
      throw new Refused("too-large", tell("unpacked", name, packed, length));
    }
    total += length;
  }
  if (total > FILE_LIMIT || total > RATIO_LIMIT * size) {
    throw new Refused("too-large", tell("all-unpacked", size, total));
  }
}

function leadsOutside(name) {
  const parts = name.split("/");
  const bad = (part) => part === "" || part === "." || part === "..";
  return name.includes("\\") || points(name)[1] === ":" || name.includes("\0") || parts.some(bad);
}

function words16(...values) {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((one, n) => view.setUint16(n * 2, one, true));
  return bytes;
}

function words32(...values) {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((one, n) => view.setUint32(n * 4, one, true));
  return bytes;
}

function writeZip(members) {
  const rank = (name) => (name === "manifest.json" ? 0 : 1);
  const names = [...members.keys()].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  const bodies = [];
  const lines = [];
  let offset = 0;
  for (const name of names) {
    const body = members.get(name);
    const path = ofLatin1(name);
    const about = joined(
      words16(0, 0, 0, 0x21), words32(crc32(body), body.length, body.length),
      words16(path.length, 0),
    );
    bodies.push(ofLatin1("PK\x03\x04"), words16(20), about, path, body);
    lines.push(
      ofLatin1("PK\x01\x02"), words16(0x314, 20), about, words16(0, 0, 0),
      words32(0o100644 * 65536, offset), path,
    );
    offset += 30 + path.length + body.length;
  }
  const directory = joined(...lines);
  const count = names.length;
  return joined(
    ...bodies, directory, ofLatin1("PK\x05\x06"), words16(0, 0, count, count),
    words32(directory.length, offset), words16(0),
  );
}

// JSON, and the manifest.

function parseJson(bytes) {
  let text;
  try {
    text = strict.decode(bytes);
  } catch {
    throw new SyntaxError("not UTF-8");
  }
  const value = JSON.parse(text);
  let level = [value];
  for (let depth = 0; depth < DEPTH_LIMIT; depth += 1) {
    level = level.filter((one) => typeof one === "object" && one !== null).flatMap(Object.values);
    if (!level.length) return value;
  }
  throw new SyntaxError("nested too deep");
}

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function byPoint(a, b) {
  const [one, other] = [points(a), points(b)];
  const place = one.findIndex((point, n) => point !== other[n]);
  if (place < 0) return one.length - other.length;
  if (place >= other.length) return 1;
  return one[place].codePointAt(0) - other[place].codePointAt(0);
}

function sorted(value) {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const rows = Object.keys(value).sort(byPoint).map((key) => `${JSON.stringify(key)}:${sorted(value[key])}`);
  return `{${rows.join(",")}}`;
}

// JSON can name half of a character, which no UTF-8 can hold.
function hasHalves(value) {
  if (typeof value === "string") return /\p{Cs}/u.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, part]) => hasHalves(name) || hasHalves(part));
}

const canonical = (value) => utf8.encode(`${sorted(value)}\n`);

const ALWAYS = [
  "checkpoint.txt", "deadlines.json", "evidence.json", "head.json", "keys.json",
  "proofs/head.tlog-proof", "reasons.json", "redactions.json", "rules/calendar.json",
  "rules/codes.toml", "timeline.en.html", "timeline.zh.html",
];
const PERHAPS =
  /^(opened\.json|timestamp\.tsr|files\/[0-9]{6}\.(sealed|opened)|rules\/(policy|proof)\/[a-z0-9-]{1,64}\.toml)$/;

const digits = (version) => String(version).padStart(6, "0");
const eventName = (version) => `events/${digits(version)}.json`;
const proofName = (version) => `proofs/${digits(version)}.tlog-proof`;

const isText = (value) => typeof value === "string";
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;

function has(value, kinds) {
  if (!isObject(value) || keysOf(value) !== Object.keys(kinds).join()) return false;
  return Object.entries(kinds).every(([name, fits]) => fits(value[name]));
}

function readManifest(members) {
  const content = members.get("manifest.json");
  if (!content) throw new Refused("missing-member", "manifest.json");
  let manifest;
  try {
    manifest = parseJson(content);
    if (hasHalves(manifest)) throw new SyntaxError("half a character");
  } catch {
    throw new Refused("manifest-wrong", tell("not-json"));
  }
  if (!isObject(manifest) || !("format" in manifest)) {
    throw new Refused("manifest-wrong", "format");
  }
  if (manifest.format !== FORMAT) throw new Refused("other-format", manifest.format);
  const keys = Object.keys(manifest).sort().join();
  if (!same(canonical(manifest), content) || keys !== "case,checkpoint,format,members,version") {
    throw new Refused("manifest-wrong", tell("other-form"));
  }
  const { version } = manifest;
  if (typeof manifest.case !== "string") throw new Refused("manifest-wrong", "case");
  if (!Number.isInteger(version)) throw new Refused("manifest-wrong", "version");
  if (!isObject(manifest.checkpoint)) throw new Refused("manifest-wrong", "checkpoint");
  if (!isObject(manifest.members)) throw new Refused("manifest-wrong", "members");
  if (version < 1 || version >= 1_000_000) throw new Refused("manifest-wrong", "version");
  if (!has(manifest.checkpoint, { origin: isText, root: isText, size: isSize })) {
    throw new Refused("manifest-wrong", "checkpoint");
  }
  for (const [name, one] of Object.entries(manifest.members)) {
    if (!has(one, { sha256: isText, size: isSize })) throw new Refused("manifest-wrong", name);
  }
  return manifest;
}

function checkNames(members, manifest) {
  const present = new Set([...members.keys()].filter((name) => name !== "manifest.json"));
  const listed = new Set(Object.keys(manifest.members));
  const needed = new Set(ALWAYS);
  for (let version = 1; version <= manifest.version; version += 1) {
    needed.add(eventName(version));
    needed.add(proofName(version));
  }
  for (const name of [...new Set([...present, ...listed])].sort()) {
    if (!listed.has(name) || !(needed.has(name) || PERHAPS.test(name))) {
      throw new Refused("unknown-member", name);
    }
  }
  for (const name of [...new Set([...listed, ...needed])].sort()) {
    if (!present.has(name)) throw new Refused("missing-member", name);
  }
}

class Bundle {
  constructor(data) {
    this.data = data;
    this.members = readZip(data);
    this.manifest = readManifest(this.members);
    checkNames(this.members, this.manifest);
    this.version = this.manifest.version;
    this.case = this.manifest.case;
  }

  states() {
    return Array.from({ length: this.version }, (_, n) => this.members.get(eventName(n + 1)));
  }

  envelopes() {
    this.told ??= this.states().map((state, n) => {
      let event;
      try {
        event = parseJson(state);
      } catch {
        throw new Refused("event-malformed", eventName(n + 1));
      }
      if (!isObject(event) || !isObject(event.event)) {
        throw new Refused("event-malformed", eventName(n + 1));
      }
      return event;
    });
    return this.told;
  }

  text(name, code) {
    try {
      return strict.decode(this.members.get(name));
    } catch {
      throw new Refused(code, name);
    }
  }

  note() {
    return this.text("checkpoint.txt", "checkpoint-wrong");
  }

  checkpoint() {
    try {
      const { text, signatures } = parseNote(this.note());
      const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
      const hash = unbase64(root ?? "");
      if (!origin || !SIZE.test(size) || hash.length !== 32 || more.includes("")) {
        throw new TypeError("lines");
      }
      if (BigInt(size) >= 1n << 63n) throw new TypeError("size");
      return { text, origin, size: BigInt(size), root: hash, signatures };
    } catch (error) {
      if (error instanceof TypeError) throw new Refused("checkpoint-wrong", "checkpoint.txt");
      throw error;
    }
  }
}

async function checkBundle(bundle) {
  for (const [name, body] of bundle.members) {
    if (name === "manifest.json") continue;
    const stated = { sha256: hex(await digest(body)), size: body.length };
    if (sorted(bundle.manifest.members[name]) !== sorted(stated)) {
      throw new Refused("altered-member", name);
    }
  }
  const { origin, size, root } = bundle.checkpoint();
  const stated = `{"origin":${JSON.stringify(origin)},"root":"${base64(root)}","size":${size}}`;
  if (sorted(bundle.manifest.checkpoint) !== stated) {
    throw new Refused("manifest-wrong", "checkpoint");
  }
  if (!same(writeZip(bundle.members), bundle.data)) throw new Refused("not-canonical", tell("zip"));
  return [tell("members", bundle.members.size)];
}

// Events and the head of the case.

async function checkEvents(bundle) {
  let before = null;
  const states = bundle.states();
  for (const [n, event] of bundle.envelopes().entries()) {
    const name = eventName(n + 1);
    if (event.case !== bundle.case || event.version !== n + 1) {
      throw new Refused("event-elsewhere", name);
    }
    if ((event.prev ?? null) !== before) throw new Refused("broken-chain", name);
    before = base64(await leafHash(states[n]));
  }
  return [tell("versions", bundle.version)];
}

async function checkComplete(bundle) {
  const leaf = base64(await leafHash(bundle.states().at(-1)));
  const head =
    `{"type":"case-head","case":"${bundle.case}","version":${bundle.version},"leaf":"${leaf}"}`;
  if (!same(bundle.members.get("head.json"), utf8.encode(head))) {
    throw new Refused("incomplete", tell("up-to", bundle.version));
  }
  const { size } = bundle.checkpoint();
  const { index } = readProof(bundle, "proofs/head.tlog-proof");
  return [tell("end", bundle.version, index, size)];
}

// Notes and proofs.

const LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;
const SIZE = /^(0|[1-9][0-9]{0,18})$/;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

function parseNote(content) {
  if (typeof content !== "string") throw new TypeError("note");
  const blank = content.lastIndexOf("\n\n");
  if (blank < 0 || CONTROL.test(content) || content.length > 1_000_000) {
    throw new TypeError("note");
  }
  const lines = content.slice(blank + 2).split("\n");
  if (lines.pop() !== "" || lines.length < 1 || lines.length > 128) {
    throw new TypeError("signatures");
  }
  return { text: content.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const found = LINE.exec(line);
  if (!found) throw new TypeError("signature line");
  const blob = unbase64(found[2]);
  if (blob.length <= 4) throw new TypeError("signature");
  return { name: found[1], id: hex(blob.subarray(0, 4)), value: blob.subarray(4) };
}

function readProof(bundle, name) {
  const code = "proof-malformed";
  const text = bundle.text(name, code);
  const blank = text.indexOf("\n\n");
  const head = blank < 0 ? text : text.slice(0, blank);
  const rest = blank < 0 ? "" : text.slice(blank + 2);
  const [heading, index = "", ...path] = head.split("\n");
  if (heading !== "c2sp.org/tlog-proof@v1" || !index.startsWith("index ")) {
    throw new Refused(code, name);
  }
  if (!SIZE.test(index.slice(6)) || path.length > 63) throw new Refused(code, name);
  let hashes;
  try {
    hashes = path.map(unbase64);
  } catch {
    throw new Refused(code, name);
  }
  if (hashes.some((one) => one.length !== 32)) throw new Refused(code, name);
  if (rest !== bundle.note()) throw new Refused("other-log", name);
  return { index: BigInt(index.slice(6)), path: hashes };
}

async function rootOf(leaf, index, size, path) {
  if (index >= size) return null;
  let place = index;
  let last = size - 1n;
  let hash = leaf;
  for (const step of path) {
    if (last === 0n) return null;
    if (place & 1n || place === last) {
      hash = await nodeHash(step, hash);
      while (!(place & 1n) && place) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, step);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? hash : null;
}

async function checkLogged(bundle) {
  const checkpoint = bundle.checkpoint();
  const entries = bundle.states().map((state, n) => [proofName(n + 1), state]);
  entries.push(["proofs/head.tlog-proof", bundle.members.get("head.json")]);
  for (const [name, entry] of entries) {
    const { index, path } = readProof(bundle, name);
    const root = await rootOf(await leafHash(entry), index, checkpoint.size, path);
    if (!root || !same(root, checkpoint.root)) throw new Refused("not-in-log", name);
  }
  return [tell("log", checkpoint.origin, checkpoint.size)];
}

// Keys and signatures.

async function keyId(name, content) {
  return hex((await digest(joined(utf8.encode(`${name}\n`), content))).subarray(0, 4));
}

export async function parseKey(text) {
  const [name, id, ...material] = text.split("+");
  let content = new Uint8Array();
  try {
    content = unbase64(material.join("+"));
  } catch {
    // Said below, with the key.
  }
  if (!name || content.length !== 33 || ![LOG_KEY, WITNESS_KEY].includes(content[0])) {
    throw new TypeError(`not an Ed25519 verifier key: ${text.slice(0, 80)}`);
  }
  if ((await keyId(name, content)) !== id) {
    throw new TypeError(`key and id do not belong together: ${text.slice(0, 80)}`);
  }
  return { name, id, algorithm: content[0], public: content.slice(1) };
}

async function verify(key, message, signature) {
  if (signature.length !== 64) return false;
  try {
    const held = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", held, signature, message);
  } catch {
    return false;
  }
}

const madeBy = (signatures, keys) =>
  signatures.flatMap((one) =>
    keys.filter((key) => key.name === one.name && key.id === one.id).map((key) => [key, one]));

async function followed(bundle, pinned) {
  const trusted = [...pinned];
  let notes;
  try {
    notes = parseJson(bundle.members.get("keys.json")).map((one) => one.endorsement);
  } catch {
    return trusted;
  }
  for (const content of notes.filter((one) => one)) {
    let note;
    try {
      note = parseNote(content);
    } catch {
      continue;
    }
    const [heading, origin, ...vkeys] = note.text.slice(0, -1).split("\n");
    if (heading !== "redress log keys" || origin === undefined) continue;
    const signers = trusted.filter((key) => key.name === origin);
    for (const [key, one] of madeBy(note.signatures, signers)) {
      if (!(await verify(key, utf8.encode(note.text), one.value))) continue;
      for (const vkey of vkeys) {
        const fresh = await parseKey(vkey).catch(() => null);
        if (fresh && fresh.name === origin && fresh.algorithm === LOG_KEY) trusted.push(fresh);
      }
      break;
    }
  }
  return trusted;
}

async function checkSigned(bundle, asked) {
  const checkpoint = bundle.checkpoint();
  const pinned = asked.keys.filter((key) => key.name === checkpoint.origin);
  if (!pinned.length) throw new Refused("foreign-log", checkpoint.origin);
  await checkKeys(bundle, checkpoint.origin);
  const made = madeBy(checkpoint.signatures, await followed(bundle, pinned));
  if (!made.length) throw new Refused("foreign-key", checkpoint.origin);
  for (const [key, one] of made) {
    if (!(await verify(key, utf8.encode(checkpoint.text), one.value))) {
      throw new Refused("signature-wrong", key.name);
    }
  }
  return [tell("as-it-is", checkpoint.origin)];
}

const isNote = (value) => value === null || isText(value);
const isPublished = (one) => has(one, { endorsement: isNote, made_at: isText, vkey: isText });

async function checkKeys(bundle, origin) {
  let listed;
  try {
    listed = parseJson(bundle.members.get("keys.json"));
  } catch {
    throw new Refused("keys-wrong", "keys.json");
  }
  if (!Array.isArray(listed) || !listed.every(isPublished)) {
    throw new Refused("keys-wrong", "keys.json");
  }
  for (const { vkey } of listed) {
    const [name, id = "", ...material] = vkey.split("+");
    let right = name === origin;
    try {
      right &&= (await keyId(name, unbase64(material.join("+")))) === id;
    } catch {
      right = false;
    }
    if (!right) throw new Refused("keys-wrong", `${name}+${id}`);
  }
}

async function cosigned(bundle, witnesses) {
  const checkpoint = bundle.checkpoint();
  const times = new Map();
  for (const [key, one] of madeBy(checkpoint.signatures, witnesses)) {
    if (one.value.length !== 72) throw new Refused("cosignature-wrong", key.name);
    const time = BigInt(`0x${hex(one.value.subarray(0, 8))}`);
    const message = `cosignature/v1\ntime ${time}\n${checkpoint.text}`;
    if (!(await verify(key, utf8.encode(message), one.value.subarray(8)))) {
      throw new Refused("cosignature-wrong", key.name);
    }
    times.set(hex(key.public), time);
  }
  return [...times.values()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const quorum = (asked) => asked.quorum ?? asked.witnesses.length;

async function checkWitnessed(bundle, asked) {
  if (!asked.witnesses.length) return [];
  const times = await cosigned(bundle, asked.witnesses);
  if (times.length < quorum(asked)) {
    throw new Refused("quorum-missed", tell("too-few", times.length, quorum(asked)));
  }
  return [tell("cosigned", times.length, asked.witnesses.length)];
}

// Time.

function posix(year, month, day, hour, minute, second) {
  const made = new Date(Date.UTC(2000, month - 1, 1));
  made.setUTCFullYear(year, month - 1, 1);
  const days = Math.round(made.getTime() / 86_400_000) + day - 1;
  return BigInt(((days * 24 + hour) * 60 + minute) * 60 + second);
}

const RECORDED =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?Z$/;

function recorded(bundle) {
  let latest = 0n;
  for (const [n, event] of bundle.envelopes().entries()) {
    const found = RECORDED.exec(String(event.recorded_at));
    const parts = found ? found.slice(1).map(Number) : [0, 0];
    if (parts[0] < 1 || parts[1] < 1 || parts[1] > 12) {
      throw new Refused("event-malformed", eventName(n + 1));
    }
    const time = posix(...parts);
    if (time > latest) latest = time;
  }
  return latest;
}

function said(time) {
  const most = time < 1n << 37n ? time : 1n << 37n;
  return new Date(Number(most) * 1000).toISOString().replace(".000Z", "Z");
}

function checkOrder(bundle, time) {
  const latest = recorded(bundle);
  if (latest > time + BigInt(CLOCK_SLACK)) {
    throw new Refused("time-order", tell("recorded", said(latest), said(time)));
  }
}

async function checkTimed(bundle, asked) {
  const times = asked.witnesses.length ? await cosigned(bundle, asked.witnesses) : [];
  const needed = quorum(asked);
  const bounds = [];
  if (needed > 0 && needed <= times.length) {
    checkOrder(bundle, times[needed - 1]);
    bounds.push(tell("by-witnesses", said(times[needed - 1])));
  }
  if (bundle.members.has(STAMP)) bounds.push(await checkStamp(bundle, times, asked.stampers));
  else if (asked.stampers.length) throw new Refused("timestamp-missing", STAMP);
  return bounds;
}

// Time stamps (RFC 3161) in DER.

const SIGNED_DATA = "2a864886f70d010702";
const TST_INFO = "2a864886f70d0109100104";
const MESSAGE_DIGEST = "2a864886f70d010904";
const CONTENT_TYPE = "2a864886f70d010903";
const RSA = "2a864886f70d010101";
const DIGESTS = {
  "608648016503040201": "SHA-256",
  "608648016503040202": "SHA-384",
  "608648016503040203": "SHA-512",
};
const RSA_WITH = {
  "2a864886f70d01010b": "SHA-256",
  "2a864886f70d01010c": "SHA-384",
  "2a864886f70d01010d": "SHA-512",
};
const INTEGER = 0x02;
const OCTETS = 0x04;
const OID = 0x06;
const UTF8 = 0x0c;
const TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const FIELD_0 = 0xa0;
const FIELD_1 = 0xa1;
const STAMPED =
  /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]{1,9})?Z$/;

function der(data, place = 0) {
  if (place + 2 > data.length || (data[place] & 0x1f) === 0x1f) throw new TypeError("DER");
  let begin = place + 2;
  let length = data[place + 1];
  if (length === 0x80 || length === 0xff) throw new TypeError("DER");
  if (length & 0x80) {
    const sizes = data.subarray(begin, begin + (length & 0x7f));
    begin += length & 0x7f;
    length = sizes.reduce((sum, one) => sum * 256 + one, 0);
    if (sizes[0] === 0 || length < 0x80) throw new TypeError("DER: a length too long");
  }
  if (begin + length > data.length) throw new TypeError("DER breaks off");
  const content = data.subarray(begin, begin + length);
  return { tag: data[place], content, whole: data.subarray(place, begin + length) };
}

function valueOf(node, tag) {
  if (node === undefined || node.tag !== tag) throw new TypeError("DER: another kind");
  return node.content;
}

function inside(node, tag) {
  const content = valueOf(node, tag);
  const found = [];
  for (let place = 0; place < content.length;) {
    found.push(der(content, place));
    place += found.at(-1).whole.length;
  }
  return found;
}

function exactly(list, count) {
  if (list.length !== count) throw new TypeError("DER");
  return list;
}

const isBytes = (bytes, ...wanted) => same(bytes, wanted);
const oidOf = (node) => hex(valueOf(node, OID));

// The name of an algorithm that has no parameters.
function algorithmOf(node) {
  const [name, ...more] = inside(node, SEQUENCE);
  if (more.length > 1 || (more.length && !isBytes(more[0].whole, 5, 0))) {
    throw new TypeError("parameters");
  }
  return oidOf(name);
}

function checkGranted(node) {
  const [status, ...texts] = inside(node, SEQUENCE);
  const granted = valueOf(status, INTEGER);
  if (texts.length > 1 || !(isBytes(granted, 0) || isBytes(granted, 1))) {
    throw new TypeError("not granted");
  }
  for (const text of texts) {
    for (const line of inside(text, SEQUENCE)) strict.decode(valueOf(line, UTF8));
  }
}

function parseInfo(node) {
  const [kind, wrapped] = exactly(inside(node, SEQUENCE), 2);
  const info = valueOf(exactly(inside(wrapped, FIELD_0), 1)[0], OCTETS);
  const fields = der(info);
  if (oidOf(kind) !== TST_INFO || fields.whole.length !== info.length) {
    throw new TypeError("not a time stamp");
  }
  const [version, policy, imprint, serial, time] = inside(fields, SEQUENCE);
  const [algorithm, hash] = exactly(inside(imprint, SEQUENCE), 2);
  valueOf(policy, OID);
  valueOf(serial, INTEGER);
  const found = STAMPED.exec(latin1(valueOf(time, TIME)));
  if (!isBytes(valueOf(version, INTEGER), 1) || !found) throw new TypeError("not a time stamp");
  if (DIGESTS[algorithmOf(algorithm)] !== "SHA-256") throw new TypeError("digest");
  const parts = found.slice(1).map(Number);
  if (parts[0] < 1 || parts[1] < 1 || parts[1] > 12) throw new TypeError("time");
  return { info, imprint: valueOf(hash, OCTETS), time: posix(...parts) };
}

function parseSigner(node) {
  const [version, who, by, attributes, kind, signature, ...more] = inside(node, SEQUENCE);
  for (const one of more) valueOf(one, FIELD_1);
  let odd = more.length > 0;
  const form = valueOf(version, INTEGER);
  if (isBytes(form, 1)) {
    inside(who, SEQUENCE);
  } else {
    if (!isBytes(form, 3) || who.tag !== 0x80) throw new TypeError("no signer");
    odd = true;
  }
  inside(attributes, FIELD_0);
  const name = oidOf(inside(kind, SEQUENCE)[0]);
  const digestOid = algorithmOf(by);
  if (name === RSA || (name in RSA_WITH && RSA_WITH[name] === DIGESTS[digestOid])) {
    algorithmOf(kind);
  } else {
    odd = true;
  }
  return { who: who.whole, digestOid, attributes, signature: valueOf(signature, OCTETS), odd };
}

function parseStamp(data) {
  const response = der(data);
  if (response.whole.length !== data.length) throw new TypeError("more than a response");
  const [status, token] = exactly(inside(response, SEQUENCE), 2);
  checkGranted(status);
  const [kind, wrapped] = exactly(inside(token, SEQUENCE), 2);
  const [signed] = exactly(inside(wrapped, FIELD_0), 1);
  const fields = inside(signed, SEQUENCE);
  if (fields.length < 4) throw new TypeError("not signed data");
  const [version, digests, content, ...more] = fields.slice(0, -1);
  if (oidOf(kind) !== SIGNED_DATA || !isBytes(valueOf(version, INTEGER), 3)) {
    throw new TypeError("not signed data");
  }
  let certificates = [];
  if (more[0]?.tag === FIELD_0) {
    certificates = inside(more.shift(), FIELD_0).map((one) => one.whole);
    if (certificates.some((one) => one[0] !== SEQUENCE)) throw new TypeError("certificates");
  }
  for (const one of more) valueOf(one, FIELD_1);
  const [used] = exactly(inside(digests, SET), 1);
  const signer = parseSigner(exactly(inside(fields.at(-1), SET), 1)[0]);
  if (algorithmOf(used) !== signer.digestOid) throw new TypeError("two digests");
  const name = DIGESTS[signer.digestOid];
  const unsupported = more.length > 0 || signer.odd || !name;
  return { ...parseInfo(content), ...signer, certificates, name, unsupported };
}

async function checkStamp(bundle, times, stampers) {
  let stamp;
  try {
    stamp = parseStamp(bundle.members.get(STAMP));
  } catch {
    throw new Refused("timestamp-malformed", STAMP);
  }
  if (!same(stamp.imprint, await digest(bundle.members.get("checkpoint.txt")))) {
    throw new Refused("timestamp-elsewhere", STAMP);
  }
  checkOrder(bundle, stamp.time);
  if (times.length && times[0] > stamp.time + BigInt(CLOCK_SLACK)) {
    throw new Refused("time-order", `stamped ${said(stamp.time)} before it was signed`);
  }
  if (!stampers.length) return tell("stamp-not-verified");
  await checkStamper(stamp, stampers);
  return tell("by-stamp", said(stamp.time));
}

async function checkStamper(stamp, stampers) {
  const ours = stampers.filter((one) => isNamed(one, stamp.who));
  if (stamp.unsupported && (ours.length || stamp.who[0] !== SEQUENCE)) {
    throw new Refused("timestamp-unsupported", STAMP);
  }
  if (!ours.length) throw new Refused("timestamp-wrong", tell("other-signer", STAMP));
  const among = (one) => stamp.certificates.some((held) => same(held, one));
  if (stamp.certificates.length && !ours.some(among)) {
    throw new Refused("timestamp-wrong", tell("other-certificate", STAMP));
  }
  const rsa = ours.filter((one) => keyAlgorithm(one) === RSA);
  if (!rsa.length) throw new Refused("timestamp-unsupported", STAMP);
  for (const one of rsa) {
    if (await stampedBy(stamp, one).catch(() => false)) return;
  }
  throw new Refused("timestamp-wrong", STAMP);
}

// Whether a signer is named by a certificate's issuer and serial number.
function isNamed(certificate, who) {
  const fields = statedIn(certificate);
  const node = der(who);
  return node.tag === SEQUENCE && same(node.content, joined(fields[2].whole, fields[0].whole));
}

async function stampedBy(stamp, certificate) {
  const told = inside(stamp.attributes, FIELD_0).flatMap((one) => {
    const [kind, values] = exactly(inside(one, SEQUENCE), 2);
    return inside(values, SET).map((value) => [oidOf(kind), value]);
  });
  const [[, content]] = exactly(told.filter(([kind]) => kind === CONTENT_TYPE), 1);
  const [[, hash]] = exactly(told.filter(([kind]) => kind === MESSAGE_DIGEST), 1);
  if (oidOf(content) !== TST_INFO) return false;
  if (!same(valueOf(hash, OCTETS), await digest(stamp.info, stamp.name))) return false;
  const kind = { name: "RSASSA-PKCS1-v1_5", hash: stamp.name };
  const spki = publicKey(certificate).whole;
  const key = await crypto.subtle.importKey("spki", spki, kind, false, ["verify"]);
  const signed = joined(Uint8Array.of(SET), stamp.attributes.whole.subarray(1));
  return crypto.subtle.verify(kind.name, key, stamp.signature, signed);
}

// What a certificate states, from its serial number on.
function statedIn(certificate) {
  const fields = inside(inside(der(certificate), SEQUENCE)[0], SEQUENCE);
  return fields[0].tag === FIELD_0 ? fields.slice(1) : fields;
}

const publicKey = (certificate) => statedIn(certificate)[5];
const keyAlgorithm = (certificate) =>
  oidOf(inside(inside(publicKey(certificate), SEQUENCE)[0], SEQUENCE)[0]);

export function parseCertificate(text) {
  const found = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(text);
  if (!found) throw new TypeError("not a certificate in PEM");
  try {
    const certificate = unbase64(found[1].replace(/\s/g, ""));
    keyAlgorithm(certificate);
    if (der(certificate).whole.length === certificate.length) return certificate;
  } catch {
    // Said below.
  }
  throw new TypeError("not a certificate");
}

// What is beside the events.

function listOf(bundle, name, code) {
  let content;
  try {
    content = parseJson(bundle.members.get(name));
  } catch {
    throw new Refused(code, name);
  }
  const placed = (one) =>
    isObject(one) && Number.isInteger(one.version) && typeof one.path === "string";
  if (!Array.isArray(content) || !content.every(placed)) throw new Refused(code, name);
  return content;
}

const SEALED = /^enc[0-9]+:[A-Za-z0-9+/=]+$/;

function* sealedIn(value, path) {
  if (typeof value === "string" && SEALED.test(value)) yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    yield* sealedIn(part, path ? `${path}.${name}` : name);
  }
}

const place = (one) => `${one.version}/${one.path}`;
const keysOf = (one) => Object.keys(one).sort().join();

function sealedTexts(bundle) {
  return bundle.envelopes().flatMap((event, n) => {
    if (event.key === undefined || event.key === null) return [];
    return [...sealedIn(event.event, "")]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([path, text]) => ({ version: n + 1, path, text }));
  });
}

async function openedTexts(bundle, sealed) {
  const texts = new Map(sealed.map((one) => [place(one), one.text]));
  const opened = new Set();
  if (!bundle.members.has("opened.json")) return opened;
  for (const one of listOf(bundle, "opened.json", "opened-wrong")) {
    const at = place(one);
    const there = texts.has(at) && !opened.has(at);
    const about = there ? hex(await digest(utf8.encode(texts.get(at)))) : null;
    const whole = keysOf(one) === "path,sealed,text,version" && typeof one.text === "string";
    if (!whole || one.sealed !== about || about === null) throw new Refused("opened-wrong", at);
    opened.add(at);
  }
  return opened;
}

async function checkErased(bundle) {
  const sealed = sealedTexts(bundle);
  const opened = await openedTexts(bundle, sealed);
  const listed = listOf(bundle, "redactions.json", "redactions-wrong");
  if (sorted(listed.map(place)) !== sorted(sealed.map(place))) {
    throw new Refused("redactions-wrong", tell("not-each"));
  }
  for (const one of listed) {
    const wanted = opened.has(place(one)) ? ["opened"] : ["erased", "sealed"];
    if (keysOf(one) !== "path,state,version" || !wanted.includes(one.state)) {
      throw new Refused("redactions-wrong", place(one));
    }
  }
  const erased = listed.filter((one) => one.state === "erased").map(place);
  const words = erased.length ? "texts-erased" : "texts";
  return [tell(words, sealed.length, erased.length, erased.join(" "))];
}

function exhibits(bundle) {
  return bundle.envelopes().flatMap(({ event }, n) => {
    let about = event.type === "evidence-submitted" ? event : null;
    if (event.type === "message-posted") about = event.attachment ?? null;
    if (about === null) return [];
    if (!isObject(about)) throw new Refused("event-malformed", eventName(n + 1));
    const told = (value) => value ?? null;
    return [{
      version: n + 1, number: told(event.number), by: told(event.by),
      kind: "kind" in about ? about.kind : "attachment", sha256: told(about.sha256),
      size: told(about.size), media_type: told(about.media_type),
    }];
  });
}

async function checkEvidence(bundle) {
  const rows = exhibits(bundle);
  if (!same(bundle.members.get("evidence.json"), canonical(rows))) {
    throw new Refused("evidence-wrong", "evidence.json");
  }
  const names = [...bundle.members.keys()].filter((name) => name.startsWith("files/"));
  for (const name of names) {
    const row = rows.find((one) => name.startsWith(`files/${digits(one.version)}.`));
    if (!row) throw new Refused("unknown-member", name);
    const body = bundle.members.get(name);
    const right = name.endsWith(".opened") ? await isFile(body, row) : isSealedFile(body, row);
    if (!right) throw new Refused("file-altered", name);
  }
  return [tell("exhibits", rows.length, names.length)];
}

const isFile = async (body, row) =>
  hex(await digest(body)) === row.sha256 && body.length === row.size;

function isSealedFile(body, row) {
  if (!Number.isInteger(row.size) || row.size < 0) return false;
  const chunks = Math.max(1, Math.ceil(row.size / 2 ** 20));
  const begun = latin1(body.subarray(0, 5)) === "RDRS1";
  return begun && body.length === 13 + row.size + 16 * chunks;
}

// The rules that the events name.

const PROOF = /^[ \t]*proof[ \t]*=[ \t]*(["'])([^"'\n]+)\1[ \t]*(#[^\n]*)?$/;
const QUOTED = /["']([^"'\n]+)["']/g;

const ruleFile = (name) =>
  `${name.toLowerCase().replace(/[^a-z0-9-]/gu, "-").slice(0, 64)}.toml`;

function proofRules(policy) {
  const lines = policy.split("\n");
  const table = lines.findIndex((line) => /^[ \t]*\[/.test(line));
  const head = table < 0 ? lines : lines.slice(0, table);
  const found = head.map((line) => PROOF.exec(line.replace(/\r$/, ""))).filter((one) => one);
  return found.length === 1 ? found[0][2] : null;
}

function exactRules(bundle, kind, allowed, needed) {
  const folder = `rules/${kind}/`;
  const named = (names) => new Set([...names].map((one) => folder + ruleFile(one)));
  const here = [...bundle.members.keys()].filter((name) => name.startsWith(folder)).sort();
  const known = named(allowed);
  for (const name of here) {
    if (!known.has(name)) throw new Refused("unknown-member", name);
  }
  for (const name of [...named(needed)].sort()) {
    if (!here.includes(name)) throw new Refused("missing-member", name);
  }
  return here;
}

async function checkRules(bundle) {
  const named = bundle.envelopes().map(({ policy = null }, n) => {
    if (policy !== null && !isText(policy)) throw new Refused("event-malformed", eventName(n + 1));
    return policy;
  }).filter((one) => one);
  const policies = exactRules(bundle, "policy", named, named);
  const texts = policies.map((name) => latin1(bundle.members.get(name)));
  const stated = texts.map(proofRules);
  const needed = stated.filter((one) => one);
  const quoted = texts.flatMap((text) => [...text.matchAll(QUOTED)].map((one) => one[1]));
  const allowed = needed.length === stated.length ? needed : [...needed, ...quoted];
  const proofs = exactRules(bundle, "proof", allowed, needed);
  return [tell("rules", policies.length, proofs.length)];
}

// The verdict.

const CHECKS = {
  bundle: checkBundle, events: checkEvents, complete: checkComplete, logged: checkLogged,
  signed: checkSigned, witnessed: checkWitnessed, timed: checkTimed, erased: checkErased,
  evidence: checkEvidence, rules: checkRules,
};

export async function check(data, asked) {
  const trust = { witnesses: [], quorum: null, stampers: [], ...asked };
  const found = [];
  let bundle = null;
  try {
    bundle = new Bundle(data);
  } catch (error) {
    found.push(failed("bundle", error));
  }
  for (const name of PROPERTIES.slice(found.length)) {
    found.push(bundle ? await one(name, bundle, trust) : { name, state: "unknown", code: null, told: [] });
  }
  const verdict = found.find((row) => row.state === "fails")?.code ?? "valid";
  return {
    verdict, status: STATUSES[verdict], sha256: hex(await digest(data)),
    case: bundle?.case ?? "", version: bundle?.version ?? 0, properties: found,
  };
}

async function one(name, bundle, trust) {
  try {
    const told = await CHECKS[name](bundle, trust);
    const holds = told.some(([words]) => words !== "stamp-not-verified");
    return { name, state: holds ? "holds" : "none", code: null, told };
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name, error) {
  if (error instanceof Refused) {
    return { name, state: "fails", code: error.code, told: error.told };
  }
  return { name, state: "fails", code: "unexpected", told: [tell("as-it-is", error.name)] };
}
