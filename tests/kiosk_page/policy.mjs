// SPDX-License-Identifier: BSD-2-Clause
// Where a visitor has a keyboard: another window of the kiosk's own browser opens nothing but the page.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {Browser} from './browser.mjs';
import {test} from './tap.mjs';

const FOLDER = '/etc/chromium', START = '/run/credentials/frontdesk-kiosk-browser.service/start.html';
const POLICY = path.resolve('packaging/chromium/frontdesk-kiosk.json');
const CLOSED = ['data:text/html,<p>another code', 'file:///etc/passwd', 'file:///run/', 'chrome://version', 'chrome://settings',
  'https://example.com/', 'http://127.0.0.1.example.com/'];

/* For this test's own view of the machine. The tools that are forbidden are those that a test drives a browser with. */
function lay_down() {
  const policy = JSON.parse(fs.readFileSync(POLICY, 'utf8'));
  delete policy.DeveloperToolsAvailability;
  for (const folder of [FOLDER, '/run'])
    execFileSync('mount', ['-t', 'tmpfs', 'none', folder]);
  fs.mkdirSync(`${FOLDER}/policies/managed`, {recursive: true});
  fs.writeFileSync(`${FOLDER}/policies/managed/kiosk.json`, JSON.stringify(policy));
  fs.mkdirSync(path.dirname(START), {recursive: true});
  fs.writeFileSync(START, '<!doctype html><title>start</title>');
}

/* What it says of an address; '': it opens. */
async function opened(chromium, address) {
  const page = await chromium.newPage();
  const said = await page.goto(address, {timeout: 60000}).then(() => '', (error) => String(error.message));
  await page.close();
  return said;
}

async function only_the_page(url) {
  const browser = new Browser();
  const found = [];
  lay_down();
  await browser.open();
  try {
    for (const address of [url, url.replace('127.0.0.1', 'localhost'), `file://${START}`]) {
      const said = await opened(browser.chromium, address);
      found.push(said && `${address}: ${said}`);
    }
    for (const address of CLOSED) {
      const said = await opened(browser.chromium, address);
      found.push(!said.includes('ERR_BLOCKED_BY_ADMINISTRATOR') && `${address}: ${said || 'opens'}`);
    }
  } finally {
    await browser.close();
  }
  return found;
}

export async function policy(screen) {
  await test('with the policy that its unit gives it the browser opens nothing but the page',
    () => only_the_page(screen.server.url));
}
