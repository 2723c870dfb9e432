// SPDX-License-Identifier: BSD-2-Clause
// The hostile provider: an OpenID provider on the loopback interface that misbehaves as told.
//
//   node tests/idp/scripted.mjs --certs FOLDER [--ready FILE] [--port N] [--address A] [--scenarios FILE.json]
//
// FOLDER is made by tests/idp/make_certs. There is one https listener for each certificate (all on 127.0.0.1,
// same behaviour), one that accepts and says nothing ("silent"), two that end a connection in the middle of its
// handshake ("closing", "resetting"), and one without TLS ("plain"). When all listen,
// FILE appears and one line is printed, both with {"pid":…,"ports":{"good":N,"wrong-name":N,…,"silent":N}}.
// --port fixes the port of "good", --address where it listens; all others are free ones on the loopback. SIGTERM ends it.
//
// Issuer: https://localhost:PORT/SCENARIO or …/SCENARIO~TAG. Each SCENARIO~TAG has a state and a log of its own,
// so that tests can run side by side. Scenarios are named in scripted/scenarios.mjs (which says what a scenario
// may set); a JSON file given by --scenarios adds more: {"name": {settings}}.
//
//   GET  /_scenarios         the names
//   GET  /_log               {"SCENARIO~TAG": [request, …], …}, and with /_log/SCENARIO~TAG one list:
//                            {at_ms, method, path, headers, body, form, connection, listener, note}; `connection`
//                            numbers the TCP/TLS connections, `note` says what the provider thought of it
//   POST /_control/SCENARIO~TAG   JSON settings merged into this one's scenario from now on, for example
//                            {"claims": {"sub": "ana", "email": "ana@acme.com"}}, {"alg": "ES256"}, or, for a
//                            scenario with approve: "manual", {"decision": "approve"} or {"decision": "deny"}
//   POST /_honest/SCENARIO~TAG    JSON settings: from now on this one behaves well, but for these
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { scenarios } from './scripted/scenarios.mjs';
import { startServers } from './scripted/server.mjs';

const { values: options } = parseArgs({
    options: {
        certs: { type: 'string' },
        ready: { type: 'string' },
        port: { type: 'string', default: '0' },
        address: { type: 'string', default: '127.0.0.1' },
        scenarios: { type: 'string' },
    },
});
if (!options.certs) {
    console.error('usage: scripted.mjs --certs FOLDER [--ready FILE] [--port N] [--scenarios FILE.json]');
    process.exit(2);
}
if (options.scenarios) Object.assign(scenarios, JSON.parse(readFileSync(options.scenarios, 'utf8')));

const ports = await startServers(options.certs, Number(options.port), options.address);
const ready = JSON.stringify({ pid: process.pid, ports });
if (options.ready) {
    writeFileSync(`${options.ready}.new`, ready);
    renameSync(`${options.ready}.new`, options.ready);
}
console.log(ready);
process.on('SIGTERM', () => process.exit(0));
