// SPDX-License-Identifier: BSD-2-Clause
// Google: four hosts, `verification_url` and no complete one, 428 while pending, 403 when too fast, a secret at the
// token endpoint. person.hosted_domain: the Workspace domain (claim `hd`). policy 'internal': the app is for one
// organisation only, and the person is not of it.
import { Vendor, refused, twoFours } from './vendor.mjs';

export class Google extends Vendor {
    issuer = 'https://accounts.google.com';
    endpoints = {
        authorize: 'https://accounts.google.com/o/oauth2/v2/auth', device: 'https://oauth2.googleapis.com/device/code',
        token: 'https://oauth2.googleapis.com/token', keys: 'https://www.googleapis.com/oauth2/v3/certs',
        userinfo: 'https://openidconnect.googleapis.com/v1/userinfo', revoke: 'https://oauth2.googleapis.com/revoke',
    };

    constructor() {
        super();
        this.change({
            client: { id: '407408718192-example.apps.googleusercontent.com', method: 'post', secret: 'GOCSPX-an_example-secret' },
            person: { id: '110169484474386276334', hosted_domain: 'acme.com' },
        });
    }

    discoveryMembers() {
        return {
            code_challenge_methods_supported: ['plain', 'S256'], scopes_supported: ['openid', 'email', 'profile'],
            token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
            claims_supported: ['aud', 'email', 'email_verified', 'exp', 'family_name', 'given_name', 'iat', 'iss', 'name', 'picture', 'sub'],
        };
    }

    checkClient(endpoint, request) {
        const { id, secret } = this.settings.client;
        if (endpoint === 'revoke') return undefined;
        if (request.form.client_id !== id) return refused(401, 'invalid_client', 'The OAuth client was not found.');
        if (this.settings.client.kind === 'web') return refused(401, 'invalid_client', 'Invalid client type.');
        if (endpoint === 'device') return undefined;
        if (request.form.client_secret === undefined) return refused(400, 'invalid_request', 'client_secret is missing.');
        return request.form.client_secret === secret ? undefined : refused(401, 'invalid_client', 'The provided client secret is invalid.');
    }

    userCode() {
        return twoFours();
    }

    deviceAnswer(device_code, user_code) {
        return { device_code, user_code, expires_in: 1800, interval: 5, verification_url: 'https://www.google.com/device' };
    }

    judge(grant, request) {
        if (this.settings.policy === 'internal') return refused(403, 'org_internal', 'The client is restricted to its organisation.');
        return super.judge(grant, request);
    }

    pending() {
        return refused(428, 'authorization_pending', 'Precondition Required');
    }

    slowDown() {
        return refused(403, 'slow_down', 'Forbidden');
    }

    denied(grant) {
        grant.ended = true;
        return refused(403, 'access_denied', 'Forbidden');
    }

    expired() {
        return refused(400, 'invalid_grant', 'Malformed auth code.');
    }

    unknownCode() {
        return this.expired();
    }

    idTokenClaims(person, grant) {
        return {
            azp: grant.form.client_id, sub: person.id, hd: person.hosted_domain, email: person.email,
            email_verified: person.email_verified, name: person.name, given_name: person.name.split(' ')[0],
        };
    }

    userinfoClaims(person) {
        return { sub: person.id, name: person.name, email: person.email, email_verified: person.email_verified };
    }
}
