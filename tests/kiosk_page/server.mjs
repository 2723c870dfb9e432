// SPDX-License-Identifier: BSD-2-Clause
// A server that says what the test tells it to: the page's own files with the headers that the kiosk's server sends,
// and its events. So every state can be had at once, and what no server should do can be played, too.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

export const TOKEN = 'c2NyaXB0ZWQgdG9rZW4hIQ';
const PAGE = path.resolve('helper/kiosk/page'); // the tree is where this runs
const FILES = {
  '': ['page.html', 'text/html; charset=utf-8'],
  'kiosk.css': ['kiosk.css', 'text/css; charset=utf-8'],
  'kiosk.js': ['kiosk.js', 'text/javascript; charset=utf-8'],
};
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export class Server {
  constructor() {
    this.viewers = new Set();
    this.acts = []; // what pages asked for
    this.pages = 0; // how often the page was loaded
    this.status = 200; // of the events
    this.act_status = 204;
    this.hello = {};
    this.silent = false; // else it says every 10 s that it is there
    this.greeting = [{state: 'idle'}]; // what follows hello
    this.http = http.createServer((request, response) => this.answer(request, response));
  }

  async open(port = 0) {
    await new Promise((go_on) => this.http.listen(port, '127.0.0.1', go_on));
    this.port = this.http.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
    this.url = `${this.origin}/${TOKEN}/`;
    this.beat = setInterval(() => this.silent || this.comment(), 10000);
  }

  /* Both names lead here. */
  hosts() {
    return [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
  }

  async close() {
    clearInterval(this.beat);
    this.http.closeAllConnections();
    await new Promise((go_on) => this.http.close(go_on));
    this.http = http.createServer((request, response) => this.answer(request, response));
  }

  answer(request, response) {
    const name = request.url.startsWith(`/${TOKEN}/`) ? request.url.slice(TOKEN.length + 2) : null;
    if (name === 'events')
      this.listen(response);
    else if (name === 'act')
      this.act(request, response);
    else if (name === 'icon')
      response.writeHead(200, {...HEADERS, 'Content-Type': 'image/svg+xml'}).end(ICON);
    else if (name in FILES && name !== null)
      this.file(name, response);
    else
      response.writeHead(404, HEADERS).end();
  }

  file(name, response) {
    const [file, type] = FILES[name];
    this.pages += name === '' ? 1 : 0;
    response.writeHead(200, {...HEADERS, 'Content-Type': type}).end(fs.readFileSync(path.join(PAGE, file)));
  }

  listen(response) {
    if (this.status !== 200) {
      response.writeHead(this.status, {...HEADERS, 'Content-Type': 'text/event-stream'})
        .end(this.status === 503 ? event('hello', {...this.hello, viewer: ''}) : '');
      return;
    }
    response.writeHead(200, {...HEADERS, 'Content-Type': 'text/event-stream'});
    this.viewers.add(response);
    response.on('close', () => this.viewers.delete(response));
    response.write(event('hello', this.hello));
    for (const state of this.greeting)
      response.write(event('state', state));
  }

  act(request, response) {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      this.acts.push(JSON.parse(body));
      response.writeHead(this.act_status, HEADERS).end();
    });
  }

  say(name, data) {
    for (const viewer of this.viewers)
      viewer.write(event(name, data));
  }

  comment() {
    for (const viewer of this.viewers)
      viewer.write(': still here\n\n');
  }

  hang_up() {
    for (const viewer of this.viewers)
      viewer.destroy();
  }
}

function event(name, data) {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><rect width="90" height="30" rx="6" ' +
  'fill="#2a4fb8"/><circle cx="15" cy="15" r="8" fill="#fff"/><path d="M32 11h48v3H32zM32 17h30v3H32z" fill="#fff"/></svg>';
