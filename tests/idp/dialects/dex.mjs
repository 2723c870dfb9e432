// SPDX-License-Identifier: BSD-2-Clause
// Dex: the secret counts as a form field of the device request, and is looked at only when the person has approved, so
// that a wrong one looks like waiting; a refusal is never told; an unknown code is invalid_request; groups want a scope.
import { Vendor, hasScope, refused, twoFours } from './vendor.mjs';

const ISSUER = 'https://dex.acme.example/dex';

export class Dex extends Vendor {
    issuer = ISSUER;
    endpoints = {
        authorize: `${ISSUER}/auth`, device: `${ISSUER}/device/code`, token: `${ISSUER}/token`, keys: `${ISSUER}/keys`,
        userinfo: `${ISSUER}/userinfo`,
    };
    checksPkce = true;

    constructor() {
        super();
        this.change({ client: { method: 'post', secret: 'ZXhhbXBsZS1hcHAtc2VjcmV0' }, person: { id: 'CgR1c2VyEgVsb2NhbA' } });
    }

    discoveryMembers() {
        return {
            code_challenge_methods_supported: ['S256', 'plain'], scopes_supported: ['openid', 'email', 'groups', 'profile', 'offline_access'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
            grant_types_supported: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        };
    }

    checkClient() {
        return undefined;
    }

    userCode() {
        return twoFours();
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${ISSUER}/device`, expires_in: 300, interval: 5,
            verification_uri_complete: `${ISSUER}/device?user_code=${user_code}`,
        };
    }

    judge(grant, request) {
        const { id, secret } = this.settings.client;
        const known = grant.form.client_id === id && grant.form.client_secret === secret;
        return known ? super.judge(grant, request) : this.pending();
    }

    denied() {
        return this.pending();
    }

    unknownCode() {
        return refused(400, 'invalid_request', 'Invalid or expired device code.');
    }

    idTokenClaims(person, grant) {
        return {
            sub: person.id, email: person.email, email_verified: person.email_verified, name: person.name,
            preferred_username: person.username, ...(hasScope(grant, 'groups') ? { groups: person.groups } : {}),
        };
    }

    userinfoClaims(person) {
        return { sub: person.id, email: person.email, email_verified: person.email_verified, name: person.name };
    }
}
