// SPDX-License-Identifier: BSD-2-Clause
// authentik: an issuer for each application, with a slash; codes live 60 s; a refusal is never told; `throttle` device
// requests are served, then 429. policy 'no-key': no signing key, so HS256; 'no-flow': the brand has no device flow.
import { Vendor, json, nineDigits, refused } from './vendor.mjs';

const HOST = 'https://authentik.acme.example';

export class Authentik extends Vendor {
    issuer = `${HOST}/application/o/frontdesk/`;
    endpoints = {
        authorize: `${HOST}/application/o/authorize/`, device: `${HOST}/application/o/device/`,
        token: `${HOST}/application/o/token/`, keys: `${this.issuer}jwks/`, userinfo: `${HOST}/application/o/userinfo/`,
        revoke: `${HOST}/application/o/revoke/`, logout: `${this.issuer}end-session/`,
    };

    constructor() {
        super();
        this.change({ throttle: 20, person: { id: 'a3f5c0d1e2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d' } });
    }

    discoveryMembers() {
        return {
            id_token_signing_alg_values_supported: [this.settings.policy === 'no-key' ? 'HS256' : 'RS256'],
            code_challenge_methods_supported: ['plain', 'S256'],
            token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
        };
    }

    clientRefused() {
        return json(400, { error: 'invalid_client', error_description: 'Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)' });
    }

    device(request) {
        if (this.settings.throttle-- <= 0) return refused(429, 'slow_down');
        if (this.settings.policy === 'no-flow') return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' };
        return super.device(request);
    }

    userCode() {
        return nineDigits();
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${HOST}/device`, expires_in: 60, interval: 5,
            verification_uri_complete: `${HOST}/device?code=${user_code}`,
        };
    }

    denied() {
        return this.pending();
    }

    expired() {
        return refused(400, 'invalid_grant', 'The provided authorization grant or refresh token is invalid');
    }

    idTokenClaims(person) {
        return {
            sub: person.id, acr: 'goauthentik.io/providers/oauth2/default', auth_time: Math.floor(Date.now() / 1000),
            email: person.email, email_verified: person.email_verified, name: person.name, given_name: person.name,
            preferred_username: person.username, nickname: person.username, groups: person.groups,
        };
    }

    userinfoClaims(person) {
        return this.idTokenClaims(person);
    }
}
