# SPDX-License-Identifier: BSD-2-Clause
"""Tests made from tables, and small assertions."""


class Skip(Exception):
    """Why a test cannot run here."""


def same(what, seen, wanted):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, not {wanted!r}")


def ends(scenario, reason, *arguments, requests=None, listener="good"):
    """A test: the sign-in ends with this reason, and only so many requests reached each endpoint."""

    def test(driver):
        key = f"{scenario}~{test.__name__}"
        said = driver.sign_in(key, *arguments, listener=listener)
        same("reason", said["reason"], reason)
        for endpoint, count in (requests or {}).items():
            same(f"requests to {endpoint}", len(driver.provider.requests(key, endpoint)), count)

    test.__name__ = f"{scenario}_ends_with_{reason}".replace("-", "_")
    return test
