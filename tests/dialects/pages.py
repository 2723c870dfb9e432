# SPDX-License-Identifier: BSD-2-Clause
"""The pages of docs/ hold: every preset has one, every setting they name exists, every link leads somewhere, and each
says what it rests on."""
import os
import re
import sys

import vendors
from page import DOCS, text_of
from vendors import TYPED, cli

ROOT = os.path.join(DOCS, "..")


def _source(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def _presets():
    return re.findall(r'\.name = "(\w+)"', _source("helper/connection/presets.c"))


def _pages():
    return [name for name in sorted(os.listdir(DOCS)) if name.endswith(".md")]


def _guides():
    return [f"{name}.md" for name in _presets()] + ["through-a-hub.md"]


def _anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def every_preset_has_a_page_a_row_in_the_index_and_a_dialect(_):
    index = text_of("identity-providers.md")
    for name in _presets():
        assert os.path.exists(f"{DOCS}/{name}.md"), name
        assert f"]({name}.md)" in index and f"| `{name}` |" in index, name
        assert any(typed["preset"] == name for typed in TYPED.values()), name


def every_guide_ends_with_what_it_rests_on(_):
    for name in _guides():
        headings = re.findall(r"^## (.+)$", text_of(name), re.MULTILINE)
        assert headings[-1] == "What this page rests on", (name, headings)
        last = " ".join(text_of(name).split("## What this page rests on")[1].split())
        for words in ("Read", "Background, not looked up", "None of it was seen"):
            assert words in last, (name, words)


def every_setting_a_page_names_exists(provider):
    known = set(re.findall(r"[a-z_]+", cli.Desk(provider).run("check", "--help").out))
    for name in _guides() + ["identity-providers.md", "install.md"]:
        text = text_of(name)
        named = set(re.findall(r"`([a-z_]+) = ", text))
        for block in re.findall(r"```ini\n(.*?)```", text, re.DOTALL):
            named |= set(re.findall(r"^ *([a-z_]+) =", block, re.MULTILINE))
        unknown = named - known
        assert not unknown, (name, unknown)


def every_link_leads_somewhere(_):
    for name in _pages():
        for target in re.findall(r"\]\(([^)#\s]*(?:#[^)\s]*)?)\)", text_of(name)):
            path, _, anchor = target.partition("#")
            if path.startswith("http"):
                continue
            there = os.path.join(DOCS, path or name)
            assert os.path.exists(there), (name, target)
            if anchor:
                headings = re.findall(r"^#+ (.+)$", _source(os.path.relpath(there, ROOT)), re.MULTILINE)
                assert anchor in map(_anchor, headings), (name, target)


def every_error_of_a_dialect_that_ends_a_sign_in_has_a_page(_):
    """What the scripted vendors say on purpose about a client stands in that vendor's table."""
    said = {"entra": ("AADSTS7000218", "AADSTS700025", "AADSTS700016"), "google": ("org_internal", "Invalid client type"),
            "keycloak": ("Client not allowed for OAuth 2.0 Device Authorization Grant", "Device code not valid",
                         "Missing parameter: code_challenge_method"),
            "okta": ("unauthorized_client", "Policy evaluation failed"), "auth0": ("unauthorized_client",),
            "dex": ("invalid_request",), "authentik": ("slow_down", "no_signing_alg"), "authelia": ("invalid_client",),
            "zitadel": ("access_denied", "claim_aud")}
    assert set(said) == set(_presets())
    for name, words in said.items():
        for word in words:
            assert word in text_of(f"{name}.md"), (name, word)


class Nothing:
    """No provider is asked."""

    def __init__(self, folder):
        self.ca = f"{folder}/vendors.crt"

    def close(self):
        """There is nothing to end."""


if __name__ == "__main__":
    sys.exit(vendors.main(sys.modules[__name__], Nothing, ["localhost"]))
