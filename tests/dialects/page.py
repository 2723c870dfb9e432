# SPDX-License-Identifier: BSD-2-Clause
"""What a page of docs/ says to type: its ```sh blocks in their order, and the ```answers behind one.

A line of `answers` is QUESTION: ANSWER, nothing for Enter alone, or `phone: approve`, where the person approves on the
phone. `<!-- walk: PAGE -->` stands where another page's commands come first.
"""
import os
import re

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs")
WALK = re.compile(r"<!-- walk: ([\w-]+\.md) -->")
FENCE = re.compile(r"^( *)```(\w*)$")


class Step:
    def __init__(self, page, command):
        self.page, self.command, self.answers = page, command, []

    def __str__(self):
        return f"docs/{self.page}:\n{self.command}"


def _blocks(text):
    """(language, lines) of each fenced block, and (None, page) of each walk."""
    fence, lines = None, []
    for line in text.splitlines():
        found = FENCE.match(line)
        if fence and found and not found.group(2):
            yield fence.group(2), lines
            fence, lines = None, []
        elif fence:
            lines.append(line[len(fence.group(1)):])
        elif found:
            fence = found
        elif WALK.search(line):
            yield None, WALK.search(line).group(1)
    assert not fence, "a block has no end"


def _answer(line):
    question, _, answer = line.partition(":")
    return question, answer.strip()


def text_of(name):
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        return file.read()


def steps_of(name):
    steps = []
    for language, content in _blocks(text_of(name)):
        if language is None:
            steps += steps_of(content)
        elif language == "sh":
            steps.append(Step(name, "\n".join(content)))
        elif language == "answers":
            steps[-1].answers += [_answer(line) for line in content]
    return steps
