// Checks a Redress bundle or receipt in a browser (or Node 20): the second implementation.
//
// Written from the description of the format, beside redress_verify.py and not from it;
// a test holds the two against each other. It needs WebCrypto and nothing else.

const [UNSIGNED, SIGNED] = ["redress-bundle/1", "redress-bundle/2"];
const FORMATS = [UNSIGNED, SIGNED];
const RECEIPT = "redress-receipt/1";
const SEVERAL = "redress-bundles/1";
export const STATUSES = {
  "valid": 0, "unreadable": 3, "not-alone": 9, "truncated": 10, "too-large": 11,
  "path-outside": 12, "doubled-member": 13, "unknown-member": 14, "missing-member": 15,
  "other-format": 16, "manifest-wrong": 17, "altered-member": 18, "not-canonical": 19,
  "event-malformed": 20, "event-elsewhere": 21, "broken-chain": 22, "not-possible": 23,
  "incomplete": 30, "proof-malformed": 40, "other-log": 41, "not-in-log": 42,
  "receipt-malformed": 43, "checkpoint-wrong": 50, "foreign-log": 51, "foreign-key": 52,
  "signature-wrong": 53, "keys-wrong": 54, "key-unknown": 55, "statement-wrong": 56,
  "statement-missing": 57, "statement-foreign": 58, "unvouched": 59, "quorum-missed": 60,
  "cosignature-wrong": 61, "time-order": 70, "timestamp-malformed": 71,
  "timestamp-elsewhere": 72, "timestamp-wrong": 73, "timestamp-missing": 74,
  "timestamp-unsupported": 75, "redactions-wrong": 80, "opened-wrong": 81, "opened-other": 82,
  "manifest-forged": 85, "manifest-foreign": 86, "downgraded": 87, "evidence-wrong": 90,
  "file-altered": 91, "rules-other": 92, "unexpected": 99,
};

const FILE_LIMIT = 2 ** 30;
const RATIO_LIMIT = 100;
const DEPTH_LIMIT = 64;
const CLOCK_SLACK = 600;
const LOG_KEY = 1;
const WITNESS_KEY = 4;
const ML_DSA_44 = 6;
const KEY_BYTES = { [LOG_KEY]: 32, [WITNESS_KEY]: 32, [ML_DSA_44]: 1312 };
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

// Whether a property holds cannot be told from what was given.
class Unsure extends Refused {}

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

// JSON, more strictly than it is defined: whole numbers within 2^53, no name twice, no
// half of a character, 64 levels. Of all else, programs do not read the same.

const WHOLE = /^(?:0|-?[1-9][0-9]{0,15})$/;
const HALF = /\p{Cs}/u;

class JsonReader {
  constructor(text) {
    this.text = text;
    this.place = 0;
  }

  whole() {
    const value = this.value(1);
    this.skip();
    if (this.place < this.text.length) throw new SyntaxError("more than a value");
    return value;
  }

  skip() {
    while (" \t\n\r".includes(this.text[this.place] ?? "x")) this.place += 1;
  }

  next() {
    this.skip();
    return this.text[this.place];
  }

  // Takes a character, if it is the next one.
  took(one) {
    if (this.next() !== one) return false;
    this.place += 1;
    return true;
  }

  value(depth) {
    const first = this.next();
    if (first === "{" || first === "[") {
      if (depth > DEPTH_LIMIT) throw new SyntaxError("nested too deep");
      this.place += 1;
      return first === "{" ? this.object(depth) : this.list(depth);
    }
    if (first === '"') return this.string();
    for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
      if (this.text.startsWith(word, this.place)) {
        this.place += word.length;
        return value;
      }
    }
    return this.number();
  }

  object(depth) {
    const found = Object.create(null);
    for (let more = !this.took("}"); more;) {
      if (this.next() !== '"') throw new SyntaxError("a name");
      const name = this.string();
      if (name in found || !this.took(":")) throw new SyntaxError("names");
      found[name] = this.value(depth + 1);
      more = this.took(",");
      if (!more && !this.took("}")) throw new SyntaxError("an object that does not end");
    }
    return found;
  }

  list(depth) {
    const found = [];
    for (let more = !this.took("]"); more;) {
      found.push(this.value(depth + 1));
      more = this.took(",");
      if (!more && !this.took("]")) throw new SyntaxError("a list that does not end");
    }
    return found;
  }

  string() {
    const begin = this.place;
    let end = begin + 1;
    while (end < this.text.length && this.text[end] !== '"') {
      end += this.text[end] === "\\" ? 2 : 1;
    }
    this.place = end + 1;
    const value = JSON.parse(this.text.slice(begin, end + 1));
    if (HALF.test(value)) throw new SyntaxError("half a character");
    return value;
  }

  number() {
    let end = this.place;
    while ("+-.0123456789eE".includes(this.text[end] ?? "x")) end += 1;
    const digits = this.text.slice(this.place, end);
    this.place = end;
    const value = Number(digits);
    if (!WHOLE.test(digits) || !Number.isSafeInteger(value)) throw new SyntaxError("number");
    return value;
  }
}

export function parseJson(bytes) {
  let text;
  try {
    text = strict.decode(bytes);
  } catch {
    throw new SyntaxError("not UTF-8");
  }
  return new JsonReader(text).whole();
}

// A value; undefined for what is no JSON.
function jsonOf(bytes) {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;
const textOf = (value) => (isText(value) ? value : null);

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

const canonical = (value) => utf8.encode(`${sorted(value)}\n`);

const keysOf = (one) => Object.keys(one).sort().join();

// Whether an object has just these fields, each of its kind.
function has(value, kinds) {
  if (!isObject(value) || keysOf(value) !== keysOf(kinds)) return false;
  return Object.entries(kinds).every(([name, fits]) => fits(value[name]));
}

// What bundles and receipts both hold: `case`, `version`, `origin`; the events as rows of
// name, version, stored bytes (`states`); lists of keys; a checkpoint.

class Held {
  // The events with their envelopes.
  told() {
    this.rows ??= this.states().map((row) => ({ ...row, event: readEnvelope(row) }));
    return this.rows;
  }

  checkpoint() {
    const wrong = new Refused("checkpoint-wrong", "checkpoint.txt");
    const content = this.note();
    try {
      const { text, signatures } = parseNote(content);
      const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
      const hash = unbase64(root ?? "");
      if (!origin || !SIZE.test(size) || hash.length !== 32 || more.includes("")) throw wrong;
      if (BigInt(size) >= 1n << 63n) throw wrong;
      return { text, origin, size: BigInt(size), root: hash, signatures };
    } catch (error) {
      if (error instanceof TypeError) throw wrong;
      throw error;
    }
  }
}

function readEnvelope({ name, state }) {
  const event = jsonOf(state);
  if (!isObject(event) || !isObject(event.event)) throw new Refused("event-malformed", name);
  return event;
}

// The manifest.

const ALWAYS = [
  "checkpoint.txt", "deadlines.json", "evidence.json", "head.json", "keys.json",
  "proofs/head.tlog-proof", "reasons.json", "redactions.json", "rules/calendar.json",
  "timeline.en.html", "timeline.zh.html",
];
const NEEDED = {
  [UNSIGNED]: [...ALWAYS, "rules/codes.toml"],
  [SIGNED]: [...ALWAYS, "statement-keys.json"],
};
const FILES = "opened\\.json|timestamp\\.tsr|files/[0-9]{6}\\.(?:sealed|opened)";
const NAMED_RULES = "rules/(?:policy|proof)/[a-z0-9-]{1,64}\\.toml";
const BY_DIGEST = "rules/codes\\.toml|rules/sets/[0-9a-f]{64}\\.json|rules/files/[0-9a-f]{64}";
const PERHAPS = {
  [UNSIGNED]: new RegExp(`^(?:${FILES}|${NAMED_RULES})$`),
  [SIGNED]: new RegExp(`^(?:${FILES}|${NAMED_RULES}|${BY_DIGEST})$`),
};
const MANIFEST = "manifest.json";
const SIGNATURE = "manifest.sig";

const digits = (version) => String(version).padStart(6, "0");
const eventName = (version) => `events/${digits(version)}.json`;
const proofName = (version) => `proofs/${digits(version)}.tlog-proof`;

const IN_MANIFEST = {
  case: isText, version: Number.isInteger, checkpoint: isObject, members: isObject,
};

function readManifest(members) {
  const content = members.get(MANIFEST);
  if (!content) throw new Refused("missing-member", MANIFEST);
  const manifest = jsonOf(content);
  if (manifest === undefined) throw new Refused("manifest-wrong", tell("not-json"));
  if (!isObject(manifest) || !("format" in manifest)) {
    throw new Refused("manifest-wrong", "format");
  }
  if (!FORMATS.includes(manifest.format)) {
    throw new Refused("other-format", textOf(manifest.format) ?? "");
  }
  const { format, ...rest } = manifest;
  if (!same(canonical(manifest), content) || keysOf(rest) !== keysOf(IN_MANIFEST)) {
    throw new Refused("manifest-wrong", tell("other-form"));
  }
  for (const [name, fits] of Object.entries(IN_MANIFEST)) {
    if (!fits(rest[name])) throw new Refused("manifest-wrong", name);
  }
  if (rest.version < 1 || rest.version >= 1_000_000) {
    throw new Refused("manifest-wrong", "version");
  }
  if (!has(rest.checkpoint, { origin: isText, root: isText, size: isSize })) {
    throw new Refused("manifest-wrong", "checkpoint");
  }
  for (const [name, one] of Object.entries(rest.members)) {
    if (!has(one, { sha256: isText, size: isSize })) throw new Refused("manifest-wrong", name);
  }
  return manifest;
}

function checkNames(members, manifest) {
  const outside = manifest.format === SIGNED ? [MANIFEST, SIGNATURE] : [MANIFEST];
  const present = [...members.keys()].filter((name) => !outside.includes(name));
  const listed = new Set(Object.keys(manifest.members));
  const needed = new Set(NEEDED[manifest.format]);
  for (let version = 1; version <= manifest.version; version += 1) {
    needed.add(eventName(version));
    needed.add(proofName(version));
  }
  for (const name of [...new Set([...present, ...listed])].sort(byPoint)) {
    if (!listed.has(name) || !(needed.has(name) || PERHAPS[manifest.format].test(name))) {
      throw new Refused("unknown-member", name);
    }
  }
  for (const name of [...new Set([...listed, ...needed, ...outside])].sort(byPoint)) {
    if (!members.has(name)) throw new Refused("missing-member", name);
  }
}

class Bundle extends Held {
  constructor(data) {
    super();
    this.data = data;
    this.members = readZip(data);
    this.manifest = readManifest(this.members);
    checkNames(this.members, this.manifest);
    const { format, version, case: id, checkpoint } = this.manifest;
    Object.assign(this, { format, version, case: id, origin: checkpoint.origin });
  }

  states() {
    return Array.from({ length: this.version }, (_, n) => {
      const name = eventName(n + 1);
      return { name, version: n + 1, state: this.members.get(name) };
    });
  }

  listed(name) {
    return this.members.has(name) ? jsonOf(this.members.get(name)) : [];
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
}

async function checkBundle(bundle) {
  for (const [name, body] of bundle.members) {
    if (name === MANIFEST || name === SIGNATURE) continue;
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

// Receipts: one event of a party's own, and where it is in the log.

const IN_RECEIPT = {
  format: isText, origin: isText, case: isText, version: isSize, event: isText, leaf: isText,
  statement_keys: Array.isArray, keys: Array.isArray, proof: () => true,
};

class Receipt extends Held {
  constructor(data) {
    super();
    const found = jsonOf(data);
    if (!isObject(found) || !("format" in found)) {
      throw new Refused("receipt-malformed", tell("not-json"));
    }
    if (found.format !== RECEIPT) throw new Refused("other-format", textOf(found.format) ?? "");
    if (!has(found, IN_RECEIPT)) throw new Refused("receipt-malformed", tell("other-form"));
    if (found.proof !== null && !isText(found.proof)) {
      throw new Refused("receipt-malformed", "proof");
    }
    const { case: id, version, origin, leaf, proof } = found;
    Object.assign(this, { case: id, version, origin, leaf, proof });
    this.lists = { "keys.json": found.keys, "statement-keys.json": found.statement_keys };
    try {
      this.event = unbase64(found.event);
    } catch {
      throw new Refused("receipt-malformed", "event");
    }
  }

  states() {
    return [{ name: "event", version: this.version, state: this.event }];
  }

  listed(name) {
    return this.lists[name];
  }

  note() {
    const text = this.proof ?? "";
    const blank = text.indexOf("\n\n");
    return blank < 0 ? "" : text.slice(blank + 2);
  }
}

async function checkReceipt(receipt) {
  return [tell("as-it-is", receipt.origin)];
}

async function checkEvent(receipt) {
  const [{ name, version, state, event }] = receipt.told();
  checkPlace(receipt, name, version, event);
  if (hex(await leafHash(state)) !== receipt.leaf) {
    throw new Refused("receipt-malformed", "leaf");
  }
  const topic = topicOf(event, name);
  return [tell("one-event", version, topic, said(recordedAt(event, name)))];
}

async function checkReceiptLogged(receipt) {
  const checkpoint = receipt.checkpoint();
  if (checkpoint.origin !== receipt.origin) throw new Refused("other-log", "proof");
  await checkProof(receipt.proof, "proof", receipt.note(), checkpoint, receipt.event);
  return [tell("log", checkpoint.origin, checkpoint.size)];
}

// Without statement and proof, anybody can write a receipt.
async function checkReceiptStated(receipt, asked) {
  const told = await checkStatements(receipt, asked);
  if (receipt.proof === null && told[0][0] === "not-stated") {
    throw new Refused("statement-missing", "event");
  }
  return told;
}

// What looks at a receipt's checkpoint, which may not be there yet.
const ifProved = (found) => async (receipt, asked) =>
  receipt.proof === null ? [tell("not-yet")] : found(receipt, asked);

// Events and the head of the case.

function checkPlace(held, name, version, event) {
  if (event.case !== held.case || event.version !== version) {
    throw new Refused("event-elsewhere", name);
  }
}

async function checkEvents(bundle) {
  let before = null;
  for (const { name, version, state, event } of bundle.told()) {
    checkPlace(bundle, name, version, event);
    if ((event.prev ?? null) !== before) throw new Refused("broken-chain", name);
    before = base64(await leafHash(state));
  }
  return [tell("versions", bundle.version)];
}

const HEAD_PROOF = "proofs/head.tlog-proof";

async function checkReach(bundle, asked) {
  const { name, version, state, event } = bundle.told().at(-1);
  const leaf = base64(await leafHash(state));
  const head =
    `{"type":"case-head","case":"${bundle.case}","version":${version},"leaf":"${leaf}"}`;
  if (!same(bundle.members.get("head.json"), utf8.encode(head))) {
    throw new Refused("incomplete", tell("up-to", version));
  }
  const { size } = bundle.checkpoint();
  const text = bundle.text(HEAD_PROOF, "proof-malformed");
  const { index } = readProof(text, HEAD_PROOF, bundle.note());
  const ended = recordedAt(event, name);
  return [
    tell("reach", version, index, said(ended)), tell("in-tree", size),
    await signedAt(bundle, asked, ended),
  ];
}

// When the tree was signed: by the quorum, else as the log itself states.
async function signedAt(bundle, asked, ended) {
  const needed = quorum(asked);
  let words = "cosigned-at";
  let time;
  try {
    if (needed > 0) time = (await cosigned(bundle, asked.witnesses))[needed - 1];
    if (time === undefined) {
      words = "signed-at";
      [time] = await signatureTimes(bundle, asked.keys);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    time = undefined;
  }
  if (time === undefined) return tell("signed-once");
  const minutes = time > ended ? (time - ended) / 60n : 0n;
  const two = (number) => String(number).padStart(2, "0");
  const clock = `${two((minutes / 60n) % 24n)}:${two(minutes % 60n)}`;
  return tell(words, said(time), minutes / 1440n, clock);
}

// The lifecycle: in which phases an event can be recorded, by which roles, and where it
// leads to.

const STAYS = "stays";
const RETURNS = "returns";
const LIVE =
  "appeal awaiting-response enforcing evidence filed negotiating performing ruling " +
  "suspended unanswered";
const EVER = `${LIVE} closed`;
const ADMITTED = "awaiting-response enforcing evidence negotiating performing ruling unanswered";
const UNDECIDED = "awaiting-response evidence filed negotiating ruling suspended unanswered";
const PROVING = "awaiting-response evidence filed negotiating unanswered ruling appeal";
const BARGAINING = "evidence negotiating ruling suspended";
const EXAMINING = "evidence ruling";
const OWING = "enforcing performing";
const DECIDED = `${OWING} closed`;
const PARTIES = "buyer seller";
const STAFF = "mediator supervisor";
const EVERYBODY = "buyer seller mediator supervisor";
const ORDER = new Map(Object.entries({
  "admitted": ["closed filed", STAFF, "awaiting-response"],
  "advance-recovered": [EVER, STAFF + " platform", "stays"],
  "appeal-decided": ["appeal", "supervisor", "returns performing"],
  "appeal-filed": ["appeal closed enforcing performing", PARTIES, "appeal"],
  "appeal-refused": ["appeal", "supervisor", "stays returns"],
  "burden-assigned": [EXAMINING, STAFF + " platform clock", "stays"],
  "clocks-paused": [EXAMINING, STAFF, "stays"],
  "clocks-resumed": [EXAMINING, STAFF + " clock platform", "stays"],
  "case-tagged": [EVER, STAFF, "stays"],
  "closed": [LIVE, EVERYBODY + " clock platform", "closed"],
  "deadline-extended": [LIVE, "supervisor", "stays"],
  "deadline-missed": [EVER, "clock", "stays unanswered enforcing"],
  "defaulted": [OWING, PARTIES + " clock", "stays"],
  "enforcement-executed": ["enforcing", STAFF + " platform", "stays"],
  "enforcement-failed": ["enforcing", STAFF + " platform", "stays"],
  "enforcement-ordered": ["enforcing", STAFF, "stays"],
  "escalated": ["awaiting-response enforcing negotiating performing unanswered", EVERYBODY + " clock", "evidence ruling"],
  "evidence-assessed": ["appeal evidence ruling", STAFF, "stays"],
  "evidence-closed": [EXAMINING, "clock", "stays ruling"],
  "evidence-handed-in": [PROVING, PARTIES + " clock", "stays"],
  "evidence-requested": [EXAMINING, STAFF, "evidence"],
  "evidence-submitted": [PROVING, PARTIES + " platform", "stays"],
  "filed": ["none", STAFF + " buyer", "filed"],
  "contact-stated": [EVER, PARTIES, "stays"],
  "fulfilled": [OWING, PARTIES + " platform", "stays"],
  "fulfilment-contested": [OWING, PARTIES, "stays enforcing"],
  "inquiry-answered": [EXAMINING, STAFF + " platform", "stays"],
  "inquiry-sent": [EXAMINING, STAFF, "stays"],
  "legal-hold-lifted": [EVER, "regulator supervisor", "stays"],
  "legal-hold-placed": [EVER, "regulator supervisor", "stays"],
  "mediator-assigned": [LIVE, STAFF, "stays"],
  "mediator-recused": [LIVE, STAFF, "stays"],
  "message-posted": [LIVE, EVERYBODY, "stays"],
  "note-added": [EVER, STAFF, "stays"],
  "notice-served": [EVER, "clock platform", "stays awaiting-response"],
  "notice-undelivered": [EVER, "clock", "stays"],
  "obligation-confirmed": ["appeal enforcing performing suspended", PARTIES + " clock supervisor", "stays"],
  "offer-accepted": [BARGAINING, PARTIES, "stays performing"],
  "offer-declined": [BARGAINING, PARTIES, "stays"],
  "offer-lapsed": [LIVE, "clock", "stays"],
  "offer-made": [BARGAINING, EVERYBODY, "stays"],
  "referred": [LIVE, STAFF, "stays"],
  "refused": ["filed", STAFF + " platform", "stays"],
  "restricted": ["closed", "supervisor", "stays"],
  "restriction-lifted": [EVER, "supervisor", "stays"],
  "resumed": ["suspended", PARTIES + " clock supervisor", "returns"],
  "review-requested": [DECIDED, PARTIES, "ruling"],
  "ruled": ["ruling", STAFF, "performing"],
  "ruling-drafted": ["ruling", STAFF, "stays"],
  "sanction-imposed": [DECIDED, "supervisor", "stays"],
  "sanction-lifted": [EVER, STAFF, "stays"],
  "sanction-published": [EVER, STAFF + " platform", "stays"],
  "seller-responded": ["awaiting-response unanswered", "seller", "negotiating performing"],
  "subject-erased": ["closed", "supervisor", "stays"],
  "corrected": [EVER, STAFF, "stays"],
  "import-withdrawn": [EVER, "supervisor", "closed"],
  "suspended": [ADMITTED, PARTIES + " supervisor", "suspended"],
  "suspension-proved": ["suspended", PARTIES, "stays"],
  "suspension-requested": [ADMITTED, PARTIES, "stays"],
  "withdrawn": [UNDECIDED, "buyer clock", "stays"],
}));

// Events whose phase is left again for the one before.
const INTERRUPTING = ["appeal-filed", "suspended"];

export const order = () =>
  Object.fromEntries([...ORDER].map(([topic, row]) => [topic, row.map((one) => one.split(" "))]));

function topicOf(event, name) {
  if (!isText(event.event.type)) throw new Refused("event-malformed", name);
  return event.event.type;
}

// The role whose rights an actor uses.
function roleOf(event, name) {
  if (!isObject(event.actor)) throw new Refused("event-malformed", name);
  const role = event.actor.on_behalf_of ?? event.actor.role;
  if (!isText(role)) throw new Refused("event-malformed", name);
  return role;
}

function* following([phase, before], leadsTo, interrupts) {
  if (leadsTo === STAYS) {
    yield [phase, before];
  } else if (leadsTo === RETURNS) {
    yield [before ?? phase, null];
    if (before === null) yield ["performing", null];
  } else if (interrupts) {
    yield [leadsTo, phase === leadsTo ? before : phase];
  } else {
    yield [leadsTo, before];
  }
}

// Where a case may stand after an event; nowhere: the event was not possible.
function standingsAfter(standings, topic, role, told) {
  if (!ORDER.has(topic)) return [];
  const [phases, roles, leadsTo] = ORDER.get(topic).map((one) => one.split(" "));
  if (!told && !roles.includes(role)) return [];
  const found = new Map();
  for (const standing of standings.filter(([phase]) => told || phases.includes(phase))) {
    for (const one of leadsTo) {
      for (const after of following(standing, one, INTERRUPTING.includes(topic))) {
        found.set(after.join(), after);
      }
    }
  }
  return [...found.values()];
}

async function checkLifecycle(bundle) {
  let standings = [["none", null]];
  let judged = 0;
  for (const { name, version, event } of bundle.told()) {
    const told = (event.imported ?? null) !== null;
    const [topic, role] = [topicOf(event, name), roleOf(event, name)];
    const after = standingsAfter(standings, topic, role, told);
    if (!after.length) {
      const phases = [...new Set(standings.map(([phase]) => phase))].sort(byPoint).join(" ");
      throw new Refused("not-possible", tell("role-in-phase", version, topic, role, phases));
    }
    standings = after;
    judged += told ? 0 : 1;
  }
  return [tell("possible", judged, bundle.version - judged)];
}

// A bare timeline, made of the events alone.
function timelineOf(held) {
  return held.told().map(({ version, event }) => {
    const actor = isObject(event.actor) ? event.actor : {};
    return {
      version, at: textOf(event.at), recorded_at: textOf(event.recorded_at),
      role: textOf(actor.role), on_behalf_of: textOf(actor.on_behalf_of),
      topic: textOf(event.event.type), imported: (event.imported ?? null) !== null,
    };
  });
}

// Notes and proofs. A name has no space and no plus; which characters are spaces is
// written out, as Unicode 15 has them, because programs do not agree on \s.

const NAME =
  "[^\\x00-\\x20+\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\p{Cs}]+";
const KEY_NAME = new RegExp(`^${NAME}$`, "u");
const LINE = new RegExp(`^\\u2014 (${NAME}) ([A-Za-z0-9+/=]+)$`, "u");
const SIZE = /^(?:0|[1-9][0-9]{0,18})$/;
const CONTROL = /[\x00-\x09\x0b-\x1f\p{Cs}]/u;
const NOTE_LIMIT = 1_000_000;

function parseNote(content) {
  if (CONTROL.test(content) || utf8.encode(content).length > NOTE_LIMIT) {
    throw new TypeError("note");
  }
  const blank = content.lastIndexOf("\n\n");
  const lines = content.slice(blank + 2).split("\n");
  if (blank < 0 || lines.pop() !== "" || lines.length < 1 || lines.length > 128) {
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

function readProof(text, name, note) {
  const malformed = new Refused("proof-malformed", name);
  const blank = text.indexOf("\n\n");
  const head = blank < 0 ? text : text.slice(0, blank);
  const rest = blank < 0 ? "" : text.slice(blank + 2);
  const [heading, index = "", ...path] = head.split("\n");
  if (heading !== "c2sp.org/tlog-proof@v1" || !index.startsWith("index ")) throw malformed;
  if (!SIZE.test(index.slice(6)) || path.length > 63) throw malformed;
  let hashes;
  try {
    hashes = path.map(unbase64);
  } catch {
    throw malformed;
  }
  if (hashes.some((one) => one.length !== 32)) throw malformed;
  if (rest !== note) throw new Refused("other-log", name);
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

async function checkProof(text, name, note, checkpoint, entry) {
  const { index, path } = readProof(text, name, note);
  const root = await rootOf(await leafHash(entry), index, checkpoint.size, path);
  if (!root || !same(root, checkpoint.root)) throw new Refused("not-in-log", name);
}

async function checkLogged(bundle) {
  const checkpoint = bundle.checkpoint();
  const entries = bundle.states().map(({ version, state }) => [proofName(version), state]);
  entries.push([HEAD_PROOF, bundle.members.get("head.json")]);
  for (const [name, entry] of entries) {
    const text = bundle.text(name, "proof-malformed");
    await checkProof(text, name, bundle.note(), checkpoint, entry);
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
  if (content.length !== 1 + (KEY_BYTES[content[0]] ?? -1) || !KEY_NAME.test(name)) {
    throw new TypeError(`not an Ed25519 or ML-DSA-44 verifier key: ${points(text).slice(0, 80).join("")}`);
  }
  if ((await keyId(name, content)) !== id) {
    throw new TypeError(`key and id do not belong together: ${points(text).slice(0, 80).join("")}`);
  }
  return { name, id, algorithm: content[0], public: content.slice(1), vkey: text };
}

// Keys one a line, or what /v1/log/keys answers; told apart by their names.
export async function readKeys(text) {
  const isJson = /^\s*[{[]/.test(text);
  const found = isJson ? parseJson(utf8.encode(text)) : null;
  const rows = isJson ? found.items ?? found : text.split("\n").map((one) => one.trim()).filter((one) => one);
  if (!Array.isArray(rows)) throw new TypeError("not a list of keys");
  const lines = rows.map((one) => (isObject(one) ? one.vkey : one));
  if (!lines.every(isText)) throw new TypeError("not a list of keys");
  const keys = await Promise.all(lines.map(parseKey));
  const states = (key) => key.algorithm === LOG_KEY && key.name.endsWith("/statements");
  return { keys: keys.filter((key) => !states(key)), statementKeys: keys.filter(states) };
}

const nameOf = (key) => `${key.name}+${key.id}`;
const isAmong = (key, keys) => keys.some((one) => one.vkey === key.vkey);

// What was verified before, by the digest of all that went into it.
const verified = new Map();

async function remembered(parts, found) {
  const lengths = parts.map((one) => one.length).join();
  const place = hex(await digest(joined(utf8.encode(lengths), ...parts)));
  if (!verified.has(place)) {
    if (verified.size >= 4096) verified.clear();
    verified.set(place, await found());
  }
  return verified.get(place);
}

const MODULUS = (1n << 255n) - 19n;

// Some libraries take a point whose coordinate is not in its one form; RFC 8032 does not.
function isPoint(bytes) {
  const y = BigInt(`0x${hex(bytes.slice().reverse())}`);
  const low = y & ((1n << 255n) - 1n);
  return low < MODULUS && !(y >> 255n && (low === 1n || low === MODULUS - 1n));
}

async function verify(key, message, signature) {
  if (signature.length !== 64 || !isPoint(key.public)) return false;
  return remembered([key.public, message, signature], async () => {
    try {
      const held = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", held, signature, message);
    } catch {
      return false;
    }
  });
}

// Whether a signature of a checkpoint holds, and which time it states.
async function verifyCheckpoint(key, checkpoint, value) {
  if (key.algorithm === LOG_KEY) {
    return [await verify(key, utf8.encode(checkpoint.text), value), null];
  }
  const time = value.subarray(0, 8).reduce((sum, one) => sum * 256n + BigInt(one), 0n);
  if (key.algorithm === WITNESS_KEY) {
    const message = utf8.encode(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);
    return [value.length === 72 && (await verify(key, message, value.subarray(8))), time];
  }
  const [name, origin] = [utf8.encode(key.name), utf8.encode(checkpoint.origin)];
  if (name.length > 255 || origin.length > 255) return [false, time];
  const size = new DataView(new ArrayBuffer(16));
  size.setBigUint64(8, checkpoint.size);
  const message = joined(
    utf8.encode("subtree/v1\n\0"), [name.length], name, value.subarray(0, 8),
    [origin.length], origin, new Uint8Array(size.buffer), checkpoint.root,
  );
  const signature = value.subarray(8);
  const holds = await remembered(
    [key.public, message, signature], () => verifyMlDsa(key.public, message, signature),
  );
  return [holds, time];
}

const madeBy = (signatures, keys) =>
  signatures.flatMap((one) =>
    keys.filter((key) => key.name === one.name && key.id === one.id).map((key) => [key, one]));

// Lists of keys, each with the signed note in which an earlier key endorses it.

const ENDORSED = "redress log keys";
const STATING = "redress statement key";
const isNote = (value) => value === null || isText(value);

function rowsOf(held, name, kinds) {
  const listed = held.listed(name);
  if (!Array.isArray(listed) || !listed.every((one) => has(one, kinds))) {
    throw new Refused("keys-wrong", name);
  }
  return listed;
}

// The keys of a list, all of which have to be of one name.
async function keysIn(rows, name) {
  const keys = [];
  for (const { vkey } of rows) {
    const key = await parseKey(vkey).catch(() => null);
    if (!key) throw new Refused("keys-wrong", vkey);
    if (key.name !== name) throw new Refused("keys-wrong", nameOf(key));
    keys.push(key);
  }
  return keys;
}

// The keys that an endorsement names, if one of the signers has signed it.
async function endorsed(content, heading, origin, signers) {
  let note;
  try {
    note = parseNote(content ?? "");
  } catch {
    return [];
  }
  const [first, name, ...vkeys] = note.text.slice(0, -1).split("\n");
  if (first !== heading || name !== origin) return [];
  const able = signers.filter((key) => key.name === origin && key.algorithm === LOG_KEY);
  for (const [key, one] of madeBy(note.signatures, able)) {
    if (await verify(key, utf8.encode(note.text), one.value)) {
      const found = await Promise.all(vkeys.map((vkey) => parseKey(vkey).catch(() => null)));
      return found.filter((fresh) => fresh);
    }
  }
  return [];
}

async function listedKeys(held) {
  const kinds = { endorsement: isNote, made_at: isText, vkey: isText };
  const rows = rowsOf(held, "keys.json", kinds);
  return { rows, keys: await keysIn(rows, held.origin) };
}

// The given keys of a log, and those that they endorsed, and so on.
async function trustedKeys(held, given) {
  const { rows } = await listedKeys(held);
  const trusted = [...given];
  for (const { endorsement } of rows) {
    for (const key of await endorsed(endorsement, ENDORSED, held.origin, trusted)) {
      if (key.name === held.origin && !isAmong(key, trusted)) trusted.push(key);
    }
  }
  return trusted;
}

// Refuses a listed key that is neither trusted nor older; one ML-DSA-44 key may be named
// by nobody. Returns those that count for nothing.
async function checkKnown(held, trusted) {
  const { rows, keys } = await listedKeys(held);
  const unknown = keys.filter((key) => !isAmong(key, trusted));
  const older = await olderKeys(keys, rows, trusted);
  const left = unknown.filter((key) => !isAmong(key, older));
  const quiet = left.filter((key) => key.algorithm === ML_DSA_44).slice(0, 1);
  for (const key of left) {
    if (!isAmong(key, quiet)) throw new Refused("key-unknown", nameOf(key));
  }
  return unknown;
}

// The listed keys that have endorsed a trusted key, and so on back.
async function olderKeys(keys, rows, trusted) {
  const older = [];
  for (const { endorsement } of [...rows].reverse()) {
    const known = [...trusted, ...older];
    for (const key of keys.filter((one) => !isAmong(one, known))) {
      const named = await endorsed(endorsement, ENDORSED, key.name, [key]);
      if (named.some((one) => isAmong(one, known))) older.push(key);
    }
  }
  return older;
}

const givenFor = (held, keys) => keys.filter((key) => key.name === held.origin);

// Refuses a checkpoint that no trusted key has signed; returns the times that are stated.
async function signatureTimes(held, keys) {
  const checkpoint = held.checkpoint();
  const ours = keys.filter((key) => key.name === checkpoint.origin);
  if (!ours.length) throw new Refused("foreign-log", checkpoint.origin);
  const made = madeBy(checkpoint.signatures, await trustedKeys(held, ours));
  if (!made.length) throw new Refused("foreign-key", checkpoint.origin);
  const times = [];
  for (const [key, one] of made) {
    const [holds, time] = await verifyCheckpoint(key, checkpoint, one.value);
    if (!holds) throw new Refused("signature-wrong", nameOf(key));
    if (time !== null) times.push(time);
  }
  return times.sort(byTime);
}

const byTime = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

async function checkSigned(held, asked) {
  await signatureTimes(held, asked.keys);
  const told = [tell("as-it-is", held.checkpoint().origin)];
  const trusted = await trustedKeys(held, givenFor(held, asked.keys));
  const unknown = await checkKnown(held, trusted);
  if (unknown.length) told.push(tell("older-keys", unknown.map((one) => one.id).join(" ")));
  return told;
}

// Statements: the application's signature in each event, and under the manifest.

async function statementKeys(held, asked) {
  const name = `${held.origin}/statements`;
  const trusted = asked.statementKeys.filter((key) => key.name === name);
  const rows = rowsOf(held, "statement-keys.json", { endorsement: isNote, vkey: isText });
  const signers = await trustedKeys(held, givenFor(held, asked.keys));
  await keysIn(rows, name);
  for (const row of rows) {
    const named = await endorsed(row.endorsement, STATING, held.origin, signers);
    trusted.push(...named.filter((one) => one.name === name && one.algorithm === LOG_KEY));
  }
  return trusted;
}

const TAIL = ',"statement":"';
const TAIL_BYTES = TAIL.length + 92 + 2;

// What an event's statement signs, and the statement; null where there is none.
function statementOf({ name, state, event }) {
  if (!("statement" in event)) return null;
  const begin = state.length - TAIL_BYTES;
  const tail = begin > 0 ? latin1(state.subarray(begin)) : "";
  const text = tail.slice(TAIL.length, -2);
  const whole = tail.startsWith(TAIL) && tail.endsWith('"}') && /^[A-Za-z0-9+/=]+$/.test(text);
  let blob = new Uint8Array();
  try {
    if (whole) blob = unbase64(text);
  } catch {
    // Said below.
  }
  if (blob.length !== 68) throw new Refused("statement-wrong", name);
  return { message: joined(state.subarray(0, begin), utf8.encode("}")), blob };
}

async function checkStatements(held, asked) {
  const found = held.told().map((row) => ({ ...row, made: statementOf(row) }));
  const signed = found.filter((row) => row.made);
  if (!signed.length) return [tell("not-stated")];
  const first = signed[0].version;
  for (const { name, version, made } of found) {
    if (version > first && !made) throw new Refused("statement-missing", name);
  }
  const trusted = await statementKeys(held, asked);
  for (const { name, made } of signed) {
    if (!trusted.length) throw new Unsure("unvouched", name);
    const message = joined(utf8.encode("redress-statement/1\n"), made.message);
    await checkStated(made.blob, message, trusted, name, ["statement-foreign", "statement-wrong"]);
  }
  return [tell("stated", signed.length, found.length, first)];
}

async function checkStated(blob, message, keys, about, [foreign, wrong]) {
  const id = hex(blob.subarray(0, 4));
  const named = keys.filter((key) => key.id === id);
  if (!named.length) throw new Refused(foreign, about);
  for (const key of named) {
    if (await verify(key, message, blob.subarray(4))) return key;
  }
  throw new Refused(wrong, about);
}

async function checkVouched(bundle, asked) {
  if (bundle.format === UNSIGNED) {
    for (const { name, event } of bundle.told()) {
      if ("statement" in event || "rules" in event) throw new Refused("downgraded", name);
    }
    return [tell("unsigned")];
  }
  const blob = manifestSignature(bundle.members);
  return vouchedBy(bundle.members, blob, await statementKeys(bundle, asked));
}

function manifestSignature(members) {
  let blob = new Uint8Array();
  try {
    const line = strict.decode(members.get(SIGNATURE));
    if (line.endsWith("\n")) blob = unbase64(line.slice(0, -1));
  } catch {
    // Said below.
  }
  if (blob.length !== 68) throw new Refused("manifest-forged", SIGNATURE);
  return blob;
}

async function vouchedBy(members, blob, trusted) {
  if (!trusted.length) throw new Unsure("unvouched", SIGNATURE);
  const message = joined(utf8.encode("redress-manifest/1\n"), members.get(MANIFEST));
  const codes = ["manifest-foreign", "manifest-forged"];
  const key = await checkStated(blob, message, trusted, SIGNATURE, codes);
  return [tell("vouched", nameOf(key))];
}

// ML-DSA-44 (FIPS 204), on the sponge of FIPS 202.

// Words of 64 bits, as two of 32: the lower half, then the upper one.

const ROUNDS = Array.from({ length: 24 }, () => [0, 0]);

for (let round = 0, bits = 1; round < 24; round += 1) {
  for (let n = 0; n < 7; n += 1) {
    bits = ((bits << 1) ^ ((bits >> 7) * 0x71)) & 255;
    const place = 2 ** n - 1;
    if (bits & 2) ROUNDS[round][place >> 5] ^= 1 << (place & 31);
  }
}

// Where each word moves in a round, and by how many bits it is rotated.
const MOVES = [];

for (let n = 1, x = 1, y = 0; n <= 24; n += 1) {
  [x, y] = [y, (2 * x + 3 * y) % 5];
  MOVES.push([2 * (x + 5 * y), ((n * (n + 1)) / 2) % 64]);
}

const rotatedLow = (low, high, by) => {
  const [one, other] = by & 32 ? [high, low] : [low, high];
  return by & 31 ? (one << (by & 31)) | (other >>> (32 - (by & 31))) : one;
};

function permute(words) {
  const sums = new Int32Array(10);
  const row = new Int32Array(10);
  for (const [low, high] of ROUNDS) {
    for (let n = 0; n < 10; n += 1) {
      sums[n] = words[n] ^ words[n + 10] ^ words[n + 20] ^ words[n + 30] ^ words[n + 40];
    }
    for (let n = 0; n < 10; n += 2) {
      const [before, after] = [(n + 8) % 10, (n + 2) % 10];
      const mixed = sums[before] ^ rotatedLow(sums[after], sums[after + 1], 1);
      const upper = sums[before + 1] ^ rotatedLow(sums[after + 1], sums[after], 1);
      for (let place = n; place < 50; place += 10) {
        words[place] ^= mixed;
        words[place + 1] ^= upper;
      }
    }
    let [movedLow, movedHigh] = [words[2], words[3]];
    for (const [place, by] of MOVES) {
      const [heldLow, heldHigh] = [words[place], words[place + 1]];
      words[place] = rotatedLow(movedLow, movedHigh, by);
      words[place + 1] = rotatedLow(movedHigh, movedLow, by);
      [movedLow, movedHigh] = [heldLow, heldHigh];
    }
    for (let start = 0; start < 50; start += 10) {
      row.set(words.subarray(start, start + 10));
      for (let n = 0; n < 10; n += 1) {
        words[start + n] = row[n] ^ (~row[(n + 2) % 10] & row[(n + 4) % 10]);
      }
    }
    words[0] ^= low;
    words[1] ^= high;
  }
}

// SHAKE with some rate (168: SHAKE128, 136: SHAKE256).
function shake(rate, content, length) {
  const padded = new Uint8Array((Math.floor(content.length / rate) + 1) * rate);
  padded.set(content);
  padded[content.length] ^= 0x1f;
  padded[padded.length - 1] ^= 0x80;
  const words = new Int32Array(50);
  const view = new DataView(padded.buffer);
  for (let place = 0; place < padded.length; place += rate) {
    for (let n = 0; n < rate / 4; n += 1) words[n] ^= view.getInt32(place + 4 * n, true);
    permute(words);
  }
  const made = new DataView(new ArrayBuffer(Math.ceil(length / rate) * rate));
  for (let place = 0; place < length; place += rate) {
    for (let n = 0; n < rate / 4; n += 1) made.setInt32(place + 4 * n, words[n], true);
    permute(words);
  }
  return new Uint8Array(made.buffer, 0, length);
}

const Q = 8380417;
const GAMMA_2 = (Q - 1) / 88;
const ROW = [0, 1, 2, 3];

function zeta(exponent) {
  let [power, base] = [1, 1753];
  for (let left = exponent; left; left >>= 1) {
    if (left & 1) power = (power * base) % Q;
    base = (base * base) % Q;
  }
  return power;
}

const reversed = (n) => parseInt(n.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
const ZETAS = Array.from({ length: 256 }, (_, n) => zeta(reversed(n)));
const modulo = (value) => ((value % Q) + Q) % Q;

function ntt(content) {
  const values = content.map(modulo);
  for (let length = 128, at = 0; length; length >>= 1) {
    for (let start = 0; start < 256; start += 2 * length) {
      at += 1;
      for (let n = start; n < start + length; n += 1) {
        const step = (ZETAS[at] * values[n + length]) % Q;
        values[n + length] = modulo(values[n] - step);
        values[n] = modulo(values[n] + step);
      }
    }
  }
  return values;
}

function inverseNtt(content) {
  const values = content.map(modulo);
  for (let length = 1, at = 256; length < 256; length *= 2) {
    for (let start = 0; start < 256; start += 2 * length) {
      at -= 1;
      for (let n = start; n < start + length; n += 1) {
        const [one, other] = [values[n], values[n + length]];
        values[n] = modulo(one + other);
        values[n + length] = (modulo(other - one) * ZETAS[at]) % Q;
      }
    }
  }
  return values.map((one) => (one * 8347681) % Q);
}

// 256 numbers of so many bits each.
function unpacked(bytes, width) {
  return Array.from({ length: 256 }, (_, n) => {
    let value = 0;
    for (let bit = width - 1; bit >= 0; bit -= 1) {
      const place = n * width + bit;
      value = value * 2 + ((bytes[place >> 3] >> (place & 7)) & 1);
    }
    return value;
  });
}

// Which coefficients a hint is about; null if it is not in its one form.
function hintsIn(bytes) {
  const rows = [];
  let begin = 0;
  for (const end of bytes.subarray(80)) {
    if (end < begin || end > 80) return null;
    const places = [...bytes.subarray(begin, end)];
    if (places.some((one, n) => n && one <= places[n - 1])) return null;
    rows.push(new Set(places));
    begin = end;
  }
  return bytes.subarray(begin, 80).some((one) => one) ? null : rows;
}

function challengeOf(seed) {
  const stream = shake(136, seed, 1024);
  const found = Array.from({ length: 256 }, () => 0);
  for (let n = 256 - 39, place = 8, bit = 0; n < 256; n += 1, place += 1, bit += 1) {
    while (stream[place] > n) place += 1;
    found[n] = found[stream[place]];
    found[stream[place]] = (stream[bit >> 3] >> (bit & 7)) & 1 ? -1 : 1;
  }
  return found;
}

function uniform(seed) {
  const stream = shake(168, seed, 1344);
  const found = [];
  for (let n = 0; found.length < 256; n += 3) {
    const one = stream[n] + stream[n + 1] * 256 + (stream[n + 2] & 127) * 65536;
    if (one < Q) found.push(one);
  }
  return found;
}

// The high bits of a number, one up or down where there is a hint.
function highBits(value, isHinted) {
  let low = value % (2 * GAMMA_2);
  if (low > GAMMA_2) low -= 2 * GAMMA_2;
  const isLast = value - low === Q - 1;
  const high = isLast ? 0 : (value - low) / (2 * GAMMA_2);
  if (!isHinted) return high;
  return (high + ((isLast ? low - 1 : low) > 0 ? 1 : 43)) % 44;
}

export function verifyMlDsa(key, message, signature) {
  if (signature.length !== 2420) return false;
  const hints = hintsIn(signature.subarray(2336));
  const z = ROW.map((n) =>
    unpacked(signature.subarray(32 + 576 * n), 18).map((one) => 2 ** 17 - one));
  if (!hints || z.flat().some((one) => Math.abs(one) >= 2 ** 17 - 78)) return false;
  const about = joined(shake(136, key, 64), [0, 0], message);
  const [mu, inZ] = [shake(136, about, 64), z.map(ntt)];
  const challenge = ntt(challengeOf(signature.subarray(0, 32)));
  const rows = ROW.map((row) => {
    const part = ntt(unpacked(key.subarray(32 + 320 * row), 10).map((one) => one * 8192));
    let total = part.map((one, n) => -((challenge[n] * one) % Q));
    for (const column of ROW) {
      const factor = uniform(joined(key.subarray(0, 32), [column, row]));
      total = total.map((one, n) => one + ((factor[n] * inZ[column][n]) % Q));
    }
    return inverseNtt(total).map((one, n) => highBits(one, hints[row].has(n)));
  });
  // Six bits each.
  const packed = rows.flat().reduce((bytes, one, n) => {
    const [place, shift] = [(n * 6) >> 3, (n * 6) & 7];
    bytes[place] |= one << shift;
    if (shift > 2) bytes[place + 1] |= one >> (8 - shift);
    return bytes;
  }, new Uint8Array(768));
  return same(shake(136, joined(mu, packed), 32), signature.subarray(0, 32));
}

async function cosigned(held, witnesses) {
  const checkpoint = held.checkpoint();
  const times = new Map();
  for (const [key, one] of madeBy(checkpoint.signatures, witnesses)) {
    const [holds, time] = await verifyCheckpoint(key, checkpoint, one.value);
    if (!holds) throw new Refused("cosignature-wrong", key.name);
    times.set(hex(key.public), time);
  }
  return [...times.values()].sort(byTime);
}

const quorum = (asked) => asked.quorum ?? asked.witnesses.length;

async function checkWitnessed(held, asked) {
  if (!asked.witnesses.length) return [];
  const times = await cosigned(held, asked.witnesses);
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

function recordedAt(event, name) {
  const found = RECORDED.exec(textOf(event.recorded_at) ?? "");
  const parts = found ? found.slice(1).map(Number) : [0, 0];
  if (parts[0] < 1 || parts[1] < 1 || parts[1] > 12) throw new Refused("event-malformed", name);
  const time = posix(...parts);
  return time > 0n ? time : 0n;
}

function said(time) {
  const most = time < 1n << 37n ? time : 1n << 37n;
  return new Date(Number(most) * 1000).toISOString().replace(".000Z", "Z");
}

function checkOrder(held, time) {
  const times = held.told().map(({ event, name }) => recordedAt(event, name));
  const latest = times.reduce((a, b) => (a > b ? a : b));
  if (latest > time + BigInt(CLOCK_SLACK)) {
    throw new Refused("time-order", tell("recorded", said(latest), said(time)));
  }
}

// When witnesses co-signed, and what that says of the time.
async function timeBounds(held, asked) {
  const times = asked.witnesses.length ? await cosigned(held, asked.witnesses) : [];
  const needed = quorum(asked);
  if (needed <= 0 || needed > times.length) return { times, bounds: [] };
  checkOrder(held, times[needed - 1]);
  return { times, bounds: [tell("by-witnesses", said(times[needed - 1]))] };
}

async function checkTimed(bundle, asked) {
  const { times, bounds } = await timeBounds(bundle, asked);
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
  const content = jsonOf(bundle.members.get(name));
  const placed = (one) => isObject(one) && Number.isInteger(one.version) && isText(one.path);
  if (!Array.isArray(content) || !content.every(placed)) throw new Refused(code, name);
  return content;
}

const SEALED = /^enc[0-9]+:[A-Za-z0-9+/=]+$/;
const COMMITTED = "enc2:";

function* sealedIn(value, path) {
  if (isText(value) && SEALED.test(value)) yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    yield* sealedIn(part, path ? `${path}.${name}` : name);
  }
}

const place = (one) => `${one.version}/${one.path}`;

// The sealed texts by version and path, in their order.
function sealedTexts(bundle) {
  const found = new Map();
  for (const { version, event } of bundle.told()) {
    if ((event.key ?? null) === null) continue;
    for (const [path, text] of [...sealedIn(event.event, "")].sort(([a], [b]) => byPoint(a, b))) {
      found.set(place({ version, path }), text);
    }
  }
  return found;
}

// Whether a sealed text, and a salt, are as long as they have to be.
function fits(sealed, salt) {
  if (!sealed.startsWith(COMMITTED)) return true;
  try {
    return unbase64(salt).length === 32 && unbase64(sealed.slice(5)).length >= 92;
  } catch {
    return false;
  }
}

async function openedTexts(bundle, sealed) {
  const opened = new Map();
  if (!bundle.members.has("opened.json")) return opened;
  for (const one of listOf(bundle, "opened.json", "opened-wrong")) {
    const at = place(one);
    const text = opened.has(at) ? "" : sealed.get(at) ?? "";
    const kinds = { version: isSize, path: isText, sealed: isText, text: isText };
    if (text.startsWith(COMMITTED)) kinds.salt = isText;
    const whole = text && has(one, kinds) && one.sealed === hex(await digest(utf8.encode(text)));
    if (!whole || !fits(text, one.salt)) throw new Refused("opened-wrong", at);
    opened.set(at, one);
  }
  return opened;
}

async function checkErased(bundle) {
  const sealed = sealedTexts(bundle);
  const opened = await openedTexts(bundle, sealed);
  const listed = listOf(bundle, "redactions.json", "redactions-wrong");
  if (sorted(listed.map(place)) !== sorted([...sealed.keys()])) {
    throw new Refused("redactions-wrong", tell("not-each"));
  }
  for (const one of listed) {
    const wanted = opened.has(place(one)) ? ["opened"] : ["erased", "sealed"];
    const whole = has(one, { version: isSize, path: isText, state: isText });
    if (!whole || !wanted.includes(one.state)) throw new Refused("redactions-wrong", place(one));
  }
  const erased = listed.filter((one) => one.state === "erased").map(place);
  const words = erased.length ? "texts-erased" : "texts";
  return [tell(words, sealed.size, erased.length, erased.join(" "))];
}

async function checkOpened(bundle) {
  const sealed = sealedTexts(bundle);
  let proved = 0;
  let stated = 0;
  for (const [at, one] of await openedTexts(bundle, sealed)) {
    const text = sealed.get(at);
    if (!text.startsWith(COMMITTED)) {
      stated += 1;
      continue;
    }
    const label = utf8.encode("redress-text/1\n");
    const said_of = utf8.encode(`${bundle.case}/${at}\n${one.text}`);
    const committed = await digest(joined(label, unbase64(one.salt), said_of));
    if (!same(unbase64(text.slice(5)).subarray(0, 32), committed)) {
      throw new Refused("opened-other", at);
    }
    proved += 1;
  }
  return proved || stated ? [tell("opened", proved, stated)] : [];
}

function exhibits(bundle) {
  return bundle.told().flatMap(({ name, version, event: { event } }) => {
    let about = event.type === "evidence-submitted" ? event : null;
    if (event.type === "message-posted") about = event.attachment ?? null;
    if (about === null) return [];
    if (!isObject(about)) throw new Refused("event-malformed", name);
    const told = (value) => value ?? null;
    const row = {
      version, number: told(event.number), by: told(event.by),
      kind: "kind" in about ? about.kind : "attachment", sha256: told(about.sha256),
      size: told(about.size), media_type: told(about.media_type),
    };
    if (told(about.sealed) !== null) row.sealed = about.sealed;
    return [row];
  });
}

async function checkEvidence(bundle) {
  const rows = exhibits(bundle);
  if (!same(bundle.members.get("evidence.json"), canonical(rows))) {
    throw new Refused("evidence-wrong", "evidence.json");
  }
  const names = [...bundle.members.keys()].filter((name) => name.startsWith("files/"));
  let unproved = 0;
  for (const name of names) {
    const row = rows.find((one) => name.startsWith(`files/${digits(one.version)}.`));
    if (!row) throw new Refused("unknown-member", name);
    const body = bundle.members.get(name);
    const right = await (name.endsWith(".opened") ? isFile(body, row) : isSealedFile(body, row));
    if (!right) throw new Refused("file-altered", name);
    if (name.endsWith(".sealed") && !("sealed" in row)) unproved += 1;
  }
  const told = [tell("exhibits", rows.length, names.length)];
  if (unproved) told.push(tell("sealed-files", unproved));
  return told;
}

const isFile = async (body, row) =>
  hex(await digest(body)) === row.sha256 && body.length === row.size;

// How many bytes each form in which files are sealed has besides its chunks.
const SEALED_FORMS = { RDRS1: 13, RDRS2: 69 };

async function isSealedFile(body, row) {
  const more = SEALED_FORMS[latin1(body.subarray(0, 5))];
  if (!Number.isInteger(row.size) || row.size < 0 || !more) return false;
  if ("sealed" in row && hex(await digest(body)) !== row.sealed) return false;
  const chunks = Math.max(1, Math.ceil(row.size / 2 ** 20));
  return body.length === more + row.size + 16 * chunks;
}

// The rules that the events name: by digest, or (of earlier versions) by their ids.

const PROOF = /^[ \t]*proof[ \t]*=[ \t]*(["'])([^"'\n]+)\1[ \t]*(#[^\n]*)?$/;
const QUOTED = /["']([^"'\n]+)["']/g;
const SETS = "rules/sets/";
const BODIES = "rules/files/";

const ruleFile = (name) =>
  `${name.toLowerCase().replace(/[^a-z0-9-]/gu, "-").slice(0, 64)}.toml`;

function proofRules(policy) {
  const lines = policy.split("\n");
  const table = lines.findIndex((line) => /^[ \t]*\[/.test(line));
  const head = table < 0 ? lines : lines.slice(0, table);
  const found = head.map((line) => PROOF.exec(line.replace(/\r$/, ""))).filter((one) => one);
  return found.length === 1 ? found[0][2] : null;
}

const within = (bundle, folder) =>
  [...bundle.members.keys()].filter((name) => name.startsWith(folder)).sort(byPoint);

function checkSame(here, allowed, needed) {
  for (const name of here) {
    if (!allowed.includes(name)) throw new Refused("unknown-member", name);
  }
  for (const name of [...needed].sort(byPoint)) {
    if (!here.includes(name)) throw new Refused("missing-member", name);
  }
}

function exactRules(bundle, kind, allowed, needed) {
  const folder = `rules/${kind}/`;
  const here = within(bundle, folder);
  const named = (ids) => ids.map((one) => folder + ruleFile(one));
  checkSame(here, named(allowed), named(needed));
  return here;
}

function checkNamed(bundle, named) {
  const policies = exactRules(bundle, "policy", named, named);
  const texts = policies.map((name) => latin1(bundle.members.get(name)));
  const stated = texts.map(proofRules);
  const needed = stated.filter((one) => one);
  const quoted = texts.flatMap((text) => [...text.matchAll(QUOTED)].map((one) => one[1]));
  const allowed = needed.length === stated.length ? needed : [...needed, ...quoted];
  return [policies.length, exactRules(bundle, "proof", allowed, needed).length];
}

const isPart = (one) => has(one, { id: isText, sha256: isText });
const IN_RULE_SET = {
  calendar: (one) =>
    has(one, { edition: isText, sha256: isText, years: isObject, zone: isText }) &&
    Object.values(one.years).every(isText),
  codes: isPart, policy: isPart, proof: isPart, texts: isPart,
};
// Sets of earlier versions name no regulations.
const isRuleSet = (one) =>
  isObject(one) && "regulations" in one
    ? has(one, { ...IN_RULE_SET, regulations: (named) => Array.isArray(named) && named.every(isPart) })
    : has(one, IN_RULE_SET);

async function checkSets(bundle, digests) {
  const wanted = [...digests.keys()].map((one) => `${SETS}${one}.json`);
  checkSame(within(bundle, SETS), wanted, wanted);
  const needed = [];
  const allowed = [];
  for (const one of [...digests.keys()].sort()) {
    const name = `${SETS}${one}.json`;
    const body = bundle.members.get(name);
    const content = jsonOf(body);
    if (hex(await digest(body)) !== one || !isRuleSet(content)) {
      throw new Refused("rules-other", name);
    }
    const other = [...digests.get(one)].some((id) => id !== null && id !== content.policy.id);
    if (other) throw new Refused("rules-other", name);
    const { calendar, codes, policy, proof, regulations = [], texts } = content;
    const parts = [codes, policy, proof, texts, ...regulations];
    needed.push(...parts.map((part) => BODIES + part.sha256));
    allowed.push(...[calendar.sha256, ...Object.values(calendar.years)].map((sum) => BODIES + sum));
  }
  const files = within(bundle, BODIES);
  checkSame(files, [...needed, ...allowed], needed);
  for (const name of files) {
    if (BODIES + hex(await digest(bundle.members.get(name))) !== name) {
      throw new Refused("rules-other", name);
    }
  }
  return [wanted.length, files.length];
}

function rulesDigest({ rules = null }, name) {
  if (rules === null) return null;
  let bytes = new Uint8Array();
  try {
    bytes = unbase64(textOf(rules) ?? "");
  } catch {
    // Said below.
  }
  if (bytes.length !== 32) throw new Refused("event-malformed", name);
  return hex(bytes);
}

async function checkRules(bundle) {
  const digests = new Map();
  const named = [];
  for (const { name, event } of bundle.told()) {
    const policy = event.policy ?? null;
    if (policy !== null && !isText(policy)) throw new Refused("event-malformed", name);
    const one = rulesDigest(event, name);
    if (one !== null) digests.set(one, (digests.get(one) ?? new Set()).add(policy));
    else if (policy) named.push(policy);
  }
  const byName = checkNamed(bundle, named);
  if (bundle.format === UNSIGNED) return [tell("rules", ...byName)];
  if (named.length && !bundle.members.has("rules/codes.toml")) {
    throw new Refused("missing-member", "rules/codes.toml");
  }
  const told = [tell("rule-sets", ...(await checkSets(bundle, digests)))];
  return named.length ? [...told, tell("rules", ...byName)] : told;
}

// The verdict.

const OF_BUNDLE = {
  bundle: checkBundle, events: checkEvents, reach: checkReach, logged: checkLogged,
  signed: checkSigned, witnessed: checkWitnessed, timed: checkTimed,
  statements: checkStatements, lifecycle: checkLifecycle, vouched: checkVouched,
  erased: checkErased, opened: checkOpened, evidence: checkEvidence, rules: checkRules,
};
const OF_RECEIPT = {
  receipt: checkReceipt, event: checkEvent, logged: ifProved(checkReceiptLogged),
  signed: ifProved(checkSigned), witnessed: ifProved(checkWitnessed),
  timed: ifProved(async (held, asked) => (await timeBounds(held, asked)).bounds),
  statements: checkReceiptStated,
};
const PROVES_NOTHING = ["stamp-not-verified", "not-stated", "unsigned", "not-yet"];

// A bundle, a receipt, or several bundles in one file.
export async function check(data, asked) {
  const trust = { witnesses: [], quorum: null, stampers: [], statementKeys: [], ...asked };
  let members = new Map();
  try {
    if (data[0] !== 0x7b) members = readZip(data);
  } catch {
    // Said of it as of a bundle.
  }
  const manifest = members.has(MANIFEST) ? jsonOf(members.get(MANIFEST)) : null;
  const isSet = isObject(manifest) && manifest.format === SEVERAL;
  return isSet ? checkSet(data, members, manifest, trust) : checkOne(data, trust);
}

const isListed = (name, row) =>
  has(row, { case: isText, sha256: isText, size: isSize, version: isSize }) &&
  name === `bundles/${row.case}.zip`;

async function checkSet(data, members, manifest, trust) {
  const bundles = [];
  for (const name of [...members.keys()].filter((one) => one.startsWith("bundles/")).sort(byPoint)) {
    bundles.push({ ...(await checkOne(members.get(name), trust)), name });
  }
  const found = [
    await one("set", () => wholeSet(data, members, manifest, bundles), null, trust),
    await one("set-signed", () => signedSet(members, bundles, trust), null, trust),
  ];
  const verdict = firstOf([...found, ...bundles.flatMap((row) => row.properties)])?.code ?? "valid";
  return {
    kind: "set", verdict, status: STATUSES[verdict], sha256: hex(await digest(data)), case: "",
    version: 0, properties: found, timeline: [], bundles,
  };
}

async function wholeSet(data, members, manifest, bundles) {
  if (!same(canonical(manifest), members.get(MANIFEST)) || keysOf(manifest) !== keysOf({ format: 0, bundles: 0 })) {
    throw new Refused("manifest-wrong", tell("other-form"));
  }
  const listed = manifest.bundles;
  if (!isObject(listed) || !Object.keys(listed).length) throw new Refused("manifest-wrong", "bundles");
  const rows = Object.keys(listed).sort(byPoint);
  for (const name of rows) {
    if (!isListed(name, listed[name])) throw new Refused("manifest-wrong", name);
  }
  for (const name of [...members.keys()].sort(byPoint)) {
    const known = rows.includes(name) || name === MANIFEST || name === SIGNATURE;
    if (!known) throw new Refused("unknown-member", name);
  }
  for (const name of [...rows, SIGNATURE].sort(byPoint)) {
    if (!members.has(name)) throw new Refused("missing-member", name);
  }
  for (const name of rows) {
    const [row, body] = [listed[name], members.get(name)];
    const found = bundles.find((each) => each.name === name);
    const fits = hex(await digest(body)) === row.sha256 && body.length === row.size;
    if (!fits || found.case !== row.case || found.version !== row.version) {
      throw new Refused("altered-member", name);
    }
  }
  if (!same(writeZip(members), data)) throw new Refused("not-canonical", tell("zip"));
  return [tell("bundles", rows.length)];
}

async function signedSet(members, bundles, trust) {
  const blob = manifestSignature(members);
  const trusted = [];
  for (const { name } of bundles) {
    try {
      const keys = await statementKeys(new Bundle(members.get(name)), trust);
      trusted.push(...keys.filter((key) => !isAmong(key, trusted)));
    } catch (error) {
      // What is wrong with it is said of the bundle.
      if (!(error instanceof Refused)) throw error;
    }
  }
  return vouchedBy(members, blob, trusted);
}

async function checkOne(data, trust) {
  const isReceipt = data[0] === 0x7b;
  const checks = isReceipt ? OF_RECEIPT : OF_BUNDLE;
  const found = [];
  let held = null;
  try {
    held = isReceipt ? new Receipt(data) : new Bundle(data);
  } catch (error) {
    found.push(failed(Object.keys(checks)[0], error));
  }
  for (const name of Object.keys(checks).slice(found.length)) {
    const unknown = { name, state: "unknown", code: null, told: [] };
    found.push(held ? await one(name, checks[name], held, trust) : unknown);
  }
  const verdict = firstOf(found)?.code ?? "valid";
  return {
    kind: held ? (isReceipt ? "receipt" : "bundle") : "", verdict, status: STATUSES[verdict],
    sha256: hex(await digest(data)), case: held?.case ?? "", version: held?.version ?? 0,
    properties: found, timeline: held ? told(held) : [],
  };
}

// The first property that fails; else the first that cannot be told.
export function firstOf(found) {
  const coded = found.filter((row) => row.code);
  return coded.find((row) => row.state === "fails") ?? coded[0];
}

function told(held) {
  try {
    return timelineOf(held);
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

async function one(name, found, held, trust) {
  try {
    const said_of = await found(held, trust);
    const holds = said_of.some(([words]) => !PROVES_NOTHING.includes(words));
    return { name, state: holds ? "holds" : "none", code: null, told: said_of };
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name, error) {
  if (error instanceof Refused) {
    const state = error instanceof Unsure ? "unknown" : "fails";
    return { name, state, code: error.code, told: error.told };
  }
  return { name, state: "fails", code: "unexpected", told: [tell("as-it-is", error.name)] };
}
