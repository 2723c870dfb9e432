// SPDX-License-Identifier: BSD-2-Clause
// The scenarios by name. A scenario may set:
//
//   discovery, device, token, claims, userinfo   members laid over the right answer; null removes one; the word
//                        ISSUER in them stands for the issuer's URL
//   header, alg, signature, …   of ID tokens: see forge.mjs. In claims "NOW+60" is a time by the clock
//   edits, answers       {endpoint: [[from, to], …]} in the text of a body; {endpoint: {status, headers, body, encoding,
//                        repeat: {before, piece, times, after}}}
//   keySet               a list for keyring.mjs
//   person               claims at userinfo, where they are not those of the ID token
//   keys, rotates        another key set; true: the first answer holds a former key only
//   thin                 true: the ID token says nothing but sub; the rest comes from userinfo
//   polls, forever       answers to the first polls, and to all after them: pending, pending-200, slow_down, denied,
//                        declined, expired, invalid_grant, an HTTP status, {error, status, …} or {fault}; then approval
//   approve: 'manual'    after `polls` it stays pending until {"decision": …} comes by /_control
//   strict               true: a poll before the interval is over is answered slow_down and costs 5 s more
//   client               {id, secret, method: none | basic | post | private_key_jwt}: any other client is refused.
//                        spelling: 'raw' (of Basic; else form-encoded); at: the endpoints that look, all by default;
//                        status of a refusal (401), or refusal: a status without a body; of assertions: publicKey
//                        (PEM), alg, kid, audience
//   pkce                 'required': no code_challenge is refused (a wrong verifier always is); 'unknown': any is
//   oauthDiscovery: 'discovery'   the document is found at RFC 8414's place, too
//   cache                Cache-Control of discovery and keys
//   faults               {discovery | device | token | keys | userinfo | revoke: name of faults.mjs}
//
// For every endpoint and every fault there is, besides, a scenario ENDPOINT-FAULT: device-huge, token-redirect-307 …
import { faults } from './faults.mjs';

const defaults = { alg: 'RS256', signature: 'good' };
const long = (n) => 'A'.repeat(n);
const bidi = '\u202e';

export const scenarios = {
    good: {},
    manual: { approve: 'manual' },
    thin: { thin: true },
    cached: { cache: 'public, max-age=3600' },
    uncached: { cache: 'no-store' },
    slow: { faults: { discovery: 'slow', device: 'slow', token: 'slow', keys: 'slow', userinfo: 'slow' } },

    // device authorization answers
    'interval-absent': { device: { interval: null } },
    'interval-0': { device: { interval: 0 } },
    'interval-negative': { device: { interval: -5 } },
    'interval-absurd': { device: { interval: 1e9 } },
    'interval-string': { device: { interval: '1' } },
    'interval-object': { device: { interval: {} } },
    'expires-absent': { device: { expires_in: null } },
    'expires-0': { device: { expires_in: 0 } },
    'expires-negative': { device: { expires_in: -1 } },
    'expires-absurd': { device: { expires_in: 1e9 } },
    'expires-string': { device: { expires_in: '60' } },
    'expires-word': { device: { expires_in: 'soon' } },
    'expires-3': { device: { expires_in: 3 }, forever: 'pending' },
    'no-device-code': { device: { device_code: null } },
    'no-user-code': { device: { user_code: null } },
    'no-verification-uri': { device: { verification_uri: null } },
    'no-uri-complete': { device: { verification_uri_complete: null } },
    'verification-url': { device: { verification_uri: null, verification_url: 'ISSUER/activate' } },
    'user-code-number': { device: { user_code: 12345678 } },
    'user-code-escape': { device: { user_code: 'AB\u001b]0;x\u0007CD' } },
    'user-code-c1': { device: { user_code: 'AB\u009b31mCD' } },
    'user-code-bidi': { device: { user_code: `AB${bidi}CD` } },
    'user-code-newline': { device: { user_code: 'ABCD\nroot logged in' } },
    'user-code-long': { device: { user_code: long(33) } },
    'uri-javascript': { device: { verification_uri: 'javascript:alert(1)' } },
    'uri-http': { device: { verification_uri: 'http://localhost/activate' } },
    'uri-escape': { device: { verification_uri: 'https://localhost/\u001b[2J' } },
    'uri-bidi': { device: { verification_uri: `https://localhost/${bidi}moc.live` } },
    'uri-userinfo': { device: { verification_uri: 'https://accounts.example@evil.example/' } },
    'uri-idn': { device: { verification_uri: 'https://ex\u0430mple.com/activate' } },
    'uri-long': { device: { verification_uri: `https://localhost/${long(600)}` } },
    'uri-complete-javascript': { device: { verification_uri_complete: 'javascript:alert(1)' } },
    'uri-complete-wifi': { device: { verification_uri_complete: 'WIFI:S:free;T:nopass;;' } },
    'device-invalid-client': { device: {}, client: { id: 'nobody', secret: 'nothing', method: 'post' } },
    'device-disabled': { faults: {}, device: { error: 'device_flow_disabled' } },

    // polling
    never: { forever: 'pending' },
    'one-pending': { polls: ['pending'] },
    'pending-200': { polls: ['pending-200'] },
    'pending-403': { polls: ['pending-403'] },
    'pending-428': { polls: ['pending-428'] },
    'slow-down-five': { polls: Array(5).fill('slow_down'), device: { expires_in: 300 } },
    'slow-down-two': { polls: ['slow_down', 'slow_down'] },
    'slow-down-named': { polls: [{ error: 'slow_down', status: 200, interval: 8 }] },
    'slow-down-429': { polls: [{ error: 'slow_down', status: 429 }] },
    strict: { strict: true, polls: ['pending', 'pending'] },
    'strict-slow-down': { strict: true, polls: ['pending', 'slow_down'] },
    'one-502': { polls: ['pending', 502] },
    'one-429': { polls: ['pending', 429] },
    'one-502-and-one-429': { polls: [502, 'pending', 429] },
    'one-close': { polls: [{ fault: 'close' }] },
    'one-cut': { polls: [{ fault: 'cut' }] },
    'one-server-error': { polls: [{ error: 'server_error', status: 500 }] },
    'all-503': { forever: 503, device: { expires_in: 14 } },
    denied: { polls: ['pending', 'denied'] },
    declined: { polls: ['declined'] },
    expired: { polls: ['pending', 'expired'] },
    'expired-once': { polls: ['expired'], forever: 'invalid_grant' },
    'late-invalid-grant': { device: { expires_in: 2 }, forever: 'invalid_grant' },
    'bad-verification-code': { polls: [{ error: 'bad_verification_code' }] },
    'invalid-grant': { polls: ['invalid_grant'] },
    'unknown-error': { polls: [{ error: 'admin_policy_enforced\n\u001b[2J', status: 400 }] },
    'error-object': { polls: [{ error: { code: 1 }, status: 400 }] },
    'described-error': { polls: [{ error: 'invalid_grant', error_description: 'AADSTS70000: no\n\u001b[2J' }] },
    'client-refused-late': { polls: [{ error: 'invalid_client', status: 401 }] },

    // token answers
    'no-id-token': { token: { id_token: null } },
    'no-access-token': { token: { access_token: null } },
    'id-token-object': { token: { id_token: {} } },
    'access-token-newline': { token: { access_token: 'a\r\nx-injected: yes' } },
    'token-type-lower': { token: { token_type: 'bearer' } },
    'token-type-dpop': { token: { token_type: 'DPoP' } },
    'refresh-token': { token: { refresh_token: 'refresh-1' } },
    'fewer-scopes': { token: { scope: 'openid email' } },
    'same-scopes': { token: { scope: 'email openid profile' } },
    'no-openid-scope': { token: { scope: 'profile email', id_token: null } },
    'jwe': { token: { id_token: 'a.b.c.d.e' } },
    rotates: { rotates: true },

    // ID tokens
    'signature-broken': { signature: 'broken' },
    'signature-stranger': { signature: 'stranger' },
    'signature-none': { signature: 'none' },
    'signature-hs256': { signature: 'hs256' },
    'claim-iss': { claims: { iss: 'ISSUER1' } },
    'claim-aud': { claims: { aud: 'somebody-else' } },
    'claim-no-sub': { claims: { sub: null } },
    'claim-exp': { claims: { exp: 1_600_000_000 } },
    'claim-nonce': { claims: { nonce: 'of another sign-in' } },
    'claim-no-nonce': { claims: { nonce: null } },
    'claim-at-hash': { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } },

    // userinfo
    'userinfo-other-sub': { thin: true, userinfo: { sub: 'user-2' } },
    'userinfo-no-sub': { thin: true, userinfo: { sub: null } },
    'userinfo-sub-number': { thin: true, userinfo: { sub: 1 } },

    // discovery
    'other-issuer': { discovery: { issuer: 'ISSUER1' } },
    'issuer-with-slash': { discovery: { issuer: 'ISSUER/' } },
    'no-issuer': { discovery: { issuer: null } },
    'issuer-number': { discovery: { issuer: 1 } },
    'no-device-endpoint': { discovery: { device_authorization_endpoint: null } },
    'no-token-endpoint': { discovery: { token_endpoint: null } },
    'no-jwks-uri': { discovery: { jwks_uri: null } },
    'endpoint-number': { discovery: { token_endpoint: 7 } },
    'endpoint-userinfo': { discovery: { token_endpoint: 'https://localhost@evil.example/token' } },
    'http-device-endpoint': { discovery: { device_authorization_endpoint: 'http://localhost/device' } },
    'http-token-endpoint': { discovery: { token_endpoint: 'http://localhost/token' } },
    'http-jwks-uri': { discovery: { jwks_uri: 'http://localhost/keys' } },
    'http-userinfo-endpoint': { discovery: { userinfo_endpoint: 'http://localhost/userinfo' } },
    'http-revocation-endpoint': { discovery: { revocation_endpoint: 'http://localhost/revoke' } },
    'large-discovery': { discovery: { padding: long(130 * 1024) } },
    'discovery-by-rfc8414': { faults: { discovery: 'status-404' }, oauthDiscovery: 'discovery' },
    'log-out': { discovery: { end_session_endpoint: 'ISSUER/logout' } },
    'log-out-http': { discovery: { end_session_endpoint: 'http://localhost/logout' } },
    entra: {
        discovery: { issuer: 'ISSUER/{tenantid}/v2.0' },
        claims: { iss: 'ISSUER/a1b2-c3/v2.0', tid: 'a1b2-c3' },
    },
    'entra-other-tid': {
        discovery: { issuer: 'ISSUER/{tenantid}/v2.0' },
        claims: { iss: 'ISSUER/a1b2-c3/v2.0', tid: 'd4e5-f6' },
    },
    'entra-no-tid': { discovery: { issuer: 'ISSUER/{tenantid}/v2.0' }, claims: { iss: 'ISSUER/a1b2-c3/v2.0' } },
    'entra-literal': {
        discovery: { issuer: 'ISSUER/{tenantid}/v2.0' }, claims: { iss: 'ISSUER/{tenantid}/v2.0', tid: 'a1b2-c3' },
    },
    'no-pkce': { discovery: { code_challenge_methods_supported: null } },
    'plain-pkce': { discovery: { code_challenge_methods_supported: ['plain'] } },
    'pkce-required': { pkce: 'required' },
    'pkce-unknown': { pkce: 'unknown' },
    'no-revocation': { discovery: { revocation_endpoint: null } },

    // client authentication; the secret has what form encoding must carry
    'client-none': { client: { id: 'kiosk', method: 'none' } },
    'client-basic': {
        client: { id: 'kiosk: 1', secret: 'p:a+s%s &w=rd/é', method: 'basic' },
        discovery: { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] },
    },
    'client-post': {
        client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'post' },
        discovery: { token_endpoint_auth_methods_supported: ['client_secret_post'] },
    },
    'client-raw': { client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'basic', spelling: 'raw' } },
    'client-raw-400': {
        client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'basic', spelling: 'raw', status: 400 },
    },
    'client-raw-bare': {
        client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'basic', spelling: 'raw', refusal: 401 },
    },
    'client-raw-late': {
        client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'basic', spelling: 'raw', at: ['token'] },
        polls: ['pending'],
    },
    'client-spelled': { client: { id: 'kiosk', secret: 'p:a+s%s &w=rd/é', method: 'basic' } },
    'client-plain-secret': { client: { id: 'kiosk', secret: 'another-one', method: 'basic' } },
    'client-assertion': {
        client: { id: 'kiosk', method: 'private_key_jwt', audience: 'ISSUER/token' }, polls: ['pending', 'pending'],
    },
    'client-jwt-only': { discovery: { token_endpoint_auth_methods_supported: ['private_key_jwt'] } },
};

for (const alg of ['PS256', 'PS384', 'PS512', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])
    scenarios[`alg-${alg.toLowerCase()}`] = { alg };

for (const endpoint of ['discovery', 'device', 'token', 'keys', 'userinfo', 'revoke'])
    for (const fault of Object.keys(faults))
        scenarios[`${endpoint}-${fault}`] = { faults: { [endpoint]: fault }, thin: endpoint === 'userinfo' };

// A fault of the token endpoint that counts as trouble would go on until the code expires: let that be soon.
for (const name of Object.keys(scenarios))
    if (name.startsWith('token-') && scenarios[name].faults) scenarios[name].device = { expires_in: 6 };

export function scenarioNamed(name) {
    return Object.hasOwn(scenarios, name) ? { ...defaults, ...scenarios[name] } : undefined;
}
