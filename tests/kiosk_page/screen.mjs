// SPDX-License-Identifier: BSD-2-Clause
// The page as a visitor has it: what it is told, and what is then on the screen.
import {until} from './tap.mjs';

export class Screen {
  constructor(page, server) {
    this.page = page;
    this.server = server;
  }

  async open(hello, ...greeting) {
    this.server.hello = hello;
    this.server.greeting = greeting.length ? greeting : [{state: 'idle'}];
    await this.page.goto(this.server.url, {waitUntil: 'load'});
    await this.wait(this.server.greeting.at(-1).state);
  }

  /* Until that state is what the page shows. */
  async wait(state, seconds = 90) {
    await this.page.waitForFunction((name) => document.body.dataset.state === name,
      {polling: 15, timeout: seconds * 1000}, state);
  }

  async show(state) {
    await this.page.evaluate(() => { document.body.dataset.state = ''; }); // so that the same can come again
    this.server.say('state', state);
    await this.wait(state.state);
  }

  /* The screen's size, and whether it is dark around. */
  async light(width, height, scheme = 'light') {
    await this.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme},
      {name: 'prefers-reduced-motion', value: 'reduce'}]);
    await this.page.setViewport({width, height, deviceScaleFactor: 1});
  }

  async acts(count) {
    await until(() => this.server.acts.length >= count, `${count} acts`);
    return this.server.acts.splice(0).map(({action}) => action);
  }
}
