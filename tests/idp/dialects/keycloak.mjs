// SPDX-License-Identifier: BSD-2-Clause
// Keycloak: a realm's path; secret by Basic or form at both endpoints; echoes the nonce; an expired code is called so
// for interval + 10 s and then invalid. policy 'pkce': a client policy insists on it; 'grant-off': the client's
// switch is off; 'roles': no mapper for groups, realm roles only.
import { Vendor, refused, twoFours } from './vendor.mjs';

const HOST = 'https://sso.acme.example';
const MEMORY_S = 10;

export class Keycloak extends Vendor {
    issuer = `${HOST}/realms/acme`;
    checksPkce = true;

    constructor() {
        super();
        const base = `${this.issuer}/protocol/openid-connect`;
        this.endpoints = {
            authorize: `${base}/auth`, device: `${base}/auth/device`, token: `${base}/token`, keys: `${base}/certs`,
            userinfo: `${base}/userinfo`, revoke: `${base}/revoke`, logout: `${base}/logout`,
        };
        this.change({ client: { method: 'basic', secret: 'tq3VnExampleSecretOf32Characters' }, person: { id: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' } });
    }

    discoveryMembers() {
        return {
            code_challenge_methods_supported: ['plain', 'S256'],
            token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'tls_client_auth', 'client_secret_jwt'],
            frontchannel_logout_supported: true, backchannel_logout_supported: true,
        };
    }

    checkClient(endpoint, request) {
        const inForm = request.form.client_secret !== undefined;
        const client = this.settings.client;
        if (inForm && client.method === 'basic' && request.form.client_secret === client.secret) return undefined;
        return super.checkClient(endpoint, request);
    }

    clientRefused() {
        return refused(401, 'unauthorized_client', 'Invalid client or Invalid client credentials');
    }

    device(request) {
        if (this.settings.policy === 'grant-off')
            return refused(400, 'unauthorized_client', 'Client not allowed for OAuth 2.0 Device Authorization Grant');
        if (this.settings.policy === 'pkce' && !request.form.code_challenge_method)
            return refused(400, 'invalid_request', 'Missing parameter: code_challenge_method');
        return super.device(request);
    }

    userCode() {
        return twoFours();
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${this.issuer}/device`, expires_in: 600, interval: 5,
            verification_uri_complete: `${this.issuer}/device?user_code=${user_code}`,
        };
    }

    denied(grant) {
        grant.ended = true;
        return refused(400, 'access_denied', 'The end user denied the authorization request');
    }

    expired(grant, now) {
        if (now > grant.ends + (grant.interval_s + MEMORY_S) * 1000) return this.unknownCode();
        return refused(400, 'expired_token', 'Device code is expired');
    }

    unknownCode() {
        return refused(400, 'invalid_grant', 'Device code not valid');
    }

    idTokenClaims(person, grant) {
        return {
            sub: person.id, nonce: grant.form.nonce, typ: 'ID', azp: grant.form.client_id, acr: '1', sid: 'a-session',
            auth_time: Math.floor(Date.now() / 1000), preferred_username: person.username, name: person.name,
            email: person.email, email_verified: person.email_verified,
            ...(this.settings.policy === 'roles' ? { realm_access: { roles: person.groups } } : { groups: person.groups }),
        };
    }

    tokenMembers() {
        return { refresh_token: 'a-refresh-token', refresh_expires_in: 1800, 'not-before-policy': 0, session_state: 'a-session' };
    }

    userinfoClaims(person) {
        return { sub: person.id, preferred_username: person.username, name: person.name, email: person.email, email_verified: person.email_verified };
    }
}
