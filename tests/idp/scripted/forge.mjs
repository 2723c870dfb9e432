// SPDX-License-Identifier: BSD-2-Clause
// ID tokens signed, mis-signed and misshapen. Of a scenario's settings it reads:
//
//   alg, header, signature       signature: good (default), broken, stranger (a key that is not in the set, under the
//                                kid that is), none, empty, hs256, or one of HMAC_KEYS or ODD_SIGNATURES
//   signer                       the name of another key (keyring.mjs) that signs, under its own kid
//   headerEdits, payloadEdits    [[from, to], …] in the JSON that is signed, for what no object can say
//   headerEncoding               utf16le, bom, or latin1
//   shape                        one of SHAPES, done to the finished token
import crypto from 'node:crypto';

import { keyNamed } from './keyring.mjs';
import { base64url, pairFor, signBytes } from './tokens.mjs';

const DOTS = 1_000_000;
const LONGEST_SIGNATURE = 2048;

const own = (alg) => pairFor(alg === 'none' || alg.startsWith('HS') ? 'RS256' : alg, 'own').publicKey;
const pem = (alg) => own(alg).export({ type: 'spki', format: 'pem' });

// What somebody may believe to be the shared secret (CVE-2015-9235 and its kin).
const HMAC_KEYS = {
    hs256: (settings) => settings.client?.secret ?? 'secret',
    'hmac-pem': ({ alg }) => pem(alg),
    'hmac-pem-bare': ({ alg }) => pem(alg).trimEnd(),
    'hmac-pem-pkcs1': ({ alg }) => own(alg).export({ type: 'pkcs1', format: 'pem' }),
    'hmac-der': ({ alg }) => own(alg).export({ type: 'spki', format: 'der' }),
    'hmac-n': ({ alg }) => Buffer.from(own(alg).export({ format: 'jwk' }).n, 'base64url'),
    'hmac-jwk': ({ alg }) => JSON.stringify(own(alg).export({ format: 'jwk' })),
    'hmac-empty': () => '',
    'hmac-oct': () => 'a secret that all may read',
};

const flip = (part) => {
    const bytes = Buffer.from(part, 'base64url');
    bytes[bytes.length >> 1] ^= 1;
    return base64url(bytes);
};

const resigned = (change) => ([head, payload, signature]) =>
    `${head}.${payload}.${base64url(change(Buffer.from(signature, 'base64url')))}`;

const SHAPES = {
    'two-parts': ([head, payload]) => `${head}.${payload}`,
    'no-signature': ([head, payload]) => `${head}.${payload}.`,
    'no-payload': ([head, , signature]) => `${head}..${signature}`,
    'no-header': ([, payload, signature]) => `.${payload}.${signature}`,
    'four-parts': (parts) => [...parts, parts[2]].join('.'),
    'five-parts': ([head, payload, signature]) => [head, payload, signature, payload, signature].join('.'),
    'six-parts': (parts) => [...parts, ...parts].join('.'),
    'no-dots': ([head]) => head,
    dots: () => '.'.repeat(DOTS),
    'few-dots': () => '.'.repeat(50_000),
    padded: ([head, payload, signature]) => `${head}.${payload}.${signature}==`,
    'line-break': (parts) => `${parts.join('.')}\n`,
    'space-inside': ([head, payload, signature]) => `${head} .${payload}.${signature}`,
    base64: ([head, payload, signature]) => `${head}.${payload}.${Buffer.from(signature, 'base64url').toString('base64')}`,
    'header-recased': ([head, payload, signature]) =>
        `${base64url(Buffer.from(head, 'base64url').toString().replace('"JWT"', '"jwt"'))}.${payload}.${signature}`,
    'payload-flipped': ([head, payload, signature]) => `${head}.${flip(payload)}.${signature}`,
    'signature-flipped': ([head, payload, signature]) => `${head}.${payload}.${flip(signature)}`,
    'signature-short': resigned((bytes) => bytes.subarray(1)),
    'signature-long': resigned((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
    'signature-zero': resigned((bytes) => Buffer.alloc(bytes.length)),
    flattened: ([protectedHeader, payload, signature]) =>
        JSON.stringify({ protected: protectedHeader, payload, signature }),
    general: ([protectedHeader, payload, signature]) =>
        JSON.stringify({ payload, signatures: [{ protected: protectedHeader, signature }] }),
    huge: ([head, payload, signature]) => `${head}.${payload}.${signature}${'A'.repeat(200_000)}`,
};

function encoded(text, encoding) {
    if (encoding === 'utf16le') return Buffer.from(text, 'utf16le');
    if (encoding === 'bom') return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
    if (encoding === 'latin1') return Buffer.from(text, 'latin1');
    return Buffer.from(text);
}

export function edited(text, edits = []) {
    return edits.reduce((whole, [from, to]) => whole.replace(from, () => to), text);
}

// What "s to the power of 1" must be: the padded hash itself.
function paddedHash(signed, bytes) {
    const info = Buffer.from('3031300d060960864801650304020105000420', 'hex');
    const end = Buffer.concat([info, crypto.createHash('sha256').update(signed).digest()]);
    return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(bytes - end.length - 3, 0xff), Buffer.alloc(1), end]);
}

// Under a key of small order R = the neutral point and S = 0 fit every message.
function neutralSignature() {
    const bytes = Buffer.alloc(64);
    bytes[0] = 1;
    return bytes;
}

function madeUp(jwk, signed) {
    if (jwk.kty === 'OKP') return neutralSignature();
    const modulus = jwk.kty === 'RSA' && typeof jwk.n === 'string' ? Buffer.from(jwk.n, 'base64url').length : 64;
    const bytes = Math.min(modulus, LONGEST_SIGNATURE);
    return jwk.e === 'AQ' ? paddedHash(signed, bytes) : crypto.randomBytes(bytes);
}

// By the right key, and not as RFC 7518 has it.
const PSS = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING };
const ODD_SIGNATURES = {
    'no-salt': (signed, key) => crypto.sign('sha256', signed, { key, ...PSS, saltLength: 0 }),
    'long-salt': (signed, key) => crypto.sign('sha256', signed, { key, ...PSS, saltLength: 64 }),
    der: (signed, key) => crypto.sign('sha256', signed, { key, dsaEncoding: 'der' }),
};

function signatureOf(signed, settings, header) {
    const { alg, signature, signer } = settings;
    if (signature === 'none' || signature === 'empty') return Buffer.alloc(0);
    if (HMAC_KEYS[signature]) return crypto.createHmac('sha256', HMAC_KEYS[signature](settings)).update(signed).digest();
    const key = signer ? keyNamed(signer) : pairFor(alg, signature === 'stranger' ? 'stranger' : 'own');
    if (key.jwk && !key.privateKey) return madeUp(key.jwk, signed);
    if (ODD_SIGNATURES[signature]) return ODD_SIGNATURES[signature](Buffer.from(signed), key.privateKey);
    return signBytes(settings.signAs ?? (header.alg === 'ES256K' ? 'ES256' : alg), Buffer.from(signed), key.privateKey);
}

const headerAlg = ({ alg, signature }) =>
    signature === 'none' ? 'none' : HMAC_KEYS[signature] ? 'HS256' : alg;

export function forge(claims, settings) {
    const kid = settings.signer ?? pairFor(settings.alg, 'own').kid;
    const header = { alg: headerAlg(settings), typ: 'JWT', kid, ...settings.header };
    for (const name of Object.keys(header)) if (header[name] === null) delete header[name];
    const head = base64url(encoded(edited(JSON.stringify(header), settings.headerEdits), settings.headerEncoding));
    const payload = base64url(encoded(edited(JSON.stringify(claims), settings.payloadEdits), settings.payloadEncoding));
    const bytes = signatureOf(`${head}.${payload}`, settings, header);
    if (settings.signature === 'broken') bytes[bytes.length - 1] ^= 1;
    const parts = [head, payload, base64url(bytes)];
    return settings.shape ? SHAPES[settings.shape](parts) : parts.join('.');
}
