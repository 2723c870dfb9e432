// SPDX-License-Identifier: BSD-2-Clause
// Does a request come from the client that a scenario registered? Judged as strictly as the standards allow:
// a proof in a second place, a used jti, an audience or a time that is off are refusals.
import crypto from 'node:crypto';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_LIFE_MAX_S = 120;
const JTI_LENGTH_MIN = 22; // 128 bits in base64url
const KEY_TYPES = { RS256: 'rsa', PS256: 'rsa', ES256: 'ec' };

function basicProof(entry) {
    const [kind, proof] = (entry.headers.authorization ?? '').split(' ');
    return kind === 'Basic' ? Buffer.from(proof, 'base64').toString() : '';
}

function formDecoded(text) {
    try {
        return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
        return undefined; // a raw % is no form encoding
    }
}

function basicIsRight(client, proof) {
    if (client.spelling === 'raw') return proof === `${client.id}:${client.secret}`;
    const halves = proof.split(':').map(formDecoded);
    return halves.length === 2 && halves[0] === client.id && halves[1] === client.secret;
}

function signatureIsRight(alg, signed, signature, publicKey) {
    const key = crypto.createPublicKey(publicKey);
    if (key.asymmetricKeyType !== KEY_TYPES[alg]) return false;
    const options = { key };
    if (alg === 'ES256') options.dsaEncoding = 'ieee-p1363';
    if (alg === 'PS256') {
        options.padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
        options.saltLength = crypto.constants.RSA_PSS_SALTLEN_DIGEST;
    }
    return crypto.verify('sha256', Buffer.from(signed), options, Buffer.from(signature, 'base64url'));
}

const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

// '', or what is wrong.
function faultOfAssertion(client, form, used) {
    const parts = (form.client_assertion ?? '').split('.');
    if (form.client_assertion_type !== ASSERTION_TYPE || parts.length !== 3) return 'no assertion';
    const [header, claims] = [decoded(parts[0]), decoded(parts[1])];
    const now = Date.now() / 1000;
    if (header.alg !== client.alg || header.typ !== 'JWT') return `alg ${header.alg}`;
    if (header.kid !== client.kid) return `kid ${header.kid}`;
    if (!signatureIsRight(header.alg, `${parts[0]}.${parts[1]}`, parts[2], client.publicKey)) return 'signature';
    if (claims.iss !== client.id || claims.sub !== client.id) return 'iss or sub';
    if (claims.aud !== client.audience) return `aud ${claims.aud}`;
    if (!(claims.exp > now && claims.exp <= claims.iat + ASSERTION_LIFE_MAX_S && claims.iat <= now)) return 'times';
    if (typeof claims.jti !== 'string' || claims.jti.length < JTI_LENGTH_MIN || used.has(claims.jti)) return 'jti';
    used.add(claims.jti);
    return '';
}

// '', or why this client is refused.
export function faultOfClient(client, entry, used) {
    const { form } = entry;
    const basic = basicProof(entry);
    const inForm = form.client_secret !== undefined;
    if (client.method !== 'private_key_jwt' && form.client_assertion !== undefined) return 'an assertion';
    if (client.method === 'basic') return !inForm && basicIsRight(client, basic) ? '' : 'basic';
    if (basic || form.client_id !== client.id) return 'not this way';
    if (client.method === 'post') return form.client_secret === client.secret ? '' : 'post';
    if (inForm) return 'a secret';
    return client.method === 'private_key_jwt' ? faultOfAssertion(client, form, used) : '';
}
