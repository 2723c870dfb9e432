// SPDX-License-Identifier: BSD-2-Clause
/*
 * Draws the states that the server tells, and tells it what the visitor does. It decides nothing, holds no words
 * of its own and keeps nothing: `reset` empties the page and loads it anew.
 */
'use strict';
(() => {
const SILENCE_MS = 25000;       // the server says something every 10 s
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const FITS = 9;                 // sizes in kiosk.css
const QUIET_ZONE = 4;           // modules around a QR
const FIRM_MS = 350;            // a finger that was on its way when the screen changed meant another screen
const NUDGE_PX = 12;            // what the page itself moves under the pointer is no motion
const LONG_CODE = 9, LONG_NAME = 60, LONG_URI = 90;
const ABOUT_SOMEBODY = new Set(['approved', 'checked_in', 'checked_out', 'already', 'denied', 'not_member', 'refused']);
const CANCELLABLE = new Set(['starting', 'code', 'unreachable', ...ABOUT_SOMEBODY]);

const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => within.querySelectorAll(selector);

let hello = null;               // what the server said first: texts, labels
let state = {state: 'blank'};
let shown = 0;                  // how many states there were: what belongs to one does not touch the next
let shown_at = 0;
let acted = 0;                  // the last of them that was answered
let pressed = 0;                // the one on which the pointer went down
let resting = null;             // where the pointer lies
let ticking = 0;
let stream = null;              // AbortController of the events

/* ---- words ---- */

function sentence(key, values) {
    const texts = hello ? hello.texts : {};
    return (values.name ? texts[key] : texts[`${key}_unnamed`] ?? texts[key]) ?? '';
}

/* A value has a direction of its own, and is text whatever it is. */
function fill(element, text, values) {
    const parts = text.split(/\{(\w+)\}/).map((part, i) => {
        if (i % 2 === 0)
            return document.createTextNode(part);
        const value = document.createElement('bdi');
        value.textContent = values[part] ?? '';
        return value;
    });
    element.replaceChildren(...parts);
}

function plain(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
}

/* The hour; the day, too, when it was another. */
function clock_time(epoch) {
    const at = new Date(epoch * 1000);
    const style = {hour: 'numeric', minute: '2-digit'};
    if (at.toDateString() !== new Date().toDateString())
        style.weekday = 'short';
    return new Intl.DateTimeFormat(document.documentElement.lang, style).format(at);
}

function minutes(seconds) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/* ---- drawing ---- */

function draw_qr(rows) {
    const qr = byId('qr');
    const size = rows.length;
    qr.replaceChildren();
    if (size === 0 || !rows.every((row) => row.length === size && /^[01]+$/.test(row)))
        return;
    let path = '';
    rows.forEach((row, y) => {
        for (const run of row.matchAll(/1+/g))
            path += `M${run.index + QUIET_ZONE} ${y + QUIET_ZONE}h${run[0].length}v1h-${run[0].length}z`;
    });
    const modules = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    modules.setAttribute('d', path);
    modules.setAttribute('fill', '#000000');
    qr.setAttribute('viewBox', `0 0 ${size + 2 * QUIET_ZONE} ${size + 2 * QUIET_ZONE}`);
    qr.append(modules);
}

function section_of(name) {
    return document.querySelector(`section[data-for="${CSS.escape(name)}"]`);
}

function fits(section) {
    const room = document.querySelector('main').getBoundingClientRect();
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight || document.body.scrollHeight > innerHeight)
        return false;
    return [...section.children].every((child) => {
        const box = child.getBoundingClientRect();
        return child.getClientRects().length === 0 || (child.scrollWidth <= child.clientWidth + 1 && box.top >= room.top - 1 && box.bottom <= room.bottom + 1);
    });
}

/* Makes it as large as it can be. */
function fit() {
    const section = section_of(state.state);
    for (let step = 0; step <= FITS; step++) {
        document.body.dataset.fit = step;
        if (!section || fits(section))
            return;
    }
}

/* What a screen reader says when the screen changes; a code letter by letter. */
function announcement(section) {
    const said = [...all('h1, p:not([data-countdown]), button.main', section)]
        .filter((e) => e.getClientRects().length > 0).map((e) => e.textContent.trim());
    if (state.state === 'code') {
        const code = [...state.code].join(' ');
        return [sentence('code_title', {}), plain(sentence('code_label', {}), {code}),
                sentence('code_warning', {})].join(' ');
    }
    return said.filter(Boolean).join('. ').replaceAll('..', '.');
}

function draw_section(section) {
    const values = {name: state.name || '', time: state.since ? clock_time(state.since) : ''};
    document.body.dataset.name = values.name.length > LONG_NAME ? 'long' : 'short';
    for (const element of all('[data-text]', section))
        fill(element, sentence(element.dataset.text, values), values);
    for (const element of all('[data-sentence]', section))
        element.textContent = state.text || sentence(element.dataset.sentence, values);
    for (const element of all('.since', section))
        element.hidden = !state.since;
}

function draw_code() {
    byId('code').textContent = state.code;
    byId('uri').textContent = state.uri;
    byId('qr').setAttribute('aria-label', plain(sentence('qr_label', {}), {uri: state.uri}));
    document.body.dataset.length = state.code.length > LONG_CODE ? 'long' : 'short';
    draw_qr(state.qr || []);
    document.body.dataset.uri = state.uri.length > LONG_URI && byId('qr').firstChild ? 'long' : 'short';
}

/* Nothing of the last visitor stays in the document. */
function wipe() {
    clearInterval(ticking);
    for (const element of all('[data-text], [data-sentence], [data-countdown], #said, #code, #uri, #qr'))
        element.replaceChildren();
    byId('qr').removeAttribute('aria-label');
    byId('qr').removeAttribute('viewBox');
    byId('left').setAttribute('width', '0');
    delete document.body.dataset.length;
    delete document.body.dataset.name;
    delete document.body.dataset.uri;
}

function count_down(seconds, whole) {
    const end = performance.now() + seconds * 1000;
    const tick = () => {
        const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
        byId('left').setAttribute('width', whole > 0 ? Math.min(100, 100 * left / whole) : 0);
        for (const element of all('[data-countdown]', section_of(state.state)))
            fill(element, sentence('time_left', {}), {time: minutes(left)});
    };
    tick();
    ticking = setInterval(tick, 1000);
}

function show(next) {
    const section = section_of(next.state) || section_of('refused');
    wipe();
    state = next;
    shown++;
    shown_at = performance.now();
    resting = null;
    for (const other of all('section'))
        other.hidden = other !== section;
    document.body.dataset.state = section.dataset.for;
    draw_section(section);
    if (state.state === 'code')
        draw_code();
    const seconds = state.expires_in ?? state.seconds;
    if (seconds !== undefined)
        count_down(seconds, state.lifetime ?? seconds);
    fit();
    byId('said').textContent = announcement(section);
    const button = section.querySelector('button.main');
    if (button)
        button.focus({preventScroll: true});
    else if (document.activeElement)
        document.activeElement.blur();
}

/* ---- what the server says ---- */

function greet(data) {
    hello = data;
    document.documentElement.lang = String(data.language || 'en').split(/[._@]/)[0].replace('_', '-');
    document.documentElement.dir = data.direction === 'rtl' ? 'rtl' : 'ltr';
    document.title = sentence('page_title', {});
    document.body.dataset.idle = data.idle === 'always' ? 'always' : 'touch';
    for (const id of ['label', 'location', 'machine'])
        byId(id).textContent = data[id] || '';
    byId('icon').hidden = !data.icon;
    if (data.icon)
        byId('icon').src = 'icon';
}

/*
 * Under another name of the server's, where it has one: a browser ends the process that drew the last visit
 * then, with all that it remembers.
 */
function next_address() {
    const other = ((hello && hello.names) || []).find((name) => name !== location.host);
    return other && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(other) ?
        `http://${other}${location.pathname}` : location.pathname;
}

/* Behind a failed navigation there is no page that could try again: so it goes only where an answer is. */
async function reset() {
    const next = next_address();
    stream.abort();
    wipe();
    hello = null;
    show({state: 'blank'});
    for (const id of ['label', 'location', 'machine'])
        byId(id).replaceChildren();
    for (let tries = 0;; tries++) {
        const there = await fetch('', {cache: 'no-store', credentials: 'omit'}).then((a) => a.ok, () => false);
        if (there)
            break;
        await pause(tries);
    }
    location.replace(next);
}

function take(event, data) {
    if (event === 'hello')
        greet(data);
    else if (event === 'state' && hello)
        show(data);
    else if (event === 'reset')
        reset();
    return event !== 'reset';
}

/* One event, lines of "field: value". False when it was the last. */
function take_block(block) {
    let event = '', data = '';
    for (const line of block.split('\n')) {
        if (line.startsWith('event:'))
            event = line.slice(6).trim();
        else if (line.startsWith('data:'))
            data += line.slice(5).trim();
    }
    return data === '' || take(event, JSON.parse(data));
}

/* Until it ends, or nothing is heard of it, not even a comment (for these it is no EventSource). */
async function read_events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '', silence;
    const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(() => stream.abort(), SILENCE_MS);
    };
    try {
        for (heard();; heard()) {
            const {done, value} = await reader.read();
            if (done)
                return true;
            const blocks = (rest + value).replaceAll('\r', '').split('\n\n');
            rest = blocks.pop();
            if (!blocks.every(take_block))
                return false;
        }
    } finally {
        clearTimeout(silence);
    }
}

function pause(tries) {
    return new Promise((go_on) => setTimeout(go_on, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
}

async function listen() {
    for (let tries = 0;; tries++) {
        let why = 'lost';
        stream = new AbortController();
        try {
            const answer = await fetch('events', {signal: stream.signal, cache: 'no-store', credentials: 'omit'});
            if (answer.status === 503) {
                why = 'busy';
                await read_events(answer.body); // the words for it
            }
            if (answer.ok) {
                tries = 0;
                if (!await read_events(answer.body))
                    return;
            }
        } catch {
            /* Told by the screen. */
        }
        if (state.state !== why)
            show({state: why});
        await pause(tries);
    }
}

/* ---- what the visitor does ---- */

async function act(action) {
    const answered = shown;
    if (!hello || acted === shown)
        return;
    acted = shown;
    const answer = await fetch('act', {
        method: 'POST', cache: 'no-store', credentials: 'omit', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({viewer: hello.viewer, action}),
    }).catch(() => null);
    if (!(answer && answer.ok) && acted === answered)
        acted = 0;
}

function wake() {
    if (state.state === 'idle' && hello.idle !== 'always')
        act('start');
}

function cancel() {
    if (CANCELLABLE.has(state.state) && (ABOUT_SOMEBODY.has(state.state) || hello.idle !== 'always'))
        act('cancel');
}

/* detail is 0 for a key and for what helps people press buttons: nothing went down before it. */
function firm(event) {
    return (event.detail === 0 || pressed === shown) && performance.now() - shown_at >= FIRM_MS;
}

addEventListener('pointerdown', () => { pressed = shown; });

addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (state.state === 'idle')
        wake();
    else if (button && firm(event))
        act(button.dataset.action);
});

addEventListener('pointermove', (event) => {
    resting = resting || event;
    if (Math.hypot(event.screenX - resting.screenX, event.screenY - resting.screenY) > NUDGE_PX)
        wake();
});

addEventListener('keydown', (event) => {
    const presses = event.key === 'Enter' || event.key === ' ';
    const is_shortcut = event.ctrlKey || event.altKey || event.metaKey;
    /* The browser's own keys print, save, look for words, change the size or show developers' tools. */
    if (is_shortcut || !(event.key === 'Tab' || (presses && !event.repeat)))
        event.preventDefault();
    if (event.repeat || is_shortcut || event.key === 'Tab')
        return;
    if (event.key === 'Escape')
        cancel();
    else if (state.state === 'idle')
        wake();
    else if (presses && state.state === 'approved' && document.activeElement.tagName !== 'BUTTON' && firm(event))
        act('confirm');
});

for (const event of ['contextmenu', 'dragstart', 'dragover', 'drop'])
    addEventListener(event, (e) => e.preventDefault());
addEventListener('wheel', (event) => event.preventDefault(), {passive: false}); // with Control it is another size
addEventListener('resize', fit);
addEventListener('pagehide', wipe);
addEventListener('pageshow', (event) => {
    if (event.persisted)
        location.replace(location.pathname);
});
document.fonts.ready.then(fit);
listen();
})();
