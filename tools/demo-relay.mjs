// SPDX-License-Identifier: BSD-2-Clause
// Carries connections between loopback ports and unix sockets, which cross the border of a network namespace.
//
//   node demo-relay.mjs [--ready FILE] FROM=TO ...
//
// Each is a port of 127.0.0.1 or the path of a unix socket. A port FROM that is taken makes room for the next one.
// Writes the ports that it listens at into FILE, on one line, once it does; ends with its standard input.
import fs from 'node:fs';
import net from 'node:net';

const words = process.argv.slice(2);
const ready = words[0] === '--ready' ? words.splice(0, 2)[1] : null;
const place = (word) => (/^\d+$/.test(word) ? {host: '127.0.0.1', port: Number(word)} : {path: word});

function relay(word) {
  const [from, to] = word.split('=').map(place);
  const server = net.createServer((near) => {
    const far = net.connect(to);
    // Whichever end goes takes the other along: a page that is closed is closed there, too.
    near.on('error', () => far.destroy()).on('close', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).on('close', () => near.destroy()).pipe(near);
  });
  return new Promise((listens, fails) => {
    server.on('error', (error) => {
      if (error.code !== 'EADDRINUSE' || from.port === undefined || from.port >= 65535)
        fails(error);
      else
        server.listen({...from, port: ++from.port});
    });
    server.listen(from, () => listens(from.port));
  });
}

const ports = [];
for (const word of words) // one after the other: two that begin at one port do not race for it
  ports.push(await relay(word));
if (ready)
  fs.writeFileSync(ready, `${ports.join(' ')}\n`);
process.stdin.on('end', () => process.exit()).resume();
