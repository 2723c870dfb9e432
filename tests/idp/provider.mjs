// SPDX-License-Identifier: BSD-2-Clause
// A throw-away OpenID provider for the demo and the end-to-end tests: oidc-provider with the device grant, over TLS.
//
//   node provider.mjs --port PORT --cert FILE --key FILE [--socket PATH] [--interval SECONDS] [--code-life SECONDS]
//                     [--client-key FILE] [--verbose]
//
// SIGUSR2: whoever asks for a code is told that there are too many, until the next one.
//
// It listens on 127.0.0.1:PORT and, when asked, on a unix socket too (a relay outside a network namespace reaches it
// there), prints "ready" when it does, and ends with its standard input. Everybody in ACCOUNTS can sign in without a
// password: whoever opens the page chooses who to be. FILE is a public key (PEM): the client frontdesk-jwt signs with it.
import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { parseArgs } from 'node:util';

import Provider, { interactionPolicy } from 'oidc-provider';

import * as pages from './pages.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    socket: { type: 'string' },
    interval: { type: 'string', default: '1' },
    'code-life': { type: 'string', default: '600' },
    'client-key': { type: 'string' },
    verbose: { type: 'boolean', default: false }, // a line for each connection and each request
  },
});
const issuer = `https://localhost:${options.port}`;

function person(sub, username, name, more = {}) {
  return {
    sub, preferred_username: username, name, email: `${username}@example.org`, email_verified: true, ...more,
  };
}

const ACCOUNTS = [
  person('2f6d8a10-alice', 'alice', 'Alice Adams'),
  person('7be3c921-bob', 'bob', 'Bob Brown'),
  person('c05a4d77-carol', 'carol', 'Carol Clark'),
  person('9d14f0e8-dave', 'dave', 'Dave Diaz'),
  person('e6b2a39c-erin', 'erin', 'Erin Evans'),
  person('41c7d5ff-mallory', 'mallory', 'Mallory Moore', { email: 'alice@example.org', email_verified: false }),
  person('5a90b6d3-root', 'root', 'Robert Ott'),
];
const findAccount = (sub) => ACCOUNTS.find((account) => account.sub === sub);

// Another key has another name, so that whoever knows the one before it asks for it.
function signingKey(type, parameters, alg) {
  const { privateKey } = generateKeyPairSync(type, parameters);
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${randomUUID()}` };
}

const client = (id, more) => ({
  client_id: id,
  client_name: 'the front desk',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'none',
  ...more,
});

const CLIENTS = [
  client('frontdesk-public'),
  client('frontdesk-basic', {
    client_secret: 'basic:needs %encoding& so it does', token_endpoint_auth_method: 'client_secret_basic',
  }),
  client('frontdesk-post', {
    client_secret: 'a secret for the form', token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'ES256',
  }),
];

if (options['client-key']) {
  const key = createPublicKey(readFileSync(options['client-key'])).export({ format: 'jwk' });
  CLIENTS.push(client('frontdesk-jwt', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } }));
}

// Every sign-in asks who it is, also in a browser that has been here before.
const policy = interactionPolicy.base();
policy.get('login').checks.add(new interactionPolicy.Check(
  'choose_account', 'the person chooses an account', (ctx) => ctx.oidc.result?.login === undefined));

async function grantAtOnce(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope(ctx.oidc.params.scope);
  await grant.save();
  return grant;
}

const provider = new Provider(issuer, {
  clients: CLIENTS,
  jwks: { keys: [signingKey('rsa', { modulusLength: 2048 }, 'RS256'), signingKey('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: ['a throw-away provider has no secrets'] },
  claims: {
    openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'],
  },
  ttl: {
    AccessToken: 300, DeviceCode: Number(options['code-life']), Grant: 600, IdToken: 300, Interaction: 600, Session: 600,
  },
  interactions: { policy, url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => findAccount(sub) }),
  loadExistingGrant: grantAtOnce,
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = pages.failed(out.error_description ?? out.error);
  },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form, out, err) => {
        ctx.type = 'html';
        ctx.body = err?.name === 'AbortedError' ? pages.stopped()
          : pages.enterCode(form, err && 'This code is unknown, used or too old.');
      },
      userCodeConfirmSource: (ctx, form, asking, info, userCode) => {
        ctx.type = 'html';
        ctx.body = pages.confirmCode(form, asking.clientName, userCode);
      },
      successSource: (ctx) => {
        ctx.type = 'html';
        ctx.body = pages.approved(ctx.oidc.client.clientName);
      },
    },
  },
});

async function body(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 4096) throw new Error('too long');
  }
  return new URLSearchParams(text);
}

let isBusy = false;
process.on('SIGUSR2', () => {
  isBusy = !isBusy;
  console.log(isBusy ? 'busy' : 'no longer busy');
});

provider.use(async (ctx, next) => {
  if (isBusy && ctx.path === '/device/auth') {
    ctx.status = 429;
    ctx.set('Retry-After', '1');
    return;
  }
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    // oidc-provider leaves `interval` out; naming it spares every test the default of five seconds.
    if (ctx.oidc?.route === 'device_authorization' && ctx.status === 200) {
      ctx.body = { ...ctx.body, interval: Number(options.interval) };
    }
    return;
  }
  const interaction = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method !== 'POST') {
    ctx.type = 'html';
    ctx.body = pages.chooseAccount(interaction.uid, ACCOUNTS);
    return;
  }
  const account = findAccount((await body(ctx.req)).get('account'));
  const result = account ? { login: { accountId: account.sub, remember: false } }
    : { error: 'access_denied', error_description: 'nobody was chosen' };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
});

const tls = { cert: readFileSync(options.cert), key: readFileSync(options.key) };
const places = [{ host: '127.0.0.1', port: Number(options.port) }];
if (options.socket) places.push({ path: options.socket });
await Promise.all(places.map((place) => new Promise((resolve, reject) => {
  const server = createServer(tls, provider.callback()).on('error', reject).listen(place, resolve);
  if (options.verbose) {
    server.on('secureConnection', () => console.log('connection'));
    server.on('request', (request) => console.log(`request ${request.method} ${request.url}`));
  }
})));
console.log('ready');
process.stdin.on('end', () => process.exit(0)).resume();
