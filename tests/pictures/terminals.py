# SPDX-License-Identifier: BSD-2-Clause
"""Draws what the demonstrations printed as pictures of a terminal: terminals.py TRANSCRIPT KIOSK_TRANSCRIPT FOLDER.
Half blocks become shapes, so that a QR is whole in whatever font the rest is read."""
import os
import re
import sys
from html import escape

CELL, LINE, PAD, BAR = 8.4, 17, 16, 30
COLUMNS = 106
GROUND, BAR_GROUND, INK, DIM, BRIGHT, PHONE = "#11161d", "#1d2530", "#cfd6e1", "#8d98a8", "#ffffff", "#f2c66d"
BLOCKS = {"█": (0, 2), "▀": (0, 1), "▄": (1, 1)}  # from which half of the cell on, and how many
HEADLINE = re.compile(r"^── (\d+)\. (.*) ──$")


def parts_of(transcript):
    """{number: (headline, lines)}; log lines are for those who look into the log."""
    parts, lines = {}, None
    for line in transcript.replace("\r", "").split("\n"):
        match = HEADLINE.match(line)
        if match:
            lines = []
            parts[int(match.group(1))] = (match.group(2), lines)
        elif lines is not None and not line.startswith("  log: "):
            lines.append(line.rstrip())
    return {number: (title, "\n".join(lines).strip("\n").split("\n")) for number, (title, lines) in parts.items()}


def wrapped(lines):
    for line in lines:
        while len(line) > COLUMNS:
            yield line[:COLUMNS]
            line = line[COLUMNS:]
        yield line


def shapes(line, top):
    """The half blocks of a line: one path of rectangles, as wide as neighbours are alike."""
    path = []
    for match in re.finditer(r"(█+|▀+|▄+)", line):
        begin, count = BLOCKS[match.group()[0]]
        x, width = PAD + match.start() * CELL, len(match.group()) * CELL
        path.append(f"M{x:.1f} {top + begin * LINE / 2:g}h{width:.1f}v{count * LINE / 2:g}h-{width:.1f}z")
    return "".join(path)


def style_of(line):
    if re.match(r"\s*\[\w+('s phone| presses)", line):
        return PHONE, "normal"
    if re.match(r"[$#] |\w+@\w+:\S*\$ |Code: ", line):
        return BRIGHT, "bold"
    return (DIM, "normal") if line.startswith("logout") else (INK, "normal")


def words(line, top):
    colour, weight = style_of(line)
    for match in re.finditer(r"[^\s█▀▄]+(?: [^\s█▀▄]+)*", line):
        text = match.group()
        yield (f'<text x="{PAD + match.start() * CELL:.1f}" y="{top + 13:g}" fill="{colour}" font-weight="{weight}" '
               f'textLength="{len(text) * CELL:.1f}">{escape(text)}</text>')


def picture(title, lines):
    lines = list(wrapped(lines))
    width, height = COLUMNS * CELL + 2 * PAD, BAR + len(lines) * LINE + 2 * PAD
    body, blocks = [], []
    for number, line in enumerate(lines):
        top = BAR + PAD + number * LINE
        blocks.append(shapes(line, top))
        body += words(line, top)
    dots = "".join(f'<circle cx="{18 + 18 * i}" cy="{BAR / 2:g}" r="5" fill="{DIM}"/>' for i in range(3))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{GROUND}"/>',
        f'<path d="M0 {BAR}V8a8 8 0 0 1 8-8h{width - 16:g}a8 8 0 0 1 8 8v{BAR - 8}z" fill="{BAR_GROUND}"/>', dots,
        f'<text x="{width / 2:g}" y="20" text-anchor="middle" fill="{DIM}" font-size="13">{escape(title)}</text>',
        f'<path d="{"".join(blocks)}" fill="{BRIGHT}" shape-rendering="crispEdges"/>', *body, "</svg>\n"])


def main(transcript, kiosk_transcript, folder):
    with open(transcript, encoding="utf-8") as first, open(kiosk_transcript, encoding="utf-8") as second:
        sign_in, kiosk = parts_of(first.read()), parts_of(second.read())
    for name, (title, lines) in {"terminal": sign_in[1], "ssh": sign_in[2], "check-ins": kiosk[max(kiosk)]}.items():
        with open(os.path.join(folder, f"{name}.svg"), "w", encoding="utf-8") as file:
            file.write(picture(title, lines))
        print(f"  {name}.svg", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
