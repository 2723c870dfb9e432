#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plays the person's phone at the throw-away provider: opens the URL of a sign-in and approves it, or not.

    phone.py [--ca FILE] [--deny] URL ACCOUNT

Prints how it ended: "approved", "denied" or the sentence the page says.
"""
import argparse
import html.parser
import http.client
import http.cookiejar
import socket
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

STEPS_MAX = 8


class Page(html.parser.HTMLParser):
    """The first form of a page, its hidden fields and buttons, and how the page says it ended."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields, self.buttons, self.outcome, self.words = None, {}, [], "", []
        self._label = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = found.get("action", "")
        elif tag == "input" and found.get("name"):
            self.fields[found["name"]] = found.get("value", "")
        elif tag == "button":
            self._label = [found.get("name"), found.get("value"), ""]
            self.buttons.append(self._label)
        elif tag == "main":
            self.outcome = found.get("data-outcome", "")

    def handle_endtag(self, tag):
        if tag == "button":
            self._label = None

    def handle_data(self, data):
        self.words.append(data.strip())
        if self._label is not None:
            self._label[2] += data

    def fill_in(self, account, deny):
        """What the person does on this page: the fields to send, or None when there is nothing to press."""
        fields = dict(self.fields)
        for name, value, label in self.buttons:
            if name == "abort" and deny:
                return {**fields, name: value}
            if name == "account" and account in label.split():
                return {**fields, name: value}
        return None if any(name == "account" for name, _, _ in self.buttons) else fields


class Loopback(http.client.HTTPSConnection):
    """localhost is this machine, also where no hosts file says so."""

    def __init__(self, host, context=None, **more):
        super().__init__(host, context=context, **more)
        self.trust = context

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)


class Handler(urllib.request.HTTPSHandler):
    def __init__(self, context):
        super().__init__(context=context)
        self.trust = context

    def https_open(self, req):
        return self.do_open(Loopback, req, context=self.trust)


def visit(url, account, deny=False, ca_file=None):
    """Walks through the provider's pages; returns how it ended."""
    context = ssl.create_default_context(cafile=ca_file)
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), Handler(context),
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    data = None
    for _ in range(STEPS_MAX):
        try:
            answer = browser.open(url, data, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        page = Page(answer.read().decode())
        if page.outcome in ("approved", "denied"):
            return page.outcome
        fields = page.fill_in(account, deny) if page.action is not None else None
        if fields is None or page.outcome == "problem":
            break
        url = urllib.parse.urljoin(answer.geturl(), page.action)
        data = urllib.parse.urlencode(fields).encode()
    return " ".join(word for word in page.words if word)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ca", help="file with the provider's certificate")
    parser.add_argument("--deny", action="store_true", help="say no")
    parser.add_argument("url")
    parser.add_argument("account", help="alice, bob, carol, ...")
    options = parser.parse_args()
    outcome = visit(options.url, options.account, options.deny, options.ca)
    print(outcome)
    return 0 if outcome == ("denied" if options.deny else "approved") else 1


if __name__ == "__main__":
    sys.exit(main())
