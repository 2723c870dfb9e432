# SPDX-License-Identifier: BSD-2-Clause
"""Looks for words in the memory of a running process."""
import re

REGION = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S)\S* ")
SHADOW = 1 << 32  # bytes; a region as large as this is a sanitizer's bookkeeping
CHUNK = 1 << 22


def _regions(pid):
    """(from, to) of what is readable and really there."""
    with open(f"/proc/{pid}/smaps", encoding="ascii", errors="replace") as file:
        region = None
        for line in file:
            match = REGION.match(line)
            if match:
                region = int(match[1], 16), int(match[2], 16)
                readable = match[3] == "r" and region[1] - region[0] < SHADOW and "[vvar]" not in line
            elif line.startswith("Rss:") and readable and int(line.split()[1]) > 0:
                yield region


def found_in(pid, *words):
    """Those of the words that the process has in its memory. It should not run meanwhile, or at least be idle."""
    left = {word.encode() for word in words}
    longest = max(map(len, left))
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end in _regions(pid):
            before = b""
            for at in range(start, end, CHUNK):
                try:
                    memory.seek(at)
                    chunk = before + memory.read(min(CHUNK, end - at))
                except (OSError, OverflowError, ValueError):
                    break
                left -= {word for word in left if word in chunk}
                before = chunk[-longest:]
    return {word for word in words if word.encode() not in left}
