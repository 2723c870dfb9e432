// SPDX-License-Identifier: BSD-2-Clause
// Key sets that a provider should not have. A set is a list of entries, each a name (of KEYS, or owner-KIND of
// tokens.mjs: own-RSA, stranger-P-256) or {from: NAME, set: {member: value}, times: N}; a member of null is left out.
import crypto from 'node:crypto';

import { base64url, pairNamed } from './tokens.mjs';

const BYTE = 8;
const P256_BYTES = 32;

const rsa = (modulusLength, publicExponent = 65537) =>
    crypto.generateKeyPairSync('rsa', { modulusLength, publicExponent });

// A key by its numbers alone: whoever signs with it makes the signature up.
const numbers = (jwk) => ({ jwk });

function oddModulus(bits) {
    const bytes = crypto.randomBytes(bits / BYTE);
    bytes[0] |= 0x80;
    bytes[bytes.length - 1] |= 1;
    return base64url(bytes);
}

function ownWith(kind, changes) {
    const jwk = pairNamed(`own-${kind}`).publicKey.export({ format: 'jwk' });
    return numbers({ ...jwk, ...changes(jwk) });
}

function offCurve(jwk) {
    const y = Buffer.from(jwk.y, 'base64url');
    y[y.length - 1] ^= 1;
    return { y: base64url(y) };
}

const smallOrder = (first) => {
    const x = Buffer.alloc(32);
    x[0] = first;
    return numbers({ kty: 'OKP', crv: 'Ed25519', x: base64url(x) });
};

const KEYS = {
    rsa512: () => rsa(512),
    rsa1024: () => rsa(1024),
    rsa2047: () => rsa(2047),
    rsa3: () => rsa(2048, 3),
    'e-one': () => ownWith('RSA', () => ({ e: 'AQ' })),
    'e-even': () => ownWith('RSA', () => ({ e: 'AQAC' })),
    'e-zero': () => ownWith('RSA', () => ({ e: 'AA' })),
    'e-huge': () => ownWith('RSA', (jwk) => ({ e: jwk.n })),
    'n-even': () => ownWith('RSA', (jwk) => ({ n: `${jwk.n.slice(0, -1)}A` })),
    'n-16k': () => numbers({ kty: 'RSA', n: oddModulus(16384), e: 'AQAB' }),
    'n-megabit': () => numbers({ kty: 'RSA', n: oddModulus(1 << 20), e: 'AQAB' }),
    'n-padded': () => ownWith('RSA', (jwk) => ({ n: base64url(Buffer.concat([Buffer.alloc(1), Buffer.from(jwk.n, 'base64url')])) })),
    'n-number': () => ownWith('RSA', () => ({ n: 65537 })),
    'ec-off-curve': () => ownWith('P-256', offCurve),
    'ec-infinity': () => ownWith('P-256', () => ({ x: base64url(Buffer.alloc(P256_BYTES)), y: base64url(Buffer.alloc(P256_BYTES)) })),
    'ec-short': () => ownWith('P-256', (jwk) => ({ x: base64url(Buffer.from(jwk.x, 'base64url').subarray(1)) })),
    'ec-other-curve': () => ownWith('P-256', () => ({ crv: 'P-384' })),
    'ec-secp256k1': () => crypto.generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    'ed-small-order-0': () => smallOrder(0),
    'ed-small-order-1': () => smallOrder(1),
    ed448: () => crypto.generateKeyPairSync('ed448'),
    'ed448-zero': () => numbers({ kty: 'OKP', crv: 'Ed448', x: base64url(Buffer.alloc(57)) }),
    oct: () => numbers({ kty: 'oct', k: base64url('a secret that all may read') }),
    private: () => numbers(pairNamed('own-RSA').privateKey.export({ format: 'jwk' })),
};

const made = new Map();

// {publicKey, privateKey} or {jwk}
export function keyNamed(name) {
    if (!Object.hasOwn(KEYS, name)) return pairNamed(name);
    if (!made.has(name)) made.set(name, KEYS[name]());
    return made.get(name);
}

function jwkOf(entry) {
    const { from, set = {} } = typeof entry === 'string' ? { from: entry } : entry;
    const key = keyNamed(from);
    const jwk = { kid: from, use: 'sig', ...(key.jwk ?? key.publicKey.export({ format: 'jwk' })), ...set };
    for (const member of Object.keys(jwk)) if (jwk[member] === null) delete jwk[member];
    return jwk;
}

export function keySetOf(entries) {
    return { keys: entries.flatMap((entry) => Array(entry.times ?? 1).fill().map(() => jwkOf(entry))) };
}
