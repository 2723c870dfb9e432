// SPDX-License-Identifier: BSD-2-Clause
// Says what held, as TAP.
let count = 0, failed = 0;

/* `offences`: what was found that should not be. */
export function holds(name, offences) {
  const found = [].concat(offences).filter(Boolean);
  console.log(`${found.length ? 'not ok' : 'ok'} ${++count} - ${name}`);
  for (const offence of found.slice(0, 40))
    console.log(`# ${String(offence).replaceAll('\n', '\n# ')}`);
  failed += found.length ? 1 : 0;
}

/* What breaks a test does not hide the next one. */
export async function test(name, body) {
  try {
    holds(name, (await body()) ?? []);
  } catch (error) {
    holds(name, error.stack);
  }
}

export function done() {
  console.log(`1..${count}`);
  process.exitCode = failed ? 1 : 0;
}

/* Patience is for a slow machine: what holds is seen at once. */
export async function until(condition, what, seconds = 90) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((go_on) => setTimeout(go_on, 20)))
    if (await condition())
      return;
  throw new Error(`waited ${seconds} s: ${what}`);
}
