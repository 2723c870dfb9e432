// SPDX-License-Identifier: BSD-2-Clause
// Keys made at start (one of each kind, and one stranger for each), and ID tokens signed or mis-signed with them.
import crypto from 'node:crypto';

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };
const pairs = new Map();

function generate(kind) {
    if (kind === 'RSA') return crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    if (kind === 'Ed25519') return crypto.generateKeyPairSync('ed25519');
    return crypto.generateKeyPairSync('ec', { namedCurve: kind });
}

function kindOf(alg) {
    if (CURVES[alg]) return CURVES[alg];
    return alg === 'EdDSA' || alg === 'Ed25519' ? 'Ed25519' : 'RSA';
}

// OWNER-KIND, made when it is first asked for.
export function pairNamed(name) {
    if (!pairs.has(name)) pairs.set(name, generate(name.slice(name.indexOf('-') + 1)));
    return { kid: name, ...pairs.get(name) };
}

export function pairFor(alg, owner) {
    return pairNamed(`${owner}-${kindOf(alg)}`);
}

// The key set: the key that signs `alg`, or, for a provider that is about to rotate, the one it had before.
export function keySet(alg, owner = 'own') {
    const { kid, publicKey } = pairFor(alg, owner);
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }] };
}

export const base64url = (value) => Buffer.from(value).toString('base64url');

export function signBytes(alg, data, key) {
    const hash = `sha${alg.slice(2)}`;
    if (CURVES[alg]) return crypto.sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
    if (alg === 'EdDSA' || alg === 'Ed25519') return crypto.sign(null, data, key);
    if (!alg.startsWith('PS')) return crypto.sign(hash, data, key);
    return crypto.sign(hash, data, {
        key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: crypto.constants.RSA_PSS_SALTLEN_DIGEST,
    });
}

export function halfHash(alg, text) {
    const bits = alg === 'EdDSA' || alg === 'Ed25519' ? '512' : alg.slice(2);
    const hash = crypto.createHash(`sha${bits}`).update(text).digest();
    return base64url(hash.subarray(0, hash.length / 2));
}

export function challengeOf(verifier) {
    return base64url(crypto.createHash('sha256').update(verifier).digest());
}

export function randomText(bytes) {
    return base64url(crypto.randomBytes(bytes));
}
