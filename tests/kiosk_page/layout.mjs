// SPDX-License-Identifier: BSD-2-Clause
// Nothing is cut off, nothing lies on something else, and the code can be read from where a visitor stands.
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {LONG_HOUSE, LONG_NAME, URL, code, hello, languages, long_code, qr, states} from './states.mjs';
import {test} from './tap.mjs';

const SIZES = [[320, 320], [400, 400], [450, 450], [320, 480], [480, 320], [320, 568], [568, 320], [768, 1024], [1024, 1024],
  [1280, 800], [1920, 1080], [1080, 1920], [2160, 3840], [3840, 2160]];
const LETTERS_MIN = 0.06; // of the shorter side
const SMALLEST_TEXT = 11; // CSS pixels, whatever the screen

/* Runs in the page. */
function look(smallest) {
  const found = [];
  const section = [...document.querySelectorAll('section')].find((s) => !s.hidden);
  const visible = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible';
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} “${e.textContent.trim().slice(0, 30)}”`;
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight)
    found.push(`the page is ${root.scrollWidth}x${root.scrollHeight}`);
  const leaves = [...document.querySelectorAll('header *, footer *, h1, section p, section button, section .qr, section .sign')]
    .filter((e) => visible(e) && (!section || section.contains(e) || !e.closest('section')))
    .filter((e) => !e.closest('symbol') && !(e.parentElement.closest('p, h1, button, .qr, .sign')));
  const boxes = leaves.map((e) => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 0 && b.height > 0);
  for (const [e, b] of boxes) {
    if (b.left < -1 || b.top < -1 || b.right > innerWidth + 1 || b.bottom > innerHeight + 1)
      found.push(`${name(e)} is off the screen: ${[b.left, b.top, b.right, b.bottom].map(Math.round)}`);
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
      found.push(`${name(e)} is wider than its box`);
    if (e.textContent && parseFloat(getComputedStyle(e).fontSize) < smallest)
      found.push(`${name(e)} is in letters of ${getComputedStyle(e).fontSize}`);
  }
  boxes.forEach(([e, a], i) => boxes.slice(i + 1).forEach(([f, b]) => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      found.push(`${name(e)} lies on ${name(f)}`);
  }));
  if (boxes.length < 5)
    found.push(`only ${boxes.length} things are on the screen`);
  return found;
}

/* The lowest letter of the code, in pixels: its ink, in the font that it is drawn in. Runs in the page. */
function lowest_letter() {
  const element = document.getElementById('code');
  const style = getComputedStyle(element);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const heights = [...element.textContent].filter((c) => /[A-Z0-9]/.test(c)).map((c) => {
    const ink = pen.measureText(c);
    return ink.actualBoundingBoxAscent + ink.actualBoundingBoxDescent;
  });
  return heights.length ? Math.min(...heights) : 0;
}

async function everything_fits(screen, [width, height]) {
  const found = [];
  await screen.light(width, height);
  for (const language of Object.keys(languages)) {
    await screen.open(hello(language, language === 'de' ? LONG_HOUSE : {}));
    for (const [name, state] of Object.entries(states(language))) {
      await screen.show(state);
      const here = await screen.page.evaluate(look, SMALLEST_TEXT);
      found.push(...here.map((what) => `${language}, ${name}: ${what}`));
    }
  }
  return found;
}

/* What somebody else's decoder reads from a photograph of the whole screen. */
async function photograph(screen, folder) {
  const file = path.join(folder, 'screen.png');
  await screen.page.screenshot({path: file, optimizeForSpeed: true});
  return execFileSync('zbarimg', ['-q', '--nodbus', '--raw', '-Sdisable', '-Sqrcode.enable', file], {encoding: 'utf8'}).trim();
}

async function code_is_readable(screen, [width, height], folder) {
  const found = [];
  const need = LETTERS_MIN * Math.min(width, height);
  for (const scheme of ['light', 'dark']) {
    await screen.light(width, height, scheme);
    await screen.open(hello('de'));
    for (const state of [code, long_code, {...code, code: 'BCDFGHJKLMNP-QRSTVWXZ', qr: qr(`${URL}&x=${LONG_NAME.length}`)}]) {
      await screen.show(state);
      const letter = await screen.page.evaluate(lowest_letter);
      if (letter < need)
        found.push(`${state.code}: letters of ${letter} pixels, ${need} at least`);
    }
    await screen.show(code);
    const lines = await screen.page.$eval('#code', (e) => e.getClientRects().length);
    if (lines !== 1)
      found.push(`${code.code} takes ${lines} lines`);
    const read = await photograph(screen, folder).catch((error) => String(error));
    if (read !== URL)
      found.push(`${scheme}: the photograph reads ${read}`);
  }
  return found;
}

export async function layout(screen, browser) {
  for (const size of SIZES) {
    const name = size.join('x');
    await test(`at ${name} every state fits in English, German and Arabic`, () => everything_fits(screen, size));
    await test(`at ${name} the code's letters are 6 % of the shorter side, and a photograph gives the URL`,
      () => code_is_readable(screen, size, browser.folder));
  }
}
