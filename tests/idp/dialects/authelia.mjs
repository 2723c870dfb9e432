// SPDX-License-Identifier: BSD-2-Clause
// Authelia: interval 10, minimal ID tokens (userinfo has the rest, groups with their scope), the client proves itself
// in the one way it is registered for; a public client by default.
import { Vendor, hasScope, refused, twoFours } from './vendor.mjs';

const HOST = 'https://auth.acme.example';

export class Authelia extends Vendor {
    issuer = HOST;
    endpoints = {
        authorize: `${HOST}/api/oidc/authorization`, device: `${HOST}/api/oidc/device-authorization`,
        token: `${HOST}/api/oidc/token`, keys: `${HOST}/jwks.json`, userinfo: `${HOST}/api/oidc/userinfo`,
        revoke: `${HOST}/api/oidc/revocation`,
    };
    checksPkce = true;

    constructor() {
        super();
        this.change({ person: { id: '3b1f6f4e-6c1d-4a57-9a55-0f4c7e2d1b90' } });
    }

    discoveryMembers() {
        return {
            code_challenge_methods_supported: ['S256'], scopes_supported: ['openid', 'offline_access', 'profile', 'groups', 'email'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
            pushed_authorization_request_endpoint: `${HOST}/api/oidc/pushed-authorization-request`,
        };
    }

    clientRefused() {
        return refused(401, 'invalid_client', 'Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).');
    }

    userCode() {
        return twoFours();
    }

    deviceAnswer(device_code, user_code) {
        const uri = `${HOST}/consent/openid/device-authorization`;
        return { device_code, user_code, verification_uri: uri, verification_uri_complete: `${uri}?user_code=${user_code}`, expires_in: 600, interval: 10 };
    }

    idTokenClaims(person, grant) {
        return {
            sub: person.id, aud: [grant.form.client_id], azp: grant.form.client_id, amr: ['pwd', 'otp', 'mfa'],
            auth_time: Math.floor(Date.now() / 1000), jti: 'an-id',
        };
    }

    userinfoClaims(person, grant) {
        return {
            sub: person.id, preferred_username: person.username, name: person.name, email: person.email,
            email_verified: person.email_verified, ...(hasScope(grant, 'groups') ? { groups: person.groups } : {}),
        };
    }
}
