// SPDX-License-Identifier: BSD-2-Clause
// Microsoft Entra ID: one tenant, or `organizations`, whose discovery document names {tenantid} literally. No complete
// URL, no revocation, numbered errors. client.kind 'confidential': `Allow public client flows` is off, which the
// token endpoint says; 'confidential-at-once': the device endpoint says it already.
import { Vendor, eightLetters, refused } from './vendor.mjs';

const HOST = 'https://login.microsoftonline.com';
export const TENANT = '8d3e7c52-1f0b-4a86-9b55-0c6f2f1d7e01';

const accessTokens = new Map(); // userinfo is the same for every tenant

export class Entra extends Vendor {
    constructor(tenant) {
        super();
        this.accessTokens = accessTokens;
        const base = `${HOST}/${tenant}`;
        this.tenant = tenant;
        this.issuer = `${HOST}/${tenant === TENANT ? TENANT : '{tenantid}'}/v2.0`;
        this.endpoints = {
            authorize: `${base}/oauth2/v2.0/authorize`, device: `${base}/oauth2/v2.0/devicecode`,
            token: `${base}/oauth2/v2.0/token`, keys: `${base}/discovery/v2.0/keys`,
            userinfo: 'https://graph.microsoft.com/oidc/userinfo', logout: `${base}/oauth2/v2.0/logout`,
        };
        this.change({
            client: { id: '5a1f0c9e-7d42-4c11-8e7b-3d2b9f60aa10' },
            person: {
                id: 'c7d1a5e0-2f5c-4b8f-8a54-1d6a0f1b2c3d', username: 'ana@acme.com', tenant: TENANT,
                groups: ['3f2b8c1e-0d4a-4c52-9f16-5a7e2b9d4c80', 'b1c2d3e4-5f60-4718-8293-a4b5c6d7e8f9'],
            },
        });
    }

    discoveryUrl() {
        return `${HOST}/${this.tenant}/v2.0/.well-known/openid-configuration`;
    }

    discoveryMembers() {
        return {
            token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
            response_modes_supported: ['query', 'fragment', 'form_post'], subject_types_supported: ['pairwise'],
            response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
            request_uri_parameter_supported: false, http_logout_supported: true, frontchannel_logout_supported: true,
            tenant_region_scope: 'EU', cloud_instance_name: 'microsoftonline.com',
        };
    }

    numbered(status, error, number, words) {
        return refused(status, error, `AADSTS${number}: ${words} Trace ID: 1b2c Correlation ID: 3d4e Timestamp: 2026-01-02 03:04:05Z`,
            { error_codes: [number], timestamp: '2026-01-02 03:04:05Z', trace_id: '1b2c', correlation_id: '3d4e' });
    }

    checkClient(endpoint, request) {
        const { kind, id } = this.settings.client;
        if (kind === 'confidential-at-once' || (kind === 'confidential' && endpoint === 'token'))
            return this.numbered(401, 'invalid_client', 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        if (request.form.client_id !== id)
            return this.numbered(400, 'unauthorized_client', 700016, `Application with identifier '${request.form.client_id}' was not found in the directory.`);
        if (request.form.client_secret !== undefined || request.headers.authorization)
            return this.numbered(401, 'invalid_client', 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.");
        return undefined;
    }

    userCode() {
        return eightLetters();
    }

    deviceAnswer(device_code, user_code) {
        const verification_uri = 'https://microsoft.com/devicelogin';
        return {
            user_code, device_code, verification_uri, expires_in: 900, interval: 5,
            message: `To sign in, use a web browser to open the page ${verification_uri} and enter the code ${user_code} to authenticate.`,
        };
    }

    pending() {
        return this.numbered(400, 'authorization_pending', 70016, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.');
    }

    denied(grant) {
        grant.ended = true;
        return refused(400, 'authorization_declined', 'The user declined the request.');
    }

    expired() {
        return this.numbered(400, 'expired_token', 70020, 'The provided value for the input parameter device_code is not valid. This device code has expired.');
    }

    unknownCode() {
        return refused(400, 'bad_verification_code', 'The device code is not known.');
    }

    idTokenClaims(person) {
        return {
            iss: `${HOST}/${person.tenant}/v2.0`, sub: `pairwise-${person.id}`, oid: person.id, tid: person.tenant,
            preferred_username: person.username, name: person.name, email: person.email, groups: person.groups,
            ver: '2.0', uti: 'an-id', rh: '0.AX', nbf: Math.floor(Date.now() / 1000),
        };
    }

    userinfoClaims(person) {
        return { sub: `pairwise-${person.id}`, name: person.name, email: person.email };
    }
}
