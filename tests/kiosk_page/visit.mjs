// SPDX-License-Identifier: BSD-2-Clause
// A visit by somebody whose name, code and address are found nowhere else.
import {code} from './states.mjs';
import {until} from './tap.mjs';

export const CANARY = {name: 'Cordelia Canary-Nightingale', code: 'CNRY-QXZW', path: 'canary-path-7031'};
/* As browsers keep text: a byte a letter, or two; in addresses, escaped. */
export const SPELLINGS = Object.values(CANARY).flatMap((text) =>
  [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le'), Buffer.from(encodeURIComponent(text))]);

const VISIT = [
  {...code, code: CANARY.code, uri: `https://idp.example.com/${CANARY.path}`},
  {state: 'approved', name: CANARY.name, seconds: 15},
  {state: 'checked_in', name: CANARY.name, since: 1700000000, seconds: 8},
];

/* From the first page, or from where the last visit ended (no hello). Gives what was seen in the midst of it. */
export async function visit(screen, hello, in_the_midst = () => null) {
  const {server} = screen;
  if (hello)
    await screen.open(hello);
  const loads = server.pages;
  for (const state of VISIT)
    await screen.show(state);
  const seen = await in_the_midst();
  server.say('reset', {});
  await until(() => server.pages > loads, 'the page is loaded anew');
  await screen.wait('idle');
  return seen;
}
