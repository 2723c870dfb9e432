// SPDX-License-Identifier: BSD-2-Clause
// Makes a photograph of a screen small: `node png.mjs FILE TO` writes it with a palette. Browsers dither gradients, and
// that noise is most of what such a file weighs; a palette without it is a tenth.
import fs from 'node:fs';
import zlib from 'node:zlib';

const COLOURS = 255;
const KEPT_BITS = 0xfe; // of each channel: what dithering turns over is below

const lightest = (v) => v + (v >> 7); // white stays white

/* The rows of an 8-bit RGB or RGBA picture that is not interlaced, as Chromium writes them. */
function read(file) {
  const bytes = fs.readFileSync(file), parts = [];
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const depth = {2: 3, 6: 4}[bytes[25]];
  if (bytes[24] !== 8 || depth === undefined || bytes[28] !== 0)
    throw new Error(`${file}: not a PNG of 8 bits and three or four channels`);
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  return {width, height, depth, rows: unfilter(zlib.inflateSync(Buffer.concat(parts)), width * depth, height, depth)};
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function unfilter(data, length, height, depth) {
  const rows = [];
  let above = Buffer.alloc(length);
  for (let y = 0; y < height; y++) {
    const [filter] = data.subarray(y * (length + 1));
    const row = Buffer.from(data.subarray(y * (length + 1) + 1, (y + 1) * (length + 1)));
    for (let x = 0; x < length; x++) {
      const left = x >= depth ? row[x - depth] : 0, corner = x >= depth ? above[x - depth] : 0;
      const guess = [0, left, above[x], (left + above[x]) >> 1, 0][filter];
      row[x] += filter === 4 ? paeth(left, above[x], corner) : guess;
    }
    rows.push(row);
    above = row;
  }
  return rows;
}

/* Colours as [count, r, g, b], split at the middle of the longest side until there are few enough groups. */
function palette(counts) {
  const groups = [[...counts].map(([key, count]) => [count, key >> 16, (key >> 8) & 255, key & 255])];
  const side = (group, i) => Math.max(...group.map((c) => c[i])) - Math.min(...group.map((c) => c[i]));
  const longest = (group) => [1, 2, 3].reduce((a, b) => (side(group, b) > side(group, a) ? b : a));
  const score = (group) => (group.length < 2 ? -1 : side(group, longest(group)) * Math.log2(1 + group.reduce((n, c) => n + c[0], 0)));
  while (groups.length < COLOURS && groups.some((group) => group.length > 1)) {
    const most = groups.reduce((a, b) => (score(b) > score(a) ? b : a));
    const i = longest(most);
    most.sort((a, b) => a[i] - b[i]);
    groups.push(most.splice(Math.ceil(most.length / 2)));
  }
  return groups;
}

function mean(group) {
  const total = group.reduce((n, c) => n + c[0], 0);
  return [1, 2, 3].map((i) => lightest(Math.round(group.reduce((n, c) => n + c[0] * c[i], 0) / total)));
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++)
      value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function write(file, {width, height, depth, rows}) {
  const key = (row, x) => ((row[x * depth] & KEPT_BITS) << 16) | ((row[x * depth + 1] & KEPT_BITS) << 8) | (row[x * depth + 2] & KEPT_BITS);
  const counts = new Map();
  for (const row of rows)
    for (let x = 0; x < width; x++)
      counts.set(key(row, x), (counts.get(key(row, x)) ?? 0) + 1);
  const groups = palette(counts);
  const index = new Map(groups.flatMap((group, i) => group.map(([, r, g, b]) => [(r << 16) | (g << 8) | b, i])));
  const pixels = Buffer.concat(rows.map((row) => Buffer.from([0, ...Array.from({length: width}, (_, x) => index.get(key(row, x)))])));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  fs.writeFileSync(file, Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
    chunk('PLTE', Buffer.from(groups.flatMap(mean))), chunk('IDAT', zlib.deflateSync(pixels, {level: 9, memLevel: 9})),
    chunk('IEND', Buffer.alloc(0))]));
}

const [from, to] = process.argv.slice(2);
write(to, read(from));
