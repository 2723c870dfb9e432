// SPDX-License-Identifier: BSD-2-Clause
// Auth0: a slash ends the issuer; pending is 403, too fast 429, expired is said once; public clients only.
// client.kind 'web': an application without the grant Device Code. claims: an Action puts namespaced ones in.
import { Vendor, refused, twoFours } from './vendor.mjs';

const HOST = 'https://acme.eu.auth0.com';

export class Auth0 extends Vendor {
    issuer = `${HOST}/`;
    endpoints = {
        authorize: `${HOST}/authorize`, device: `${HOST}/oauth/device/code`, token: `${HOST}/oauth/token`,
        keys: `${HOST}/.well-known/jwks.json`, userinfo: `${HOST}/userinfo`, revoke: `${HOST}/oauth/revoke`,
        logout: `${HOST}/oidc/logout`,
    };

    discoveryMembers() {
        return {
            id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
            code_challenge_methods_supported: ['S256', 'plain'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
            request_uri_parameter_supported: false,
        };
    }

    checkClient(endpoint, request) {
        if (this.settings.client.kind === 'web')
            return refused(403, 'unauthorized_client',
                "Grant type 'urn:ietf:params:oauth:grant-type:device_code' not allowed for the client.");
        return super.checkClient(endpoint, request);
    }

    userCode() {
        return twoFours();
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${HOST}/activate`, expires_in: 900, interval: 5,
            verification_uri_complete: `${HOST}/activate?user_code=${user_code}`,
        };
    }

    pending() {
        return refused(403, 'authorization_pending', 'User has yet to authorize device code.');
    }

    slowDown() {
        return refused(429, 'slow_down', 'You are polling faster than the specified interval of 5 seconds.');
    }

    denied(grant) {
        grant.ended = true;
        return refused(403, 'access_denied', 'User cancelled the confirmation prompt.');
    }

    expired(grant) {
        grant.ended = true;
        return refused(403, 'expired_token', 'The device_code is expired.');
    }

    unknownCode() {
        return refused(403, 'invalid_grant', 'Invalid or expired device code.');
    }

    idTokenClaims(person) {
        return {
            sub: `auth0|${person.id}`, nickname: person.username, name: person.name, email: person.email,
            email_verified: person.email_verified, updated_at: '2026-01-02T03:04:05.678Z', sid: 'a-session',
        };
    }

    userinfoClaims(person) {
        return this.idTokenClaims(person);
    }
}
