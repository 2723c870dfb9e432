// SPDX-License-Identifier: BSD-2-Clause
// Every state that the page can be told, with the longest that may come in it.
import {execFileSync} from 'node:child_process';

const O = process.env.O;
const LONGEST_URL = `https://sign-in.members.long-coworking-name.example/realms/house/device?user_code=WDJB-MJHT&${'a'.repeat(90)}`;

export const URL = 'https://idp.example.com/device?user_code=WDJB-MJHT';
export const LONG_NAME = 'Maximiliane-Alexandra von Hohenlohe-Schillingsfürst und zu Waldburg-Wolfegg';
export const ARABIC_NAME = 'عبد الرحمن بن محمد';
const ENDLESS_NAME = 'W'.repeat(128); // as long as a name may be, and nowhere to break it
const PICTURES_NAME = '👩‍💻🧑🏿‍🚀'.repeat(8) + ' 𒐫𒐫𒐫 ' + 'Z̷̡͎ä'.repeat(10);

const words = (...args) => JSON.parse(execFileSync(`${O}/kiosk_page/words`, args, {encoding: 'utf8'}));

export const qr = (text) => words('--qr', text);
export const languages = Object.fromEntries(['en', 'de', 'ar'].map((name) => [name, words(`${O}/locale`, name)]));

export function hello(language, more = {}) {
  const {texts, direction} = languages[language];
  return {viewer: 'dmlld2Vy', label: 'The Corner House, coworking', machine: 'front-desk-1', location: 'Berlin, Hinterhof',
    icon: true, idle: 'touch', language, direction, texts, ...more};
}

/* A house that has much to say of itself. */
export const LONG_HOUSE = {label: 'Coworking-Genossenschaft Waldburg-Wolfegg, Haus am Alten Güterbahnhof, Hallen 12',
  location: 'Frankfurt-am-Main-Sachsenhausen-2', machine: 'front-desk-of-the-old-goods-station-hall-12b-left-of-the-door-17'};

export const code = {state: 'code', code: 'WDJB-MJHT', uri: 'https://idp.example.com/device', qr: qr(URL),
  expires_in: 95, lifetime: 120};
export const long_code = {...code, code: 'WDJBMJHTWDJBMJHTWDJBMJHTWDJBMJHT', uri: LONGEST_URL.slice(0, 90),
  qr: qr(LONGEST_URL)};
/* As much as the product lets a provider say. */
const longest_code = {...long_code, code: 'W'.repeat(32), uri: `https://${'w'.repeat(63)}.example/`.padEnd(512, 'w'),
  qr: qr(LONGEST_URL.padEnd(512, 'w'))};

/* Of one language, by a name for each. */
export function states(language) {
  const {refusals} = languages[language];
  const text = refusals.reduce((a, b) => (b.length > a.length ? b : a));
  const since = Math.floor(Date.now() / 1000) - 3 * 86400;
  const named = {name: 'Maya Okonkwo', seconds: 8, since: since + 3 * 86400 - 600};
  const refused = Object.fromEntries(['denied', 'expired', 'not_member', 'busy', 'refused']
    .map((state) => [state, {state, text, seconds: 8}]));
  return {
    idle: {state: 'idle'}, starting: {state: 'starting'}, code, 'long code': long_code, 'longest code': longest_code,
    approved: {state: 'approved', name: 'Maya Okonkwo', seconds: 15},
    'approved, long name': {state: 'approved', name: LONG_NAME, seconds: 15},
    'approved, endless name': {state: 'approved', name: ENDLESS_NAME, seconds: 15},
    'checked_out, endless name': {...named, name: ENDLESS_NAME, since, state: 'checked_out'},
    'checked_in, a name of pictures': {...named, name: PICTURES_NAME, state: 'checked_in'},
    'approved, no name': {state: 'approved', name: '', seconds: 15},
    'approved, Arabic name': {state: 'approved', name: ARABIC_NAME, seconds: 15},
    checked_in: {...named, state: 'checked_in'}, checked_out: {...named, state: 'checked_out'},
    already: {...named, state: 'already'},
    'already, long name': {...named, name: LONG_NAME, since, state: 'already'},
    ...refused, unreachable: {state: 'unreachable', since, text}, out_of_order: {state: 'out_of_order', text},
    lost: {state: 'lost'}, // no server tells that: the page itself does
  };
}
