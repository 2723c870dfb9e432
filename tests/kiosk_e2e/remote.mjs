// SPDX-License-Identifier: BSD-2-Clause
// The browsers of a test that is written in another language: a line of JSON for each wish, a line for what came of it.
import readline from 'node:readline';

const {Browser} = await import(`${process.env.O}/kiosk_page/browser.mjs`);

/* Runs in the page, before everything else: tells each state with what is then on the screen. */
function tell_states() {
  new MutationObserver((changes) => {
    if (!changes.some(({target}) => target === document.body))
      return;
    const section = document.querySelector('section:not([hidden])');
    globalThis.tell_state(JSON.stringify({
      state: document.body.dataset.state, text: section ? section.innerText : '',
      code: document.getElementById('code').textContent, uri: document.getElementById('uri').textContent}));
  }).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-state']});
}

class Tab {
  constructor(page) {
    this.page = page;
    this.seen = []; // states that nobody has asked for yet
    this.wake = () => {};
  }

  async begin() {
    this.page.on('request', (request) => {
      if (request.url().endsWith('/act'))
        this.viewer = JSON.parse(request.postData()).viewer;
    });
    const session = await this.page.createCDPSession();
    session.on('Runtime.bindingCalled', ({name, payload}) => {
      if (name === 'tell_state')
        this.seen.push(JSON.parse(payload));
      this.wake();
    });
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', {name: 'tell_state'});
    await this.page.evaluateOnNewDocument(tell_states);
    await this.page.setViewport({width: 1280, height: 800, deviceScaleFactor: 1});
  }

  /* The next state of this name; those before it are passed over, and told. */
  async until(names, seconds) {
    const passed = [];
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      while (this.seen.length) {
        const state = this.seen.shift();
        if (names.includes(state.state))
          return {...state, passed};
        passed.push(state.state);
      }
      await new Promise((wake) => {
        this.wake = wake;
        setTimeout(wake, 200);
      });
    }
    const there = await this.page.evaluate(() => document.body.dataset.state).catch(String);
    throw new Error(`waited ${seconds} s for ${names}; there were ${passed}; now it is ${there}`);
  }
}

const FIRM_MS = 450; // the page takes a finger that is quicker than that for one meant for the screen before
const browsers = {}, tabs = {};

const wishes = {
  async launch({browser}) {
    browsers[browser] = new Browser();
    await browsers[browser].open();
    return {folder: browsers[browser].folder, pid: browsers[browser].chromium.process().pid};
  },
  async tab({browser, tab, states = true}) {
    const {chromium} = browsers[browser];
    tabs[tab] = new Tab(await browsers[browser].watch(await chromium.newPage()));
    if (states)
      await tabs[tab].begin();
  },
  async go({tab, url}) {
    await tabs[tab].page.goto(url, {waitUntil: 'load', timeout: 60000});
  },
  until: ({tab, names, seconds}) => tabs[tab].until(names, seconds),
  /* The secret that the page has named when it last asked for something. */
  viewer: ({tab}) => tabs[tab].viewer,
  /* What was seen and not asked for. */
  seen: ({tab}) => tabs[tab].seen.splice(0),
  async touch({tab}) {
    await tabs[tab].page.bringToFront();
    await tabs[tab].page.touchscreen.tap(40, 700);
  },
  async press({tab, selector}) {
    await tabs[tab].page.bringToFront();
    await new Promise((go_on) => setTimeout(go_on, FIRM_MS));
    await tabs[tab].page.tap(`section:not([hidden]) ${selector}`);
  },
  key: ({tab, key}) => tabs[tab].page.keyboard.press(key),
  reload: ({tab}) => tabs[tab].page.reload({waitUntil: 'load', timeout: 60000}).then(() => null),
  async photograph({tab, file, optimizeForSpeed = true}) {
    await tabs[tab].page.bringToFront();
    await tabs[tab].page.screenshot({path: file, optimizeForSpeed});
  },
  async stand({tab, width, height, scheme, scale = 1}) {
    await tabs[tab].page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme},
      {name: 'prefers-reduced-motion', value: 'reduce'}]);
    await tabs[tab].page.setViewport({width, height, deviceScaleFactor: scale});
  },
  evaluate: ({tab, script}) => tabs[tab].page.evaluate(script),
  async history({tab}) {
    const session = await tabs[tab].page.createCDPSession();
    return session.send('Page.getNavigationHistory');
  },
  close: ({tab}) => tabs[tab].page.close(),
  heard: ({browser}) => browsers[browser].heard(),
  /* What it has written stays. */
  end: ({browser}) => browsers[browser].chromium.close(),
  quit: ({browser}) => browsers[browser].close(),
};

for await (const line of readline.createInterface({input: process.stdin})) {
  const wish = JSON.parse(line);
  let came;
  try {
    came = {result: (await wishes[wish.wish](wish)) ?? null};
  } catch (error) {
    came = {error: String(error.stack)};
  }
  console.log(JSON.stringify(came));
}
for (const browser of Object.values(browsers))
  await browser.close().catch(() => {});
