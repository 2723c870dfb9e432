// SPDX-License-Identifier: BSD-2-Clause
// A hub: an OpenID provider with the device grant that asks nobody itself, but sends people on to a second provider by
// code and PKCE and passes on what that says of them. Both are real (oidc-provider), behind one TLS listener.
//
//   node hub.mjs --cert FILE --key FILE [--port 443] [--address 127.0.0.1]
//
// https://hub.acme.example is the hub, client `frontdesk`; https://upstream.example the provider behind it, whose only
// client is the hub. Everybody in PEOPLE can sign in there without a password; who chooses `nobody` refuses.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { parseArgs } from 'node:util';

import { createLocalJWKSet, jwtVerify } from 'jose';
import Provider, { interactionPolicy } from 'oidc-provider';

import * as pages from './pages.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '443' }, address: { type: 'string', default: '127.0.0.1' }, cert: { type: 'string' }, key: { type: 'string' } },
});
const HUB = 'https://hub.acme.example';
const UPSTREAM = 'https://upstream.example';
const CALLBACK = `${HUB}/callback`;
const UPSTREAM_CLIENT = { id: 'the-hub', secret: 'what the hub alone knows' };

const PEOPLE = [
  { sub: '71-ana', preferred_username: 'ana', name: 'Ana Gomes', email: 'ana@acme.com', email_verified: true },
  { sub: '72-rui', preferred_username: 'rui', name: 'Rui Reis', email: 'rui@acme.com', email_verified: false },
  { sub: '73-eva', preferred_username: 'eva', name: 'Eva Elo', email: 'eva@acme.com' },
];
const NOBODY = { sub: '', preferred_username: 'nobody', name: 'Nobody' };

const secret = () => randomBytes(32).toString('base64url');

function settings(more) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const policy = interactionPolicy.base();
  policy.get('login').checks.add(new interactionPolicy.Check(
    'who_is_it', 'the person is asked each time', (ctx) => ctx.oidc.result?.login === undefined));
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'test' }] },
    cookies: { keys: ['a throw-away provider has no secrets'] },
    claims: { openid: ['sub', 'idp'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    interactions: { policy, url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 300, DeviceCode: 300, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope(ctx.oidc.params.scope);
      await grant.save();
      return grant;
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = pages.failed(out.error_description ?? out.error);
    },
    ...more,
  };
}

// The provider behind the hub.

const upstream = new Provider(UPSTREAM, settings({
  clients: [{
    client_id: UPSTREAM_CLIENT.id, client_secret: UPSTREAM_CLIENT.secret, redirect_uris: [CALLBACK],
    grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic',
  }],
  pkce: { required: () => true, methods: ['S256'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => PEOPLE.find((person) => person.sub === sub) }),
}));

async function formOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

upstream.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const interaction = await upstream.interactionDetails(ctx.req, ctx.res);
  if (ctx.method !== 'POST') {
    ctx.type = 'html';
    ctx.body = pages.chooseAccount(interaction.uid, [...PEOPLE, NOBODY]);
    return undefined;
  }
  const chosen = (await formOf(ctx.req)).get('account');
  ctx.respond = false;
  return upstream.interactionFinished(ctx.req, ctx.res, chosen
    ? { login: { accountId: chosen, remember: false } } : { error: 'access_denied', error_description: 'nobody was chosen' });
});

// The hub, which is a client there.

const tls = { cert: readFileSync(options.cert), key: readFileSync(options.key) };
const waiting = new Map(); // by state: {uid, nonce, verifier}, later what came back
const known = new Map(); // the hub's accounts, by its own sub

function ask(url, form) {
  const headers = form ? {
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(UPSTREAM_CLIENT.id)}:${encodeURIComponent(UPSTREAM_CLIENT.secret)}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  } : {};
  return new Promise((resolve, reject) => {
    https.request(url, { method: form ? 'POST' : 'GET', headers, ca: tls.cert, port: options.port }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(JSON.parse(text));
    }).on('error', reject).end(form?.toString());
  });
}

function upstreamUrl(uid) {
  const [state, nonce, verifier] = [secret(), secret(), secret()];
  waiting.set(state, { uid, nonce, verifier });
  return `${UPSTREAM}/auth?${new URLSearchParams({
    client_id: UPSTREAM_CLIENT.id, response_type: 'code', scope: 'openid profile email', redirect_uri: CALLBACK, state, nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  })}`;
}

// What the upstream said of the person, verified as any client has to.
async function claimsFor({ code, nonce, verifier }) {
  const answer = await ask(`${UPSTREAM}/token`, new URLSearchParams({
    grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier,
  }));
  const keys = createLocalJWKSet(await ask(`${UPSTREAM}/jwks`));
  const { payload } = await jwtVerify(answer.id_token, keys, { issuer: UPSTREAM, audience: UPSTREAM_CLIENT.id });
  if (payload.nonce !== nonce) throw new Error('another nonce');
  return payload;
}

async function outcomeOf(back) {
  if (back.error) return { error: 'access_denied', error_description: back.error };
  const { sub, name, preferred_username, email, email_verified } = await claimsFor(back);
  const accountId = `upstream|${sub}`;
  known.set(accountId, { sub: accountId, idp: 'upstream', name, preferred_username, email, email_verified });
  return { login: { accountId, remember: false } };
}

const show = (page) => (ctx) => {
  ctx.type = 'html';
  ctx.body = page;
};

const hub = new Provider(HUB, settings({
  clients: [{
    client_id: 'frontdesk', client_name: 'the front desk', token_endpoint_auth_method: 'none', redirect_uris: [],
    response_types: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  }],
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => known.get(sub) }),
  features: {
    devInteractions: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form, out, error) =>
        show(error?.name === 'AbortedError' ? pages.stopped() : pages.enterCode(form, error && 'This code is not known.'))(ctx),
      userCodeConfirmSource: (ctx, form, asking, info, userCode) => show(pages.confirmCode(form, asking.clientName, userCode))(ctx),
      successSource: (ctx) => show(pages.approved('the front desk'))(ctx),
    },
  },
}));

hub.use(async (ctx, next) => {
  const { state, code, error } = ctx.query;
  if (ctx.path === '/callback' && waiting.has(state)) {
    Object.assign(waiting.get(state), { code, error });
    return ctx.redirect(`/interaction/${waiting.get(state).uid}/back?state=${state}`);
  }
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    if (ctx.oidc?.route === 'device_authorization' && ctx.status === 200) ctx.body = { ...ctx.body, interval: 1 };
    return undefined;
  }
  const interaction = await hub.interactionDetails(ctx.req, ctx.res);
  if (!ctx.path.endsWith('/back')) return ctx.redirect(upstreamUrl(interaction.uid));
  const back = waiting.get(state);
  if (!back || back.uid !== interaction.uid) return ctx.throw(400, 'not of this browser');
  waiting.delete(state);
  ctx.respond = false;
  return hub.interactionFinished(ctx.req, ctx.res, await outcomeOf(back), { mergeWithLastSubmission: false });
});

const callbacks = { [new URL(HUB).host]: hub.callback(), [new URL(UPSTREAM).host]: upstream.callback() };
https.createServer(tls, (req, res) => {
  const callback = callbacks[req.headers.host.replace(/:.*/, '')];
  return callback ? callback(req, res) : res.writeHead(404).end();
}).listen(Number(options.port), options.address, () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
