// SPDX-License-Identifier: BSD-2-Clause
// ZITADEL: the audience names the project and its other applications, too; ID tokens without profile unless switched
// on; roles are the keys of an object; an unknown code is access_denied.
import { Vendor, eightLetters, refused } from './vendor.mjs';

const HOST = 'https://acme.zitadel.cloud';
const PROJECT = '280934234234234234';

export class Zitadel extends Vendor {
    issuer = HOST;
    endpoints = {
        authorize: `${HOST}/oauth/v2/authorize`, device: `${HOST}/oauth/v2/device_authorization`, token: `${HOST}/oauth/v2/token`,
        keys: `${HOST}/oauth/v2/keys`, userinfo: `${HOST}/oidc/v1/userinfo`, revoke: `${HOST}/oauth/v2/revoke`,
        logout: `${HOST}/oidc/v1/end_session`,
    };
    checksPkce = true;

    constructor() {
        super();
        this.change({ client: { id: '280934512345678901' }, person: { id: '280934598765432109' } });
    }

    discoveryMembers() {
        return {
            code_challenge_methods_supported: ['S256'],
            token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        };
    }

    userCode() {
        const letters = eightLetters();
        return `${letters.slice(0, 4)}-${letters.slice(4)}`;
    }

    deviceAnswer(device_code, user_code) {
        return {
            device_code, user_code, verification_uri: `${HOST}/device`, expires_in: 300, interval: 5,
            verification_uri_complete: `${HOST}/device?user_code=${user_code}`,
        };
    }

    unknownCode() {
        return refused(400, 'access_denied', 'The authorization request was denied.');
    }

    idTokenClaims(person, grant) {
        return {
            sub: person.id, aud: [grant.form.client_id, PROJECT], azp: grant.form.client_id, client_id: grant.form.client_id,
            amr: ['password', 'mfa'], auth_time: Math.floor(Date.now() / 1000),
        };
    }

    userinfoClaims(person) {
        const roles = Object.fromEntries(person.groups.map((role) => [role, { '280934000000000000': 'acme.zitadel.cloud' }]));
        return {
            sub: person.id, preferred_username: person.username, name: person.name, email: person.email,
            email_verified: person.email_verified, 'urn:zitadel:iam:org:project:roles': roles,
        };
    }
}
