// SPDX-License-Identifier: BSD-2-Clause
// Runs in a hostile page: all that a page may try with an address of another origin, and what it learns by each.

/* At worst it knows a viewer, too. */
const BODY = (viewer, action) => JSON.stringify({viewer, action});

function loaded(tag, attributes) {
  return new Promise((tell) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.onload = () => tell('loaded');
    element.onerror = () => tell('failed');
    document.documentElement.append(element);
  });
}

async function asked(address, options) {
  try {
    const answer = await fetch(address, options);
    return [answer.type, answer.status, answer.redirected, await answer.text(), [...answer.headers]];
  } catch (error) {
    return error.name;
  }
}

function opened(stream) {
  return new Promise((tell) => {
    stream.onmessage = stream.onopen = (event) => tell(`heard ${event.type}`);
    stream.onerror = () => tell('failed');
  }).finally(() => stream.close());
}

async function loads(frame, begin) {
  const end = new Promise((tell) => { frame.onload = tell; });
  begin();
  await end;
  return frame;
}

function framed(attributes) {
  const frame = document.createElement('iframe');
  return loads(frame, () => document.documentElement.append(Object.assign(frame, attributes)));
}

function seen_in(frame) {
  const seen = [frame.contentWindow.length];
  const looks = [() => frame.contentDocument?.documentElement.outerHTML ?? null, () => frame.contentWindow.location.href];
  for (const look of looks)
    try {
      seen.push(look());
    } catch (error) {
      seen.push(error.name);
    }
  return seen;
}

/* A form needs no leave to be sent anywhere. */
async function posted(action, viewer, what) {
  const sent = {method: 'POST', action, enctype: 'text/plain', target: what};
  const form = Object.assign(document.createElement('form'), sent);
  const value = `",${BODY(viewer, what).slice(1)}`; // behind NAME=, it is JSON
  form.append(Object.assign(document.createElement('input'), {name: '{"x":"', value}));
  const frame = await framed({name: what, srcdoc: '<p>'});
  document.documentElement.append(form);
  return seen_in(await loads(frame, () => form.submit()));
}

async function attempts(base, viewer) {
  const json = {'Content-Type': 'application/json'};
  const learnt = {};
  for (const name of ['', 'kiosk.js', 'events', 'icon'])
    for (const mode of ['cors', 'no-cors'])
      learnt[`${mode} ${name}`] = await asked(base + name, {mode});
  for (const action of ['cancel', 'confirm']) {
    learnt[`post ${action}`] = await asked(`${base}act`, {method: 'POST', headers: json, body: BODY(viewer, action)});
    learnt[`blind ${action}`] = await asked(`${base}act`, {method: 'POST', mode: 'no-cors', body: BODY(viewer, action)});
    learnt[`beacon ${action}`] = navigator.sendBeacon(`${base}act`, BODY(viewer, action));
    learnt[`form ${action}`] = await posted(`${base}act`, viewer, action);
  }
  learnt.frame = seen_in(await framed({src: base}));
  learnt.events = await opened(new EventSource(`${base}events`));
  learnt.socket = await opened(new WebSocket(`${base.replace('http', 'ws')}events`));
  learnt.script = await loaded('script', {src: `${base}kiosk.js`});
  learnt.style = await loaded('link', {rel: 'stylesheet', href: `${base}kiosk.css`});
  learnt.image = await loaded('img', {src: `${base}icon`});
  learnt.module = await import(`${base}kiosk.js`).then(() => 'loaded', (error) => error.name);
  learnt.sizes = performance.getEntriesByType('resource').filter((entry) => entry.name.startsWith(base))
    .map((entry) => [entry.responseStatus, entry.transferSize, entry.decodedBodySize]);
  return learnt;
}
