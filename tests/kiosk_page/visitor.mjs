// SPDX-License-Identifier: BSD-2-Clause
// Fingers, keys and a mouse: what counts as a wish, and what does not.
import {code, hello} from './states.mjs';
import {test, until} from './tap.mjs';

const APPROVED = {state: 'approved', name: 'Maya Okonkwo', seconds: 15};
const SETTLED_MS = 450; // longer than a finger that was on its way

const LAST = {cancel: {state: code, key: 'Escape'}, start: {state: {state: 'idle'}, key: 'x'}};

const settle = () => new Promise((go_on) => setTimeout(go_on, SETTLED_MS));
const same = (a, b) => (JSON.stringify(a) === JSON.stringify(b) ? [] : [`${JSON.stringify(a)}, not ${JSON.stringify(b)}`]);

/* What it asked for: behind it comes another wish that always counts, so nothing is waited for in vain. */
async function wishes(screen, state, hand, last) {
  await screen.show(state);
  await settle();
  await hand(screen.page);
  await screen.show(LAST[last].state);
  await screen.page.keyboard.press(LAST[last].key);
  const asked = [];
  do
    asked.push(...await screen.acts(1));
  while (asked.at(-1) !== last);
  return asked.slice(0, -1);
}

const TOUCHES = {
  'a touch anywhere': (page) => page.touchscreen.tap(40, 700),
  'a click on the button': (page) => page.click('section:not([hidden]) button'),
  'a key': (page) => page.keyboard.press('x'),
  'a mouse that moves': async (page) => {
    await page.mouse.move(300, 300);
    await page.mouse.move(500, 420, {steps: 4});
  },
};
const CONFIRMS = {
  'Enter': (page) => page.keyboard.press('Enter'),
  'the space bar': (page) => page.keyboard.press('Space'),
  'a touch on the button': (page) => page.tap('section:not([hidden]) button.main'),
  'two touches, once': async (page) => {
    await page.tap('section:not([hidden]) button.main');
    await page.tap('section:not([hidden]) button.main');
  },
  'Enter where nothing has the focus': async (page) => {
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Enter');
  },
};
const NO_CONFIRMS = {
  'a touch beside the button': (page) => page.touchscreen.tap(40, 700),
  'a mouse that moves': TOUCHES['a mouse that moves'],
  'a key that is no Enter': (page) => page.keyboard.press('x'),
  'Control and Enter': async (page) => {
    await page.keyboard.down('Control');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Enter');
    await page.keyboard.up('Control');
  },
};

async function each(screen, state, hands, wanted) {
  const found = [];
  for (const [name, hand] of Object.entries(hands))
    found.push(...same(await wishes(screen, state, hand, wanted[0] === 'cancel' ? 'start' : 'cancel'), wanted).map((what) => `${name}: ${what}`));
  return found;
}

/* As soon as the button is there: nobody has read the name yet. Runs in the page. */
function press_at_once() {
  const observer = new MutationObserver(() => {
    const button = document.querySelector('section:not([hidden]) button.main');
    if (document.body.dataset.state === 'approved' && button) {
      observer.disconnect();
      button.click();
    }
  });
  observer.observe(document.body, {attributeFilter: ['data-state']});
}

/* Held down since the screen before: it was meant for that one. */
async function meant_for_another(screen) {
  const found = [];
  const {page} = screen;
  await screen.show({state: 'starting'});
  await page.keyboard.down('Enter');
  found.push(...same(await wishes(screen, APPROVED, async () => {
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
  }, 'cancel'), []).map((what) => `Enter: ${what}`));
  await screen.show(APPROVED);
  const button = await page.$('section:not([hidden]) button.main');
  const {x, y} = await button.clickablePoint();
  await screen.show({state: 'starting'});
  await page.mouse.move(x, y);
  await page.mouse.down();
  found.push(...same(await wishes(screen, APPROVED, () => page.mouse.up(), 'cancel'), []).map((what) => `mouse: ${what}`));
  await screen.show({state: 'starting'});
  await page.evaluate(press_at_once);
  await screen.show(APPROVED);
  found.push(...same(await wishes(screen, {state: 'starting'}, () => {}, 'cancel'), []).map((what) => `too soon: ${what}`));
  return found;
}

/* A pointer that lies there sees the page move beneath it. */
async function resting(screen) {
  await screen.page.mouse.move(200, 200);
  return same(await wishes(screen, {state: 'idle'}, async (page) => {
    await page.mouse.move(203, 202);
    await page.mouse.move(207, 205, {steps: 3});
    await page.mouse.move(204, 199);
    await page.setViewport({width: 1270, height: 790});
  }, 'cancel'), []);
}

async function refused_wish(screen) {
  const {server, page} = screen;
  await screen.show({state: 'idle'});
  server.act_status = 409;
  await page.keyboard.press('a');
  await screen.acts(1);
  server.act_status = 204;
  await until(async () => {
    await page.keyboard.press('b'); // as soon as the page has heard of the refusal
    return server.acts.length > 0;
  }, 'another wish');
  return same(server.acts.splice(0)[0], {viewer: hello('en').viewer, action: 'start'});
}

export async function visitor(screen) {
  await screen.light(1280, 800);
  await screen.open(hello('en'));
  await test('touch, key and motion each ask for a code, once', () => each(screen, {state: 'idle'}, TOUCHES, ['start']));
  await test('a resting pointer asks for nothing', () => resting(screen));
  await test('Enter, space and a touch on the button confirm, once', () => each(screen, APPROVED, CONFIRMS, ['confirm']));
  await test('nothing else confirms', () => each(screen, APPROVED, NO_CONFIRMS, []));
  await test('what was pressed on the screen before, or too soon to have read, confirms nothing',
    () => meant_for_another(screen));
  await test('Escape and the button cancel', async () => {
    const hands = {escape: (page) => page.keyboard.press('Escape'),
      button: (page) => page.tap('section:not([hidden]) [data-action="cancel"]')};
    const found = [];
    for (const state of [{state: 'starting'}, code, APPROVED, {state: 'unreachable', since: 1, text: 'x'}])
      found.push(...await each(screen, state, hands, ['cancel']));
    return found;
  });
  await test('a wish that the server refused can be had again, and names the viewer', () => refused_wish(screen));
  await screen.open(hello('en', {idle: 'always'}));
  await test('where a code is always fresh no touch asks for one, and only a name can be cancelled', async () => {
    await screen.show({state: 'idle'});
    for (const hand of Object.values(TOUCHES))
      await hand(screen.page).catch(() => {}); // there is no button
    await screen.show(code);
    await screen.page.keyboard.press('Escape');
    await screen.show(APPROVED);
    await settle();
    await screen.page.keyboard.press('Escape');
    return same(await screen.acts(1), ['cancel']);
  });
}
