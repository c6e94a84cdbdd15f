// Reads bundles from stdin, each after its length in 4 bytes; answers one JSON line each.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, about] = process.argv.slice(2);
const { STATUSES, check, parseCertificate, parseKey } = await import(pathToFileURL(module));
const given = JSON.parse(readFileSync(about));
const asked = {
  keys: await Promise.all(given.log.map(parseKey)),
  witnesses: await Promise.all(given.witnesses.map(parseKey)),
  quorum: given.quorum,
  statementKeys: await Promise.all((given.statements ?? []).map(parseKey)),
  stampers: (given.tsa ?? []).map(parseCertificate),
};
process.stdout.write(`${JSON.stringify(STATUSES)}\n`);

let waiting = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  waiting = Buffer.concat([waiting, chunk]);
  while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32LE(0)) {
    const end = 4 + waiting.readUInt32LE(0);
    const report = await check(new Uint8Array(waiting.subarray(4, end)), asked);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    waiting = waiting.subarray(end);
  }
}
