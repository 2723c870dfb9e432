// SPDX-License-Identifier: BSD-2-Clause
// One issuer: a well-behaved provider in small, bent by the settings of its scenario (see scenarios.mjs).
import { faultOfClient } from './client.mjs';
import { edited, forge } from './forge.mjs';
import { keySetOf } from './keyring.mjs';
import { challengeOf, halfHash, keySet, randomText } from './tokens.mjs';

const EARLY_STEP_S = 5;
const TOKEN_LIFE_S = 300;

// Members of `changes` replace those of `base`; null removes one.
function overlay(base, changes = {}) {
    const result = { ...base, ...changes };
    for (const name of Object.keys(changes)) if (changes[name] === null) delete result[name];
    return result;
}

// "NOW-60": a time by the clock at the moment of answering.
function timed(claims) {
    const now = Math.floor(Date.now() / 1000);
    for (const [name, value] of Object.entries(claims)) {
        const match = /^NOW([+-]\d+)$/.exec(value);
        if (match) claims[name] = now + Number(match[1]);
    }
    return claims;
}

const good = (value, headers = {}) => ({ status: 200, headers, body: JSON.stringify(value) });
const refused = (status, error, more = {}) => ({ status, headers: {}, body: JSON.stringify({ error, ...more }) });

// What one entry of `polls` says: a word, a status, or {error, status, …}.
function spelled(entry) {
    const words = {
        pending: [400, 'authorization_pending'], 'pending-200': [200, 'authorization_pending'],
        'pending-403': [403, 'authorization_pending'], 'pending-428': [428, 'authorization_pending'],
        slow_down: [400, 'slow_down'], denied: [403, 'access_denied'], declined: [400, 'authorization_declined'],
        expired: [400, 'expired_token'], invalid_grant: [400, 'invalid_grant'],
    };
    if (typeof entry === 'number') {
        const headers = { 'content-type': 'text/html', ...(entry === 429 ? { 'retry-after': '1' } : {}) };
        return { status: entry, headers, body: `<html><h1>${entry}</h1></html>` };
    }
    if (typeof entry === 'string') return refused(...words[entry]);
    const { status = 400, error, fault, ...more } = entry;
    return { ...refused(status, error, more), fault };
}

export class Issuer {
    constructor(url, settings) {
        this.url = url;
        this.settings = structuredClone(settings);
        this.grants = new Map();
        this.accessTokens = new Map();
        this.assertionsUsed = new Set();
        this.keysAsked = 0;
    }

    change(changes) {
        for (const [name, value] of Object.entries(changes)) {
            const plain = value && typeof value === 'object' && !Array.isArray(value);
            this.settings[name] = plain ? { ...this.settings[name], ...value } : value;
        }
    }

    answer(endpoint, entry) {
        const method = { discovery: 'discovery', 'oauth-discovery': this.settings.oauthDiscovery, device: 'device', token: 'token', keys: 'keys',
                         userinfo: 'userinfo', revoke: 'revoke', activate: 'activate' }[endpoint];
        const right = method ? this[method](entry) : { status: 404, headers: {}, body: '{}' };
        const answer = this.bent(endpoint, right);
        const fault = answer.fault ?? this.settings.faults?.[endpoint];
        entry.note ||= fault ?? '';
        return { ...answer, fault };
    }

    // Lies that no object can tell: `edits` replace text of the body, `answers` replace status, headers or body.
    bent(endpoint, answer) {
        const { edits = {}, answers = {} } = this.settings;
        if (!edits[endpoint] && !answers[endpoint]) return answer;
        const { status, headers, body, encoding = 'utf8', repeat } = this.fill(answers[endpoint]);
        const text = edited(body ?? answer.body, this.fill(edits[endpoint] ?? []));
        const whole = repeat ? repeat.before + repeat.piece.repeat(repeat.times) + repeat.after : text;
        const bytes = Buffer.from(whole, encoding === 'bom' ? 'utf8' : encoding);
        return {
            ...answer, status: status ?? answer.status, headers: { ...answer.headers, ...headers },
            body: encoding === 'bom' ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) : bytes,
        };
    }

    discovery() {
        const document = {
            issuer: this.url,
            authorization_endpoint: `${this.url}/authorize`,
            device_authorization_endpoint: `${this.url}/device`,
            token_endpoint: `${this.url}/token`,
            jwks_uri: `${this.url}/keys`,
            userinfo_endpoint: `${this.url}/userinfo`,
            revocation_endpoint: `${this.url}/revoke`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: [this.settings.alg],
            code_challenge_methods_supported: ['S256'],
        };
        return good(overlay(document, this.fill(this.settings.discovery)), this.cacheHeaders());
    }

    // In settings, ISSUER stands for this issuer's URL, ORIGIN for that of the whole provider, AT(host) for this issuer's
    // at another host of the same port.
    fill(settings = {}) {
        const { origin, port, pathname } = new URL(this.url);
        const text = JSON.stringify(settings).replaceAll('ISSUER', this.url).replaceAll('ORIGIN', origin);
        return JSON.parse(text.replace(/AT\(([^)]+)\)/g, `https://$1:${port}${pathname}`));
    }

    cacheHeaders() {
        return this.settings.cache ? { 'cache-control': this.settings.cache } : {};
    }

    keys() {
        if (this.settings.keySet) return good(keySetOf(this.settings.keySet), this.cacheHeaders());
        const owner = this.settings.rotates && this.keysAsked++ === 0 ? 'former' : 'own';
        return good(this.settings.keys ?? keySet(this.settings.alg, owner), this.cacheHeaders());
    }

    // undefined, or the refusal.
    checkClient(entry, endpoint) {
        const client = this.fill(this.settings.client);
        if (!client.method || !(client.at ?? [endpoint]).includes(endpoint)) return undefined;
        const fault = faultOfClient(client, entry, this.assertionsUsed);
        entry.note = fault && `client refused: ${fault}`;
        if (!fault) return undefined;
        if (client.refusal) return { status: client.refusal, headers: {}, body: '' };
        return refused(client.status ?? 401, 'invalid_client', { error_description: 'AADSTS7000218: who are you?\u001b[2J' });
    }

    device(entry) {
        const refusal = this.checkClient(entry, 'device');
        if (refusal) return refusal;
        if (this.settings.pkce === 'unknown' && entry.form.code_challenge !== undefined)
            return refused(400, 'invalid_request', { error_description: 'Unknown parameter: code_challenge' });
        if (this.settings.pkce === 'required' && entry.form.code_challenge_method !== 'S256')
            return refused(400, 'invalid_request', { error_description: 'Missing parameter: code_challenge_method' });
        const device_code = randomText(32);
        const user_code = 'WDJB-MJHT';
        const answer = overlay({
            device_code, user_code, verification_uri: `${this.url}/activate`,
            verification_uri_complete: `${this.url}/activate?user_code=${user_code}`, expires_in: 60, interval: 1,
        }, this.fill(this.settings.device));
        this.grants.set(answer.device_code, {
            form: entry.form, polls: 0, early: 0, last: Date.now(), issued: Date.now(),
            life_ms: Number(answer.expires_in) * 1000, interval_s: Number(answer.interval ?? 5),
        });
        return good(answer, { 'cache-control': 'no-store' });
    }

    token(entry) {
        const refusal = this.checkClient(entry, 'token');
        const grant = this.grants.get(entry.form.device_code);
        const now = Date.now();
        if (refusal) return refusal;
        if (!grant || grant.ended) return refused(400, 'invalid_grant');
        const early = now - grant.last < grant.interval_s * 1000;
        grant.last = now;
        if (now - grant.issued > grant.life_ms) {
            grant.ended = true;
            return refused(400, 'expired_token');
        }
        if (early && this.settings.strict) {
            grant.interval_s += EARLY_STEP_S;
            entry.note = 'early';
            return refused(400, 'slow_down');
        }
        return this.judge(grant, entry);
    }

    judge(grant, entry) {
        const { polls = [], forever, approve, decision } = this.settings;
        const next = polls[grant.polls++] ?? forever;
        const challenge = grant.form.code_challenge;
        if (next === 'slow_down') grant.interval_s += EARLY_STEP_S;
        if (next !== undefined) return spelled(next);
        if (approve === 'manual' && !decision) return spelled('pending');
        grant.ended = true;
        if (decision === 'deny') return spelled('denied');
        if (challenge && challengeOf(entry.form.code_verifier ?? '') !== challenge) return refused(400, 'invalid_grant');
        return good(this.tokens(grant), { 'cache-control': 'no-store' });
    }

    person() {
        return { sub: 'user-1', name: 'Ana Gomes', preferred_username: 'ana', email: 'ana@acme.com', email_verified: true };
    }

    tokens(grant) {
        const { alg, claims, token, thin } = this.settings;
        const access_token = randomText(32);
        const now = Math.floor(Date.now() / 1000);
        const person = thin ? { sub: 'user-1' } : this.person();
        const all = timed(overlay({
            iss: this.url, aud: grant.form.client_id, iat: now, exp: now + TOKEN_LIFE_S, nonce: grant.form.nonce,
            at_hash: halfHash(alg, access_token), ...person,
        }, this.fill(claims)));
        const id_token = forge(all, this.fill(this.settings));
        this.accessTokens.set(access_token, overlay(this.person(), this.settings.person ?? claims));
        return overlay({ access_token, token_type: 'Bearer', expires_in: TOKEN_LIFE_S, id_token }, token);
    }

    userinfo(entry) {
        const [kind, token] = (entry.headers.authorization ?? '').split(' ');
        const person = kind === 'Bearer' ? this.accessTokens.get(token) : undefined;
        if (!person) return refused(401, 'invalid_token');
        const { sub, name, preferred_username, email, email_verified, groups } = person;
        return good(overlay({ sub, name, preferred_username, email, email_verified, groups }, this.settings.userinfo));
    }

    revoke(entry) {
        const refusal = this.checkClient(entry, 'revoke');
        if (refusal) return refusal;
        entry.note = this.accessTokens.delete(entry.form.token) ? 'revoked' : 'unknown token';
        return { status: 200, headers: {}, body: '' };
    }

    activate() {
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Approve by POST /_control.\n' };
    }
}
