// SPDX-License-Identifier: BSD-2-Clause
// What all vendors share: codes, decisions, signed tokens. A vendor says what is its own by overriding.
//
// Settings, changed by POST /_control (members of objects are merged):
//   decision     approve (default), deny, wait: what happens to a code; one code alone by POST /_decide
//   polls        how many polls are answered "pending" before the decision counts (1)
//   device       laid over the vendor's device answer: {"interval": 1, "expires_in": 3}
//   expires_early_s, forgets, slow_downs   the code ends so much before it was announced; it is unknown when it comes;
//                so many polls are told to slow down whatever their pace
//   person       laid over the person who signs in; claims, userinfo: laid over what is said of them (null removes)
//   client       laid over what is registered: {id, method: none | basic | post, secret, kind}
//   policy       a word that the vendor's own file explains
import { faultOfClient } from '../scripted/client.mjs';
import { forge } from '../scripted/forge.mjs';
import { challengeOf, halfHash, keySet, randomText } from '../scripted/tokens.mjs';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOW_DOWN_STEP_S = 5;
const EARLY_MS = 100; // a poll that left in time may come a moment early

export const json = (status, value, headers = {}) => ({ status, headers, body: JSON.stringify(value) });
export const refused = (status, error, error_description, more = {}) =>
    json(status, { error, ...(error_description ? { error_description } : {}), ...more });

export function overlay(base, changes = {}) {
    const result = { ...base, ...changes };
    for (const name of Object.keys(changes)) if (changes[name] === null) delete result[name];
    return result;
}

const letters = (count, alphabet = 'BCDFGHJKLMNPQRSTVWXZ') =>
    Array.from({ length: count }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
export const twoFours = () => `${letters(4)}-${letters(4)}`;
export const eightLetters = () => letters(8);
export const nineDigits = () => letters(9, '0123456789');

// One that serves one issuer. `endpoints` are whole URLs: device, token, keys, userinfo, revoke, logout.
export class Vendor {
    alg = 'RS256';
    settings = {
        decision: 'approve', polls: 1, policy: '', device: {}, claims: {}, userinfo: {},
        client: { id: 'frontdesk', method: 'none' },
        person: {
            id: 'user-1', username: 'ana', name: 'Ana Gomes', email: 'ana@acme.com', email_verified: true,
            groups: ['staff', 'Everyone'],
        },
    };
    grants = new Map();
    accessTokens = new Map();
    revoked = [];

    change(changes) {
        for (const [name, value] of Object.entries(changes)) {
            const plain = value && typeof value === 'object' && !Array.isArray(value);
            this.settings[name] = plain ? { ...this.settings[name], ...value } : value;
        }
    }

    // Every URL that answers, with the method that does.
    routes() {
        const { device, token, keys, userinfo, revoke } = this.endpoints;
        return [[this.discoveryUrl(), 'discovery'], [device, 'device'], [token, 'token'], [keys, 'keys'],
                [userinfo, 'info'], [revoke, 'revoke']].filter(([url]) => url);
    }

    discoveryUrl() {
        return `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    }

    discovery() {
        const { device, token, keys, userinfo, revoke, logout, authorize } = this.endpoints;
        return json(200, overlay({
            issuer: this.issuer, authorization_endpoint: authorize, token_endpoint: token,
            device_authorization_endpoint: device, userinfo_endpoint: userinfo, jwks_uri: keys,
            revocation_endpoint: revoke, end_session_endpoint: logout, response_types_supported: ['code'],
            subject_types_supported: ['public'], id_token_signing_alg_values_supported: [this.alg],
            scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
        }, this.discoveryMembers()));
    }

    discoveryMembers() {
        return {};
    }

    keys() {
        return json(200, keySet(this.alg), { 'cache-control': 'public, max-age=3600' });
    }

    // undefined, or the refusal. Which endpoints look, and what they say, is the vendor's.
    checkClient(endpoint, request) {
        const { client } = this.settings;
        request.note = request.form.client_id === client.id || client.method === 'basic'
            ? faultOfClient(client, request, new Set()) : 'unknown client_id';
        return request.note ? this.clientRefused(endpoint, request) : undefined;
    }

    clientRefused() {
        return refused(401, 'invalid_client', 'Client authentication failed');
    }

    device(request) {
        const refusal = this.checkClient('device', request);
        if (refusal) return refusal;
        const user_code = this.userCode();
        const answer = overlay(this.deviceAnswer(randomText(32), user_code), this.settings.device);
        const now = Date.now();
        this.grants.set(answer.device_code, {
            form: request.form, user_code, polls: 0, due: now + answer.interval * 1000, interval_s: answer.interval,
            ends: now + (answer.expires_in - (this.settings.expires_early_s ?? 0)) * 1000,
        });
        return json(200, answer, { 'cache-control': 'no-store' });
    }

    // A person decides about one code, whatever the settings say.
    decide({ user_code, decision }) {
        const grant = [...this.grants.values()].find((one) => one.user_code === user_code);
        if (grant) grant.decision = decision;
        return Boolean(grant);
    }

    token(request) {
        const grant = this.grants.get(request.form.device_code);
        const now = Date.now();
        const refusal = this.checkClient('token', request);
        if (refusal) return refusal;
        if (request.form.grant_type !== GRANT_TYPE) return refused(400, 'unsupported_grant_type');
        if (!grant || grant.ended || this.settings.forgets) return this.unknownCode();
        if (now > grant.ends) return this.expired(grant, now);
        const early = now + EARLY_MS < grant.due || this.settings.slow_downs-- > 0;
        if (early) grant.interval_s += SLOW_DOWN_STEP_S;
        grant.due = now + grant.interval_s * 1000;
        if (early) {
            request.note = 'early';
            return this.slowDown();
        }
        return this.judge(grant, request);
    }

    judge(grant, request) {
        const decision = grant.decision ?? (grant.polls++ < this.settings.polls ? 'wait' : this.settings.decision);
        if (decision === 'wait') return this.pending();
        if (decision === 'deny') return this.denied(grant);
        grant.ended = true;
        const challenge = grant.form.code_challenge;
        if (this.checksPkce && challenge && challengeOf(request.form.code_verifier ?? '') !== challenge)
            return refused(400, 'invalid_grant', 'PKCE verification failed');
        return json(200, this.tokens(grant), { 'cache-control': 'no-store' });
    }

    pending() {
        return refused(400, 'authorization_pending');
    }

    slowDown() {
        return refused(400, 'slow_down');
    }

    denied(grant) {
        grant.ended = true;
        return refused(400, 'access_denied');
    }

    expired() {
        return refused(400, 'expired_token');
    }

    unknownCode() {
        return refused(400, 'invalid_grant');
    }

    tokens(grant) {
        const access_token = randomText(32);
        const now = Math.floor(Date.now() / 1000);
        const { person, claims } = this.settings;
        const all = overlay({
            iss: this.issuer, aud: grant.form.client_id, iat: now, exp: now + 3600,
            at_hash: halfHash(this.alg, access_token), ...this.idTokenClaims(person, grant),
        }, claims);
        const signature = this.alg === 'HS256' ? 'hs256' : 'good';
        this.accessTokens.set(access_token, { person, grant });
        return {
            access_token, token_type: 'Bearer', expires_in: 3600, scope: grant.form.scope,
            id_token: forge(all, { alg: this.alg, signature, client: { secret: 'a client secret' } }), ...this.tokenMembers(),
        };
    }

    tokenMembers() {
        return {};
    }

    info(request) {
        const [kind, token] = (request.headers.authorization ?? '').split(' ');
        const known = kind === 'Bearer' ? this.accessTokens.get(token) : undefined;
        if (!known) return refused(401, 'invalid_token');
        return json(200, overlay(this.userinfoClaims(known.person, known.grant), this.settings.userinfo));
    }

    revoke(request) {
        const refusal = this.checkClient('revoke', request);
        if (refusal) return refusal;
        this.revoked.push(this.accessTokens.delete(request.form.token) ? 'access' : 'other');
        return { status: 200, headers: {}, body: '' };
    }
}

export const hasScope = (grant, scope) => (grant.form.scope ?? '').split(' ').includes(scope);
