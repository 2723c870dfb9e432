// SPDX-License-Identifier: BSD-2-Clause
// One Chromium for all cases, with nobody else's settings, that tells what it complains about.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import {TOKEN} from './server.mjs';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
  '--no-default-browser-check', '--disable-default-apps', '--hide-scrollbars', '--disable-gpu', '--disable-dev-shm-usage',
  '--force-color-profile=srgb', '--password-store=basic', '--use-mock-keychain'];

/* The servers go away on purpose here. */
const EXPECTED = /Failed to load resource/;
const OWN = new RegExp(
  `^http://(127\\.0\\.0\\.1|localhost):\\d+/(${TOKEN}/(|kiosk\\.css|kiosk\\.js|icon|events|act)|favicon\\.ico)$|^about:`);

export class Browser {
  async open() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kiosk-page-'));
    this.profile = path.join(this.folder, 'profile');
    this.complaints = [];
    this.chromium = await puppeteer.launch({
      executablePath: '/usr/bin/chromium', headless: true, pipe: true, userDataDir: this.profile,
      env: {PATH: process.env.PATH, HOME: this.folder, LANG: 'C.UTF-8', XDG_RUNTIME_DIR: this.folder},
      /* The sandbox wants another user than root; nothing foreign is opened here. */
      args: ['--no-sandbox', ...QUIET],
    });
    this.page = await this.watch((await this.chromium.pages())[0]);
  }

  /* A page that tells what it complains about, from its first moment on, and what it asks elsewhere. */
  async watch(page) {
    const session = await page.createCDPSession();
    const complain = (text) => EXPECTED.test(text) || this.complaints.push(text);
    await session.send('Log.enable');
    session.on('Log.entryAdded', ({entry}) => complain(`${entry.source}: ${entry.text} ${entry.url ?? ''}`));
    page.on('console', (message) => complain(`console: ${message.text()}`));
    page.on('pageerror', (error) => complain(`error: ${error.stack}`));
    page.on('request', (request) => OWN.test(request.url()) || complain(`asked for ${request.url()}`));
    await page.evaluateOnNewDocument(() => {
      addEventListener('securitypolicyviolation', (e) =>
        console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
    });
    return page;
  }

  /* What was said until now. */
  heard() {
    return this.complaints.splice(0);
  }

  /* Its files stay. */
  async end() {
    await this.chromium.close();
  }

  async close() {
    if (this.chromium.connected)
      await this.end();
    fs.rmSync(this.folder, {recursive: true, force: true, maxRetries: 10});
  }
}
