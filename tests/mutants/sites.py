# SPDX-License-Identifier: BSD-2-Clause
"""Finds the conditions of a C file, as the compiler sees them.

A site is one condition: that of an if, a loop or ?:, an operand of && or ||, or a comparison or negation whose value is
kept. Each makes two mutants: removed (an operand of && counts as true, one of || as false; what an if, a loop or ?:
asks for does not happen; a value is true) and inverted. What the compiler evaluates by itself is no site.
"""
import collections
import functools
import re

from clang.cindex import Config, CursorKind as K, Index, StorageClass

Site = collections.namedtuple("Site", "file line function start end text removed")

FALSE, TRUE, INVERTED = 1, 2, 3
COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
STATEMENTS = (K.IF_STMT, K.WHILE_STMT, K.FOR_STMT, K.DO_STMT, K.CONDITIONAL_OPERATOR)
WRAPPERS = (K.PAREN_EXPR, K.UNEXPOSED_EXPR, K.CSTYLE_CAST_EXPR)


@functools.cache
def _index():
    Config.set_library_file("libclang-14.so.1")
    return Index.create()


class Refused(Exception):
    """The file cannot be mutated as it is."""


class Reader:
    """One walk through one file."""

    def __init__(self, path, flags):
        unit = _index().parse(path, args=["-x", "c", *flags])
        errors = [str(note) for note in unit.diagnostics if note.severity >= 3]
        if errors:
            raise Refused(f"{path}: {errors[0]}")
        self.path, self.sites, self.seen = path, [], set()
        with open(path, "rb") as file:
            self.text = file.read()
        for cursor in unit.cursor.get_children():
            if cursor.location.file and cursor.location.file.name == path and cursor.kind == K.FUNCTION_DECL:
                self.function = cursor.spelling
                self.visit(cursor)

    def between(self, left, right):
        return self.text[left.extent.end.offset:right.extent.start.offset].decode()

    def operator(self, cursor):
        """The sign of a binary or unary operator; None where a macro hides it."""
        children = list(cursor.get_children())
        if cursor.kind == K.BINARY_OPERATOR and len(children) == 2:
            sign = re.sub(r"/\*.*?\*/|//[^\n]*|\s", "", self.between(*children))
            return sign or None
        if cursor.kind == K.UNARY_OPERATOR and self.text[cursor.extent.start.offset:][:1] == b"!":
            return "!"
        return None

    def bare(self, cursor):
        while cursor.kind in WRAPPERS:
            children = [child for child in cursor.get_children() if child.kind.is_expression()]
            if len(children) != 1:
                break
            cursor = children[0]
        return cursor

    def condition_of(self, cursor):
        """The condition among the children of a statement, or None (for (;;))."""
        children = list(cursor.get_children())
        if cursor.kind == K.DO_STMT:
            return children[-1]
        if cursor.kind != K.FOR_STMT:
            return children[0]
        between = self.semicolons(cursor)
        inside = [child for child in children[:-1] if between and between[0] < child.extent.start.offset < between[1]]
        return inside[0] if inside else None

    def semicolons(self, loop):
        depth, found = 0, []
        for token in loop.get_tokens():
            depth += {"(": 1, ")": -1}.get(token.spelling, 0)
            if token.spelling == ";" and depth == 1:
                found.append(token.extent.start.offset)
            if len(found) == 2:
                return found
        return None  # a macro's head

    def add(self, cursor, removed, parent=None):
        """What a macro is made of has the place of the macro's name, and so has the statement around it: no site."""
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        hidden = parent is not None and ((start, end) == (parent.extent.start.offset, parent.extent.end.offset) or (
            parent.kind in STATEMENTS[:-1] and start == parent.extent.start.offset))
        if hidden or (start, end) in self.seen:
            return
        text = self.text[start:end].decode()
        if text.count("(") != text.count(")"):
            raise Refused(f"{self.path}:{cursor.location.line}: a condition that a macro cuts: {text}")
        self.seen.add((start, end))
        self.sites.append(Site(self.path, cursor.extent.start.line, self.function, start, end,
                               " ".join(text.split()), removed))

    def visit(self, cursor):
        if cursor.kind == K.VAR_DECL and cursor.storage_class == StorageClass.STATIC:
            return
        if cursor.kind == K.CASE_STMT:
            for child in list(cursor.get_children())[1:]:
                self.visit(child)
            return
        if cursor.kind == K.STATIC_ASSERT:
            return
        condition = self.condition_of(cursor) if cursor.kind in STATEMENTS else None
        for child in cursor.get_children():
            if condition is not None and child == condition:
                self.add(child, FALSE, cursor)
                self.inside(child)
            else:
                self.value(child)

    def value(self, cursor):
        """An expression or statement that is nobody's condition."""
        sign = self.operator(cursor)
        if sign in COMPARISONS or sign in ("&&", "||", "!"):
            self.add(cursor, TRUE)
            self.inside(cursor)
        else:
            self.visit(cursor)

    def inside(self, cursor):
        """What a condition that was counted already is made of."""
        bare = self.bare(cursor)
        sign = self.operator(bare)
        if sign in ("&&", "||"):
            for operand in self.operands(bare, sign):
                self.add(operand, TRUE if sign == "&&" else FALSE, bare)
                self.inside(operand)
        elif sign == "!":
            self.inside(next(bare.get_children()))
        else:
            self.visit(bare)

    def operands(self, cursor, sign):
        """a && b && c is one row of three, whatever the parser's tree is."""
        left, right = cursor.get_children()
        if self.operator(left) == sign:
            yield from self.operands(left, sign)
        else:
            yield left
        yield right


def sites_of(path, flags):
    return sorted(Reader(path, flags).sites, key=lambda site: (site.start, -site.end))


def rewritten(text, numbered):
    """The file's bytes with each site told its number; `numbered` are (number, site)."""
    put = []
    for number, site in numbered:
        put.append((site.start, 1, -site.end, b"mutant(%du, (" % number))
        put.append((site.end, 0, -site.start, b"))"))
    out, at = [], 0
    for offset, _, _, piece in sorted(put):
        out += [text[at:offset], piece]
        at = offset
    return b"".join([*out, text[at:]])
