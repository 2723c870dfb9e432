// SPDX-License-Identifier: BSD-2-Clause
// What the browser's processes hold in the memory that they may write to, all of it read through /proc; and what lies
// in its files once it has ended, for until then it may not have written all that it means to.
import fs from 'node:fs';
import path from 'node:path';
import {hello} from './states.mjs';
import {test, until} from './tap.mjs';
import {SPELLINGS, visit} from './visit.mjs';

const PART = 1 << 22; // bytes at once

function parent_of(pid) {
  const status = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}

/* A process may end while it is looked at: then it holds nothing. */
function maybe(what, otherwise) {
  try {
    return what();
  } catch {
    return otherwise;
  }
}

function family(root) {
  const parents = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    .map((pid) => [pid, maybe(() => parent_of(pid), 0)]);
  const found = [root];
  for (const member of found)
    found.push(...parents.filter(([, parent]) => parent === member).map(([pid]) => pid));
  return found;
}

/* Where it may write, as lines of maps. */
function parts_of(pid) {
  const maps = maybe(() => fs.readFileSync(`/proc/${pid}/maps`, 'utf8'), '');
  return maps.split('\n').map((line) => /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line)).filter(Boolean)
    .map(([, from, to]) => [parseInt(from, 16), parseInt(to, 16)]);
}

/* In small steps, so that the server can go on meanwhile. */
async function holds(pid) {
  const memory = maybe(() => fs.openSync(`/proc/${pid}/mem`, 'r'), -1);
  try {
    for (const [from, to] of memory < 0 ? [] : parts_of(pid))
      for (let at = from; at < to; at += PART) {
        const part = Buffer.alloc(Math.min(PART, to - at));
        const read = part.subarray(0, maybe(() => fs.readSync(memory, part, 0, part.length, at), 0));
        if (SPELLINGS.some((spelling) => read.includes(spelling)))
          return true;
        await new Promise((go_on) => setImmediate(go_on));
      }
    return false;
  } finally {
    if (memory >= 0)
      fs.closeSync(memory);
  }
}

async function holders(browser) {
  const found = [];
  for (const pid of family(browser.chromium.process().pid))
    if (await holds(pid))
      found.push(pid);
  return found;
}

export async function memory(screen, browser) {
  await screen.light(1280, 800);
  await test('nothing of a visitor is in the memory of any process of the browser after a reset', async () => {
    for (const name of screen.server.hosts()) {
      const first = name.startsWith('127.') ? hello('en', {names: screen.server.hosts()}) : null;
      const left = await visit(screen, first, () => holders(browser));
      if (left.length === 0)
        return [`nobody held anything during the visit at ${name}: this proves nothing`];
      await until(async () => (await holders(browser)).length === 0, `still held after the visit at ${name}`, 60);
    }
    return [];
  });
  await test('the page goes from one of its names to the other', async () => {
    const at = [];
    for (let i = 0; i < 3; i++) {
      await visit(screen, null);
      at.push(new URL(screen.page.url()).hostname);
    }
    return at.join() === 'localhost,127.0.0.1,localhost' || at.join() === '127.0.0.1,localhost,127.0.0.1' ? [] : [at.join()];
  });
}

export async function files(browser) {
  await test('nothing of a visitor is in any file of the browser, nor when it has ended', async () => {
    const found = [];
    for (const state of ['running', 'ended']) {
      const names = fs.readdirSync(browser.folder, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
      found.push(...names.filter((name) => maybe(() => SPELLINGS.some((s) => fs.readFileSync(name).includes(s)), false))
        .map((name) => `${state}: ${name}`), names.length < 10 && `only ${names.length} files: this proves nothing`);
      if (state === 'running')
        await browser.end();
    }
    return found;
  });
}
