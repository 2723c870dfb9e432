// SPDX-License-Identifier: BSD-2-Clause
// Ways to answer wrongly. Each takes the response, the answer that would be right ({status, headers, body}) and
// the issuer's URL. Every fault is offered for every endpoint: see scenarios.mjs.
import { brotliCompressSync, gzipSync } from 'node:zlib';

const SLOW_MS = 10_000;
const HUGE_BYTES = 100 * 1024 * 1024;
const GIB = 1024 * 1024 * 1024;
const MILLION = 1_000_000;
const SMALL_CHUNKS = 200; // at a time
const PIECE = Buffer.alloc(64 * 1024, 'a');

function right(res, answer) {
    const headers = { 'content-type': 'application/json', ...answer.headers };
    res.writeHead(answer.status, headers).end(answer.body);
}

function text(res, status, type, body, headers = {}) {
    res.writeHead(status, { 'content-type': type, ...headers }).end(body);
}

// Writes until the other side has had enough.
function pour(res, piece, bytes) {
    let left = bytes;
    const more = () => {
        while (left > 0 && !res.destroyed) {
            left -= piece.length;
            if (!res.write(piece)) return void res.once('drain', more);
        }
        res.end();
    };
    more();
}

// Straight onto the connection: what node would not say.
function raw(res, headers, body) {
    const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...headers].join('\r\n');
    res.socket.write(`${head}\r\n\r\n`);
    res.socket.end(body);
}

function repeat(res, ms, step) {
    const timer = setInterval(step, ms);
    res.socket.on('close', () => clearInterval(timer));
}

function formEncoded(res, answer) {
    const body = new URLSearchParams(JSON.parse(answer.body)).toString();
    res.writeHead(answer.status, { 'content-type': 'application/x-www-form-urlencoded' }).end(body);
}

function redirect(status) {
    return (res, answer, issuer) => {
        res.writeHead(status, { location: `${issuer}/elsewhere` }).end();
    };
}

export const faults = {
    slow: (res, answer) => setTimeout(() => right(res, answer), SLOW_MS),
    'html-502': (res) => text(res, 502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>'),
    'html-200': (res) => text(res, 200, 'text/html', '<html><body>Welcome to our Wi-Fi!</body></html>'),
    'status-404': (res) => text(res, 404, 'text/plain', 'not here'),
    'status-429': (res) => text(res, 429, 'application/json', '{"error":"slow_down"}', { 'retry-after': '1' }),
    'status-500': (res) => text(res, 500, 'application/json', '{"error":"server_error"}'),
    huge: (res) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': HUGE_BYTES });
        pour(res, PIECE, HUGE_BYTES);
    },
    'huge-chunked': (res) => {
        res.writeHead(200, { 'content-type': 'application/json' });
        pour(res, PIECE, HUGE_BYTES);
    },
    brackets: (res) => text(res, 200, 'application/json', '['.repeat(1024 * 1024 - 1)),
    nested: (res) => text(res, 200, 'application/json', '{"a":'.repeat(100_000)),
    malformed: (res, answer) => text(res, 200, 'application/json', answer.body.replace(':', ';')),
    'truncated-json': (res, answer) => text(res, 200, 'application/json', answer.body.slice(0, -2)),
    'repeated-member': (res, answer) =>
        text(res, 200, 'application/json', answer.body.replace(/^\{("[^"]*"):/, '{$1:"twice",$1:')),
    'form-encoded': formEncoded,
    'form-encoded-unless-asked': (res, answer) =>
        (res.req.headers.accept === 'application/json' ? right : formEncoded)(res, answer),
    array: (res, answer) => text(res, 200, 'application/json', `[${answer.body}]`),
    empty: (res) => text(res, 200, 'application/json', ''),
    gzip: (res, answer) =>
        text(res, 200, 'application/json', gzipSync(answer.body), { 'content-encoding': 'gzip' }),
    chunked: (res, answer) => {
        res.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        for (const byte of answer.body) res.write(byte);
        res.end();
    },
    cut: (res, answer) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.body.length + 10 });
        res.write(answer.body, () => res.destroy());
    },
    'cut-unsized': (res, answer) => {
        res.useChunkedEncodingByDefault = false;
        res.removeHeader('transfer-encoding');
        res.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
        res.write(answer.body.slice(0, 10), () => res.destroy());
    },
    drip: (res, answer) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.body.length });
        let at = 0;
        repeat(res, 1000, () => res.write(answer.body[at++]));
    },
    'endless-headers': (res) => {
        res.socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n');
        repeat(res, 5, () => res.socket.write('x-more: and more\r\n'.repeat(1000)));
    },
    'big-header': (res) => {
        res.socket.write('HTTP/1.1 200 OK\r\nx-big: ');
        repeat(res, 5, () => res.socket.write(PIECE));
    },
    'endless-interim': (res) =>
        repeat(res, 5, () => res.socket.write('HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n'.repeat(500))),
    br: (res, answer) =>
        text(res, 200, 'application/json', brotliCompressSync(answer.body), { 'content-encoding': 'br' }),
    // The right bytes, and the word that they are something else.
    'gzip-said': (res, answer) => text(res, 200, 'application/json', answer.body, { 'content-encoding': 'gzip' }),
    gib: (res) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': GIB });
        pour(res, PIECE, GIB);
    },
    'small-chunks': (res) => {
        res.writeHead(200, { 'content-type': 'application/json' });
        repeat(res, 2, () => {
            for (let i = 0; i < SMALL_CHUNKS; i++) res.write('{"a":'.repeat(20));
        });
    },
    'million-members': (res) =>
        text(res, 200, 'application/json', `{${Array(MILLION).fill().map((_, i) => `"${i}":0`).join()}}`),
    'many-members': (res) =>
        text(res, 200, 'application/json', `{${Array(100_000).fill().map((_, i) => `"${i}":0`).join()}}`),
    'million-headers': (res) => {
        res.socket.write('HTTP/1.1 200 OK\r\n');
        pour(res.socket, Buffer.from('a: b\r\n'.repeat(10_000)), MILLION * 6);
    },
    'length-short': (res, answer) => raw(res, [`Content-Length: ${answer.body.length >> 1}`], answer.body),
    'length-long': (res, answer) => raw(res, [`Content-Length: ${answer.body.length + 1}`], answer.body),
    'length-negative': (res, answer) => raw(res, ['Content-Length: -1'], answer.body),
    'length-word': (res, answer) => raw(res, ['Content-Length: many'], answer.body),
    'chunk-huge': (res, answer) => raw(res, ['Transfer-Encoding: chunked'], `ffffffffffffffff\r\n${answer.body}`),
    'chunk-word': (res, answer) => raw(res, ['Transfer-Encoding: chunked'], `zz\r\n${answer.body}\r\n0\r\n\r\n`),
    'no-status-line': (res, answer) => res.socket.end(answer.body),
    'status-letters': (res, answer) => res.socket.end(`HTTP/1.1 abc OK\r\n\r\n${answer.body}`),
    'status-999': (res, answer) => res.socket.end(`HTTP/1.1 999 What\r\nContent-Length: ${answer.body.length}\r\n\r\n${answer.body}`),
    'header-nul': (res, answer) => raw(res, [`X-A: a\0b`, `Content-Length: ${answer.body.length}`], answer.body),
    switching: (res, answer) => res.socket.end(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n${answer.body}`),
    // The right answer, and behind it one that nobody asked for yet.
    'answer-ahead': (res, answer) => {
        const ahead = '{"error":"access_denied"}';
        raw(res, [`Content-Length: ${answer.body.length}`],
            `${answer.body}HTTP/1.1 400 Bad Request\r\nContent-Length: ${ahead.length}\r\n\r\n${ahead}`);
    },
    silent: () => {},
    close: (res) => res.socket.destroy(),
    'not-http': (res) => res.socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'),
    'redirect-301': redirect(301),
    'redirect-302': redirect(302),
    'redirect-303': redirect(303),
    'redirect-307': redirect(307),
    'redirect-308': redirect(308),
};

export function answerWrongly(fault, res, answer, issuer) {
    (fault ? faults[fault] : right)(res, answer, issuer);
}
