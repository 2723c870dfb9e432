// SPDX-License-Identifier: BSD-2-Clause
// Listeners, the log of requests, and the way from a path to an issuer's endpoint.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';

import { answerWrongly } from './faults.mjs';
import { Issuer } from './issuer.mjs';
import { scenarioNamed, scenarios } from './scenarios.mjs';

const CERTIFICATES = ['good', 'wrong-name', 'cn-only', 'expired', 'not-yet', 'sha1', 'small-key', 'self-signed', 'other-ca'];
const OLD_TLS = { 'tls-1.0': 'TLSv1', 'tls-1.1': 'TLSv1.1' };
const LONG_MS = 600_000;

const issuers = new Map(); // by SCENARIO~TAG
const log = {};
let connections = 0;

function json(res, status, value) {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function issuerFor(key, origin) {
    if (!issuers.has(key)) {
        const settings = scenarioNamed(key.split('~')[0]);
        if (!settings) return undefined;
        issuers.set(key, new Issuer(`${origin}/${key}`, settings));
    }
    return issuers.get(key);
}

function manage(req, res, parts, body, origin) {
    const key = parts[1];
    if (parts[0] === '_scenarios') return json(res, 200, Object.keys(scenarios));
    if (parts[0] === '_log') return json(res, 200, key ? (log[key] ?? []) : log);
    if (parts[0] === '_control' && req.method === 'POST') {
        const issuer = issuerFor(key, origin);
        if (!issuer) return json(res, 404, { error: 'no such scenario' });
        issuer.change(JSON.parse(body));
        return json(res, 200, {});
    }
    if (parts[0] === '_honest' && req.method === 'POST') {
        issuers.set(key, new Issuer(`${origin}/${key}`, { ...scenarioNamed('good'), ...JSON.parse(body) }));
        return json(res, 200, {});
    }
    return json(res, 404, { error: 'nothing here' });
}

function note(req, body, listener, key) {
    const entry = {
        at_ms: Date.now(), method: req.method, path: req.url, headers: req.headers, body,
        form: Object.fromEntries(new URLSearchParams(body)), connection: req.socket.number, listener, note: '',
    };
    (log[key] ??= []).push(entry);
    return entry;
}

// RFC 8414 puts the well-known place before the issuer's path; an issuer may have segments of its own before the
// well-known place of OpenID Connect (a tenant's).
function addressOf(parts) {
    if (parts.slice(0, 2).join('/') === '.well-known/oauth-authorization-server')
        return { key: parts[2], endpoint: 'oauth-discovery' };
    const endpoint = parts.slice(1).join('/');
    const isDiscovery = endpoint.endsWith('.well-known/openid-configuration');
    return { key: parts[0], endpoint: isDiscovery ? 'discovery' : endpoint };
}

async function serve(req, res, listener, scheme) {
    let body = '';
    for await (const chunk of req) body += chunk;
    const origin = `${scheme}://${req.headers.host}`;
    const url = new URL(req.url, origin);
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts[0].startsWith('_')) return manage(req, res, parts, body, origin);
    const { key, endpoint } = addressOf(parts);
    const entry = note(req, body, listener, key);
    const issuer = issuerFor(key, origin);
    if (!issuer) return json(res, 404, { error: 'no such scenario' });
    const answer = issuer.answer(endpoint, entry);
    return answerWrongly(answer.fault, res, answer, issuer.url);
}

function listen(server, port, address = '127.0.0.1') {
    return new Promise((done, failed) => {
        server.on('error', failed);
        server.listen(port, address, () => done(server.address().port));
    });
}

function countConnections(server, event) {
    server.on(event, (socket) => {
        socket.number = ++connections;
        socket.on('error', () => {});
    });
    server.keepAliveTimeout = LONG_MS;
    return server;
}

function handler(name, scheme) {
    return (req, res) => {
        serve(req, res, name, scheme).catch((error) => {
            if (!res.headersSent) json(res, 500, { error: 'fault_of_the_scripted_provider', why: String(error) });
            else res.destroy();
        });
    };
}

// Does the same to every connection as soon as the other side has said something.
function answering(act) {
    return net.createServer((socket) => socket.on('error', () => {}).once('data', () => act(socket)));
}

function certificate(folder, name) {
    return {
        key: readFileSync(path.join(folder, `${name}.key`)),
        cert: readFileSync(path.join(folder, `${name}.crt`)),
    };
}

// Offers a second handshake once the request is there; the answer waits until the other side has had its say.
function renegotiating(req, res, next) {
    req.socket.renegotiate({ rejectUnauthorized: false }, (error) => {
        if (error) res.destroy();
        else next(req, res);
    });
}

// What can be wrong below HTTP beside certificates.
async function startOddities(folder, ports) {
    for (const [name, version] of Object.entries(OLD_TLS)) {
        const tls = { ...certificate(folder, 'good'), minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
        ports[name] = await listen(countConnections(https.createServer(tls, handler(name, 'https')), 'secureConnection'), 0);
    }
    const twelve = { ...certificate(folder, 'good'), maxVersion: 'TLSv1.2' };
    const serve = handler('renegotiating', 'https');
    const again = https.createServer(twelve, (req, res) => renegotiating(req, res, serve));
    ports.renegotiating = await listen(countConnections(again, 'secureConnection'), 0);
    ports['tls-1.2'] = await listen(countConnections(https.createServer(twelve, handler('tls-1.2', 'https')), 'secureConnection'), 0);
}

// `address`: where "good" listens, all others on the loopback.
export async function startServers(folder, firstPort, address) {
    const ports = {};
    for (const name of CERTIFICATES) {
        const tls = { ...certificate(folder, name), ...(['sha1', 'small-key'].includes(name) ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}) };
        const server = countConnections(https.createServer(tls, handler(name, 'https')), 'secureConnection');
        server.on('tlsClientError', () => {});
        ports[name] = name === 'good' ? await listen(server, firstPort, address) : await listen(server, 0);
    }
    await startOddities(folder, ports);
    ports.silent = await listen(net.createServer((socket) => socket.on('error', () => {})), 0);
    ports.closing = await listen(answering((socket) => socket.destroy()), 0);
    ports.resetting = await listen(answering((socket) => socket.resetAndDestroy()), 0);
    ports.plain = await listen(countConnections(http.createServer(handler('plain', 'http')), 'connection'), 0);
    return ports;
}
