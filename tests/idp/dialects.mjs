// SPDX-License-Identifier: BSD-2-Clause
// The vendors' dialects: identity providers in small that answer at their vendors' own host names, with their paths,
// statuses, field names, lifetimes and claims. Whoever runs it leads those names to the loopback (a private hosts file)
// and trusts its certificate. What it answers rests on the vendors' documents as docs/ tells of each; none of it was
// seen at a live service.
//
//   node tests/idp/dialects.mjs --cert FILE --key FILE [--port 443] [--address 127.0.0.1] [--ready FILE] | --names
//
// --names prints the host names, for hosts file and certificate. At every host, besides:
//   POST /_control/VENDOR   settings of dialects/vendor.mjs     POST /_decide/VENDOR   {"user_code", "decision"}
//   POST /_reset/VENDOR     as it was at first                  GET  /_log/VENDOR      requests and what was revoked
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { parseArgs } from 'node:util';

import { Auth0 } from './dialects/auth0.mjs';
import { Authelia } from './dialects/authelia.mjs';
import { Authentik } from './dialects/authentik.mjs';
import { Dex } from './dialects/dex.mjs';
import { Entra, TENANT } from './dialects/entra.mjs';
import { Google } from './dialects/google.mjs';
import { Keycloak } from './dialects/keycloak.mjs';
import { Okta } from './dialects/okta.mjs';
import { Zitadel } from './dialects/zitadel.mjs';

const MAKERS = {
    auth0: () => new Auth0(), okta: () => new Okta('acme.okta.com'), 'okta-default': () => new Okta('acme.okta.com', 'default'),
    'okta-custom': () => new Okta('login.acme.com', 'aus1exampleSERVER5d7'), entra: () => new Entra(TENANT),
    'entra-organizations': () => new Entra('organizations'), google: () => new Google(), keycloak: () => new Keycloak(),
    dex: () => new Dex(), authentik: () => new Authentik(), authelia: () => new Authelia(), zitadel: () => new Zitadel(),
};

const { values: options } = parseArgs({
    options: {
        cert: { type: 'string' }, key: { type: 'string' }, port: { type: 'string', default: '443' }, address: { type: 'string', default: '127.0.0.1' },
        ready: { type: 'string' }, names: { type: 'boolean' },
    },
});

const vendors = {};
const routes = new Map(); // "host/path" to [vendor's name, method]
const logs = {};

function install(name) {
    vendors[name] = MAKERS[name]();
    logs[name] = [];
    for (const [url, method] of vendors[name].routes()) {
        const { host, pathname, search } = new URL(url);
        routes.set(host + pathname + search, [name, method]);
    }
}
Object.keys(MAKERS).forEach(install);

if (options.names) {
    const hosts = [...routes.keys()].map((place) => place.split('/')[0]);
    console.log([...new Set(hosts)].sort().join('\n'));
    process.exit(0);
}

function manage(verb, name, body) {
    if (!vendors[name]) return { status: 404, body: '{"error":"no such vendor"}' };
    if (verb === '_reset') install(name);
    else if (verb === '_control') vendors[name].change(body);
    else if (verb === '_decide' && !vendors[name].decide(body)) return { status: 404, body: '{"error":"no such code"}' };
    return { status: 200, body: JSON.stringify(verb === '_log' ? { requests: logs[name], revoked: vendors[name].revoked } : {}) };
}

// What the query adds for the server (Entra's mkt) does not change the place.
function placeOf(url) {
    return [url.host + url.pathname + url.search, url.host + url.pathname].find((place) => routes.has(place));
}

async function answer(req) {
    let body = '';
    for await (const chunk of req) body += chunk;
    const url = new URL(req.url, `https://${req.headers.host}`);
    const [, verb, managed] = url.pathname.split('/');
    if (verb.startsWith('_')) return manage(verb, managed, body ? JSON.parse(body) : undefined);
    const place = placeOf(url);
    if (!place) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' };
    const [name, method] = routes.get(place);
    const request = {
        at_ms: Date.now(), method, path: url.pathname, query: url.search, headers: req.headers, note: '',
        form: Object.fromEntries(new URLSearchParams(body)),
    };
    logs[name].push(request);
    return vendors[name][method](request);
}

const tls = { cert: readFileSync(options.cert), key: readFileSync(options.key) };
https.createServer(tls, (req, res) => {
    answer(req).catch((error) => ({ status: 500, body: JSON.stringify({ error: 'fault_of_the_dialects', why: String(error.stack) }) }))
        .then(({ status, headers, body }) => res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));
}).listen(Number(options.port), options.address, () => {
    if (options.ready) writeFileSync(options.ready, 'ready\n');
    console.log('ready');
});
process.on('SIGTERM', () => process.exit(0));
