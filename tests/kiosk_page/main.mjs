// SPDX-License-Identifier: BSD-2-Clause
// One browser and one server for all that is said of the page. `run PART...` is for a hand.
import {Browser} from './browser.mjs';
import {lasting, silence} from './lasting.mjs';
import {layout} from './layout.mjs';
import {look} from './look.mjs';
import {files, memory} from './memory.mjs';
import {policy} from './policy.mjs';
import {Screen} from './screen.mjs';
import {Server} from './server.mjs';
import {done, test} from './tap.mjs';
import {visitor} from './visitor.mjs';

const PARTS = {lasting, memory, visitor, look, layout, policy};
const asked = process.argv.slice(2);
const server = new Server();
const browser = new Browser();

await server.open();
await browser.open();
try {
  const screen = new Screen(browser.page, server);
  const silent = await silence(browser);
  for (const [name, part] of Object.entries(PARTS))
    if (asked.length === 0 || asked.includes(name))
      await part(screen, browser);
  await silent();
  await test('the browser complained about nothing, and loaded nothing that is not the page\'s own', () => browser.heard());
  await files(browser);
} finally {
  await browser.close();
  await server.close();
}
done();
