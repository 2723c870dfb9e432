// SPDX-License-Identifier: BSD-2-Clause
// A kiosk stands there for years: the server, the network and the helper go and come back, and visitors leave.
import {Screen} from './screen.mjs';
import {Server} from './server.mjs';
import {code, hello, languages} from './states.mjs';
import {test, until} from './tap.mjs';
import {CANARY, visit} from './visit.mjs';

const SILENCE = 'a server that says nothing for 25 s is lost, one that says no more than a comment is not';
async function comes_back(screen, breaks, mends) {
  const {server} = screen;
  await screen.open(hello('en'), code);
  await breaks(server);
  await screen.wait('lost');
  const kept = await screen.page.evaluate((letters) => document.body.textContent.includes(letters), code.code);
  await mends(server);
  await screen.wait('code');
  return [kept && 'the code stayed on the screen of a sign-in that had ended'];
}

/* In pages of their own, beside the others, for it takes long; gives what tells how it went. */
export async function silence(browser) {
  const server = new Server();
  server.silent = true;
  await server.open();
  const screens = [];
  for (const says of [false, true]) {
    const screen = new Screen(await browser.watch(await browser.chromium.newPage()), server);
    await screen.open(hello('en'), code);
    screens.push({screen, says});
  }
  const [, second] = [...server.viewers];
  await browser.page.bringToFront(); // no finger reaches a page behind another
  const comments = setInterval(() => second.write(': still here\n\n'), 5000);
  const seen = screens[0].screen.wait('lost', 120).then(async () => [
    await screens[1].screen.page.evaluate(() => document.body.dataset.state !== 'code') && 'the other one, too'],
  (error) => [error.message]);
  return () => test(SILENCE, async () => {
    const found = await seen;
    clearInterval(comments);
    for (const {screen} of screens)
      await screen.page.close();
    await server.close();
    return found;
  });
}

/* Everything that a page can read of itself. */
function remains() {
  const all = (from) => [from, ...[...from.childNodes].flatMap(all)];
  const dom = all(document).map((node) => node.nodeValue + [...(node.attributes ?? [])].map((a) => a.value).join(' '));
  return JSON.stringify([dom, JSON.stringify(history.state), location.href, document.referrer, document.cookie,
    {...localStorage}, {...sessionStorage}, performance.getEntries().map((e) => e.name), window.name]);
}

const canaries = (text) => Object.values(CANARY).filter((canary) => text.includes(canary));

async function forgets(screen) {
  const {page} = screen;
  await visit(screen, hello('en'));
  const found = canaries(await page.evaluate(remains)).map((canary) => `the page has ${canary}`);
  const client = await page.createCDPSession();
  const {entries} = await client.send('Page.getNavigationHistory');
  found.push(...canaries(JSON.stringify(entries)).map((canary) => `the history has ${canary}`));
  const before = entries.length;
  await visit(screen, hello('en'));
  const after = (await client.send('Page.getNavigationHistory')).entries.length;
  if (after !== before)
    found.push(`a visit adds ${after - before} steps to the history`);
  for (const step of [() => page.goBack(), () => page.goForward()]) {
    await step();
    found.push(...canaries(await page.content()).map((canary) => `back or forward shows ${canary}`));
  }
  return found;
}

export async function lasting(screen) {
  await screen.light(1280, 800);
  await test('a connection that ends is told, and found again', () => comes_back(screen, (server) => {
    server.status = 500;
    server.hang_up();
  }, (server) => { server.status = 200; }));
  await test('a server that goes is told, and found again', () => comes_back(screen, (server) => server.close(),
    (server) => server.open(server.port)));
  await test('a server that has too many screens is told as busy', async () => {
    await screen.open(hello('en'));
    screen.server.status = 503;
    screen.server.hang_up();
    await screen.wait('busy');
    screen.server.status = 200;
    await screen.wait('idle');
  });
  await test('a page that never had a place says so in its language', async () => {
    const found = [];
    for (const language of Object.keys(languages)) {
      const words = hello(language);
      screen.server.status = 503;
      screen.server.hello = words;
      await screen.page.goto(screen.server.url, {waitUntil: 'load'});
      await screen.wait('busy');
      const said = await screen.page.$$eval('html, section:not([hidden]) > :not(svg), #label',
        (all) => all.map((e) => e.lang || e.textContent));
      for (const wanted of [language, words.texts.busy_title, words.texts.busy_text, words.label])
        found.push(!said.includes(wanted) && `${language}: no “${wanted}” in ${said}`);
      screen.server.status = 200;
      await screen.wait('idle');
    }
    return found;
  });
  await test('a reset while the server is away waits for it', async () => {
    const {server} = screen;
    await screen.open(hello('en'));
    server.say('reset', {});
    await server.close();
    await new Promise((go_on) => setTimeout(go_on, 700));
    await server.open(server.port);
    await screen.wait('idle');
  });
  await test('nothing of a visitor stays in page, storage or history after a reset', () => forgets(screen));
  await test('the countdown counts down', async () => {
    await screen.open(hello('en'));
    await screen.show({...code, expires_in: 90});
    const shown = () => screen.page.$eval('section:not([hidden]) [data-countdown]', (e) => e.textContent);
    const first = await shown();
    await until(async () => (await shown()) !== first, 'another second');
    return [!/^Time left: 1:[0-3]\d$/.test(first) && first];
  });
}
