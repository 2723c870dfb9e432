// SPDX-License-Identifier: BSD-2-Clause
// What a visitor who sees little, hears the screen, or is made ill by motion has of it.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {code, hello, languages, states} from './states.mjs';
import {test} from './tap.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CONTRAST_MIN = 4.5; // WCAG AA, for letters of any size
const SCHEMES = ['light', 'dark'];
const SPOKEN = {light: 'en', dark: 'ar'}; // axe is slow: each direction of writing once, each colour once

/* axe does not judge letters on a gradient: this takes the worse of its ends. Runs in the page. */
function low_contrasts(least) {
  const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour, under) => {
    for (const fill of [under, colour].filter(Boolean)) {
      pen.fillStyle = fill;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => colour.map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const body = getComputedStyle(document.body);
  const grounds = ['--ground', '--glow'].map((name) => body.getPropertyValue(name).trim());
  const found = [];
  for (const e of document.querySelectorAll('header p, footer p, h1, section p, bdi, button, .sign, .caution svg')) {
    if (e.getClientRects().length === 0)
      continue;
    const style = getComputedStyle(e);
    for (const ground of grounds) {
      const own = style.backgroundColor;
      const inside = e.closest('.letters, button, .sign');
      const ratio = contrast(rgb(style.color), rgb(inside ? getComputedStyle(inside).backgroundColor : own, ground));
      if (ratio < least)
        found.push(`${e.tagName} “${e.textContent.slice(0, 20)}” ${style.color} on ${own}, ${ground}: ${ratio.toFixed(2)}`);
    }
  }
  return found;
}

async function no_violation(screen, scheme) {
  const found = [];
  await screen.light(1280, 800, scheme);
  await screen.open(hello(SPOKEN[scheme]));
  await screen.page.evaluate(AXE);
  for (const [name, state] of Object.entries(states(SPOKEN[scheme]))) {
    await screen.show(state);
    const {violations} = await screen.page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
    found.push(...violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`));
    const low = await screen.page.evaluate(low_contrasts, CONTRAST_MIN);
    found.push(...low.map((what) => `${name}: ${what}`));
  }
  return found;
}

async function looks_of_its_own(screen, scheme) {
  await screen.light(1280, 800, scheme);
  await screen.open(hello('en'));
  const seen = {}, found = [];
  for (const state of ['idle', 'starting', 'approved', 'checked_in', 'checked_out', 'already', 'denied', 'expired',
    'not_member', 'busy', 'refused', 'unreachable', 'out_of_order', 'lost']) {
    await screen.show(states('en')[state]);
    const look = await screen.page.evaluate(() => {
      const section = [...document.querySelectorAll('section')].find((s) => !s.hidden);
      return [getComputedStyle(document.body).backgroundImage, section.querySelector('use').getAttribute('href'),
        section.querySelector('h1').textContent];
    });
    for (const part of look) {
      const shared = part === '#warning' || (state === 'starting' && part.includes('gradient'));
      if (part in seen && !shared)
        found.push(`${state} and ${seen[part]} share ${part}`);
      seen[part] = state;
    }
  }
  return found;
}

async function speaks(screen, language) {
  const found = [];
  await screen.light(1280, 800);
  await screen.open(hello(language));
  const {texts, direction} = languages[language];
  const idle = await screen.page.$eval('#said', (e) => e.textContent);
  if (!idle.includes(texts.idle_touch) || idle.includes(texts.idle_always))
    found.push(`it says “${idle}”`);
  await screen.show(code);
  const [lang, dir, said, title, label] = await screen.page.evaluate(() => [document.documentElement.lang,
    document.documentElement.dir, document.getElementById('said').textContent, document.title,
    document.getElementById('qr').getAttribute('aria-label')]);
  if (lang !== language || dir !== direction)
    found.push(`the document is ${lang}, ${dir}`);
  if (!said.includes('W D J B - M J H T') || !said.includes(texts.code_warning))
    found.push(`it says “${said}”`);
  if (title !== texts.page_title)
    found.push(`its title is “${title}”`);
  if (label !== texts.qr_label.replace('{uri}', code.uri))
    found.push(`the QR is “${label}”`);
  await screen.show({state: 'approved', name: 'Maya', seconds: 15});
  const welcome = await screen.page.evaluate(() => document.getElementById('said').textContent);
  if (!welcome.includes(texts.approved_title.replace('{name}', 'Maya')))
    found.push(`it says “${welcome}”`);
  return found;
}

/* Whoever names themselves so hopes that somebody forgot it. */
async function names_are_text(screen) {
  const name = '<img src=x onerror=alert(1)>&lt;{time}<b>bold</b>';
  await screen.light(1280, 800);
  await screen.open(hello('en'));
  const found = [];
  for (const state of ['approved', 'checked_in', 'checked_out', 'already']) {
    await screen.show({state, name, since: 1700000000, seconds: 8});
    const [text, elements] = await screen.page.evaluate(() => {
      const section = [...document.querySelectorAll('section')].find((s) => !s.hidden);
      return [section.textContent, section.querySelectorAll('img, b').length];
    });
    if (!text.includes(name) || elements > 0)
      found.push(`${state}: ${text}`);
  }
  await screen.show({state: 'denied', text: name, seconds: 8});
  const told = await screen.page.$eval('section:not([hidden]) [data-sentence]', (e) => e.textContent);
  return [...found, told !== name && `denied: ${told}`];
}

async function no_way_out(screen) {
  const found = [];
  await screen.light(1280, 800);
  await screen.open(hello('en'));
  for (const state of Object.values(states('en'))) {
    await screen.show(state);
    const ways = await screen.page.evaluate(() =>
      [...document.querySelectorAll('a, area, form, iframe, object, embed, input, [style], [onclick], [contenteditable], style')]
        .map((e) => `${e.outerHTML.slice(0, 80)}`));
    found.push(...ways.map((way) => `${state.state}: ${way}`));
  }
  const left = await screen.page.evaluate(left_to_the_browser);
  return [...found, ...left.map((what) => `the browser gets ${what}`)];
}

/* Of a menu, a drop, a wheel and keys, what the page does not keep to itself. Runs in the page. */
function left_to_the_browser() {
  const of_all = {bubbles: true, cancelable: true};
  const happenings = {'a long touch': new MouseEvent('contextmenu', of_all), 'a drop': new DragEvent('drop', of_all),
    'Control and the wheel': new WheelEvent('wheel', {...of_all, ctrlKey: true, deltaY: -100})};
  for (const key of ['F1', 'F3', 'F5', 'F11', 'F12', 'BrowserBack', 'ContextMenu', '/', "'"])
    happenings[key] = new KeyboardEvent('keydown', {...of_all, key});
  for (const key of ['p', 's', 'f', 'g', 'o', 'u', 'h', 'j', '+', '-', 'Enter', 'F4'])
    happenings[`Control and ${key}`] = new KeyboardEvent('keydown', {...of_all, key, ctrlKey: true});
  happenings['Control, Shift and I'] = new KeyboardEvent('keydown', {...of_all, key: 'I', ctrlKey: true, shiftKey: true});
  happenings['Alt and left'] = new KeyboardEvent('keydown', {...of_all, key: 'ArrowLeft', altKey: true});
  return Object.keys(happenings).filter((name) => document.body.dispatchEvent(happenings[name]));
}

async function motions(screen, motion) {
  await screen.light(1280, 800);
  await screen.page.emulateMediaFeatures([{name: 'prefers-reduced-motion', value: motion}]);
  await screen.open(hello('en'));
  return screen.page.evaluate(() => document.getAnimations().length);
}

export async function look(screen) {
  for (const scheme of SCHEMES) {
    await test(`axe finds no violation in any state, and letters contrast as WCAG AA asks: ${scheme}`,
      () => no_violation(screen, scheme));
    await test(`every state has a colour, a sign and a title of its own: ${scheme}`,
      () => looks_of_its_own(screen, scheme));
  }
  for (const language of Object.keys(languages))
    await test(`a screen reader hears what is shown: ${language}`, () => speaks(screen, language));
  await test('a name is text, whatever it says', () => names_are_text(screen));
  await test('no link, form, frame, field, menu or key leads out of the page, and no style or script stands in it',
    () => no_way_out(screen));
  await test('nothing moves for who wants no motion', async () => {
    const [calm, lively] = [await motions(screen, 'reduce'), await motions(screen, 'no-preference')];
    return [calm > 0 && `${calm} animations`, lively === 0 && 'nothing ever moves: this proves nothing'];
  });
}
