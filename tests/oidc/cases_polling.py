# SPDX-License-Identifier: BSD-2-Clause
"""Polling: what goes on, what ends, and at which pace. Times are those of the provider's log; all are lower bounds."""
from table import ends, same

ENDINGS = {
    "denied": ("access_denied", 2), "declined": ("access_denied", 1), "expired": ("code_expired", 2),
    "expired-once": ("code_expired", 1), "late-invalid-grant": ("code_expired", 1),
    "bad-verification-code": ("code_expired", 1), "invalid-grant": ("token_error", 1),
    "unknown-error": ("token_error", 1), "error-object": ("token_error", 1),
    "client-refused-late": ("client_refused", 1), "one-pending": ("ok", 2), "pending-200": ("ok", 2),
    "pending-403": ("ok", 2), "pending-428": ("ok", 2), "one-502": ("ok", 3), "one-429": ("ok", 3),
    "one-502-and-one-429": ("ok", 4), "one-close": ("ok", 2), "one-cut": ("ok", 2), "one-server-error": ("ok", 2),
}


def gaps_ms(driver, key):
    """From the device request to the first poll, and from each poll to the next."""
    times = [entry["at_ms"] for entry in driver.provider.log(key) if entry["path"].endswith(("/device", "/token"))]
    return [after - before for before, after in zip(times, times[1:])]


def paced(scenario, *seconds):
    def test(driver):
        key = f"{scenario}~gaps"
        same("reason", driver.sign_in(key)["reason"], "ok")
        gaps = gaps_ms(driver, key)
        same("polls", len(gaps), len(seconds))
        for number, (gap, least) in enumerate(zip(gaps, seconds), 1):
            if gap < least * 1000:
                raise AssertionError(f"poll {number} came after {gap} ms, not {least} s")

    test.__name__ = f"{scenario}_is_polled_after_{'_'.join(map(str, seconds))}_seconds_at_least".replace("-", "_")
    return test


def a_strict_server_never_sees_an_early_poll(driver):
    for scenario in ("strict", "strict-slow-down"):
        key = f"{scenario}~early"
        same("reason", driver.sign_in(key)["reason"], "ok")
        same("early polls", [e for e in driver.provider.requests(key, "token") if e["note"] == "early"], [])


def a_code_of_three_seconds_expires_without_a_late_poll(driver):
    key = "expires-3~late"
    same("reason", driver.sign_in(key)["reason"], "code_expired")
    gaps = gaps_ms(driver, key)
    if len(gaps) > 2:  # one more would come after three seconds at least
        raise AssertionError(f"polled late: {gaps}")


def trouble_that_lasts_is_polled_less_and_less(driver):
    key = "all-503~back-off"
    same("reason", driver.sign_in(key)["reason"], "code_expired")
    gaps = gaps_ms(driver, key)
    if gaps[1] < 2000 or gaps[2] < 4000:
        raise AssertionError(f"no back-off: {gaps}")


def the_callers_deadline_ends_it(driver):
    key = "never~deadline"
    same("reason", driver.sign_in(key, "--deadline", "2500")["reason"], "timeout")
    same("2 polls at most", len(driver.provider.requests(key, "token")) <= 2, True)


def an_approval_after_the_deadline_is_not_taken(driver):
    key = "token-slow~late"
    same("reason", driver.sign_in(key, "--deadline", "3000")["reason"], "timeout")


def the_device_code_is_dropped_when_polling_ends(driver):
    for scenario in ("denied", "good", "expired"):
        same(scenario, driver.sign_in(f"{scenario}~dropped")["device_code_left"], "0")


def a_foreign_error_is_made_harmless(driver):
    same("error", driver.sign_in("unknown-error~log")["error"], "admin_policy_enforced??[2J")


def tests():
    yield paced("slow-down-two", 1, 6, 11)
    yield paced("slow-down-named", 1, 8)
    yield paced("slow-down-429", 1, 6)
    yield paced("interval-absent", 5)
    yield paced("one-429", 1, 1, 2)
    for scenario, (reason, polls) in ENDINGS.items():
        yield ends(scenario, reason, requests={"device": 1, "token": polls})
    yield from (a_strict_server_never_sees_an_early_poll, a_code_of_three_seconds_expires_without_a_late_poll,
                trouble_that_lasts_is_polled_less_and_less, the_callers_deadline_ends_it,
                an_approval_after_the_deadline_is_not_taken, the_device_code_is_dropped_when_polling_ends,
                a_foreign_error_is_made_harmless)
