// SPDX-License-Identifier: BSD-2-Clause
// Okta: the org's own authorization server, a custom one, and both again under a custom domain. policy 'thin': the
// ID token says little, userinfo the rest; 'no-rule': no rule of the access policy lets the grant through.
// client.kind 'web': an application of the wrong type.
import { Vendor, eightLetters, hasScope, refused } from './vendor.mjs';

export class Okta extends Vendor {
    constructor(domain, server) {
        super();
        const host = `https://${domain}`;
        const base = `${host}/oauth2${server ? `/${server}` : ''}/v1`;
        this.host = host;
        this.server = server;
        this.issuer = server ? `${host}/oauth2/${server}` : host;
        this.endpoints = {
            authorize: `${base}/authorize`, device: `${base}/device/authorize`, token: `${base}/token`,
            keys: `${base}/keys`, userinfo: `${base}/userinfo`, revoke: `${base}/revoke`, logout: `${base}/logout`,
        };
        this.change({
            client: { id: '0oa1exampleCLIENT5d7' },
            person: { id: '00u1exampleANA', username: 'ana@acme.com' },
        });
    }

    discoveryMembers() {
        return {
            grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'password',
                                    'urn:ietf:params:oauth:grant-type:device_code'],
            scopes_supported: ['openid', 'email', 'profile', 'address', 'phone', 'offline_access', 'groups'],
            code_challenge_methods_supported: ['S256'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt',
                                                    'private_key_jwt', 'none'],
        };
    }

    checkClient(endpoint, request) {
        if (this.settings.client.kind === 'web')
            return refused(400, 'unauthorized_client',
                'The client is not authorized to use the provided grant type. Configured grant types: [authorization_code].');
        return super.checkClient(endpoint, request);
    }

    clientRefused() {
        return refused(401, 'invalid_client', 'The client credentials are invalid.');
    }

    userCode() {
        return eightLetters();
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${this.host}/activate`, expires_in: 600, interval: 5,
            verification_uri_complete: `${this.host}/activate?user_code=${user_code}`,
        };
    }

    judge(grant, request) {
        if (this.settings.policy === 'no-rule')
            return refused(400, 'access_denied',
                'Policy evaluation failed for this request, please check the policy configuration.');
        return super.judge(grant, request);
    }

    pending() {
        return refused(400, 'authorization_pending', 'The device authorization is pending. Please try again later.');
    }

    denied(grant) {
        grant.ended = true;
        return refused(400, 'access_denied', 'The resource owner or authorization server denied the request.');
    }

    idTokenClaims(person, grant) {
        const thin = { sub: person.id, ver: 1, amr: ['mfa', 'otp'], idp: '00o1example', auth_time: Math.floor(Date.now() / 1000) };
        if (this.settings.policy === 'thin') return thin;
        return { ...thin, ...this.profile(person), ...(hasScope(grant, 'groups') ? { groups: person.groups } : {}) };
    }

    profile(person) {
        return {
            name: person.name, preferred_username: person.username, email: person.email,
            email_verified: person.email_verified,
        };
    }

    userinfoClaims(person, grant) {
        const groups = hasScope(grant, 'groups') ? { groups: person.groups } : {};
        return { sub: person.id, ...this.profile(person), ...groups, zoneinfo: 'Europe/Lisbon' };
    }
}
