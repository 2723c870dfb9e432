// SPDX-License-Identifier: BSD-2-Clause
// What the browser's processes hold in the memory that they may write to: all of it is read through /proc.
import fs from 'node:fs';
import {hello} from './states.mjs';
import {CANARY, visit} from './visit.mjs';
import {test, until} from './tap.mjs';

const PART = 1 << 24; // bytes at once

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

function* memory_of(pid) {
  const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of fs.readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      for (let at = parseInt(from, 16); at < parseInt(to, 16); at += PART) {
        const part = Buffer.alloc(Math.min(PART, parseInt(to, 16) - at));
        yield part.subarray(0, maybe(() => fs.readSync(memory, part, 0, part.length, at), 0));
      }
    }
  } finally {
    fs.closeSync(memory);
  }
}

/* As browsers keep text: a byte a letter, or two. */
const SPELLINGS = Object.values(CANARY).flatMap((text) => [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')]);

function holders(browser) {
  return family(browser.chromium.process().pid).filter((pid) => maybe(() => {
    for (const part of memory_of(pid))
      if (SPELLINGS.some((spelling) => part.includes(spelling)))
        return true;
    return false;
  }, false)).map((pid) => maybe(() => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2).join(' '), ''));
}

export async function memory(screen, browser) {
  await screen.light(1280, 800);
  await test('nothing of a visitor is in the memory of any process of the browser after a reset', async () => {
    for (const name of screen.server.hosts()) {
      const first = name.startsWith('127.') ? hello('en', {names: screen.server.hosts()}) : null;
      const left = await visit(screen, first, () => holders(browser));
      if (left.length === 0)
        return [`nobody held anything during the visit at ${name}: this proves nothing`];
      await until(() => holders(browser).length === 0, `still held after the visit at ${name}`, 20);
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
