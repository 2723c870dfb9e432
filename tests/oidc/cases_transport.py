# SPDX-License-Identifier: BSD-2-Clause
"""What goes wrong between the socket and the JSON, for each endpoint; connections, trust, cancelling."""
import os
import tempfile
import time

from provider import ROOT
from table import Skip, ends, same

DNS_SECONDS = 20  # two attempts of ten seconds
RSS_KB_MAX = 64 * 1024
CANCEL_MS = 1000

FAULTS = {  # fault: what it means to discovery and to the device request
    "html-502": "idp_status", "html-200": "idp_bad_json", "status-404": "idp_status", "status-429": "idp_busy",
    "status-500": "idp_status", "huge": "idp_too_large", "huge-chunked": "idp_too_large",
    "brackets": "idp_bad_json", "nested": "idp_bad_json", "malformed": "idp_bad_json",
    "truncated-json": "idp_bad_json", "form-encoded": "idp_bad_json", "form-encoded-unless-asked": "ok",
    "repeated-member": "idp_bad_json", "array": "idp_bad_json",
    "empty": "idp_bad_json", "gzip": "idp_bad_json", "chunked": "ok", "cut": "idp_unreachable",
    "cut-unsized": "idp_bad_json", "drip": "idp_timeout", "endless-headers": "idp_too_large",
    "big-header": "idp_too_large", "endless-interim": "idp_too_large", "silent": "idp_timeout",
    "close": "idp_unreachable", "not-http": "idp_unreachable", "redirect-301": "idp_redirect",
    "redirect-302": "idp_redirect", "redirect-307": "idp_redirect",
}
TRANSPORT = {"idp_too_large", "idp_redirect", "ok", "idp_unreachable", "idp_timeout", "idp_busy"}


def faults_of(endpoint, otherwise=None):
    for fault, reason in FAULTS.items():
        if otherwise and reason not in TRANSPORT:
            reason = otherwise
        arguments = ["--userinfo"] if endpoint == "userinfo" else []
        yield ends(f"{endpoint}-{fault}", reason, *arguments, requests={"elsewhere": 0})


def token_faults():
    """Trouble at the token endpoint goes on until the code expires; the rest ends at once."""
    trouble = {"html-502", "status-500", "cut", "drip", "silent", "close", "not-http", "status-429"}
    for fault, reason in FAULTS.items():
        yield ends(f"token-{fault}", "code_expired" if fault in trouble else reason, requests={"elsewhere": 0})


def memory_stays_bounded(driver):
    for scenario in ("discovery-huge", "discovery-huge-chunked", "token-huge", "device-endless-headers"):
        said = driver.sign_in(f"{scenario}~memory")
        if int(said["rss_kb"]) > RSS_KB_MAX:
            raise AssertionError(f"{scenario}: {said['rss_kb']} kB")


def one_connection_carries_a_whole_sign_in(driver):
    key = "good~one-connection"
    same("reason", driver.sign_in(key, "--userinfo")["reason"], "ok")
    log = driver.provider.log(key)
    same("endpoints", [entry["path"].rsplit("/", 1)[1] for entry in log],
         ["openid-configuration", "device", "token", "keys", "userinfo", "revoke"])
    same("connections", len({entry["connection"] for entry in log}), 1)


def nothing_secret_is_in_an_url(driver):
    key = "good~urls"
    same("reason", driver.sign_in(key, "--userinfo")["reason"], "ok")
    for entry in driver.provider.log(key):
        if "?" in entry["path"]:
            raise AssertionError(entry["path"])


def compression_cookies_and_upgrades_are_not_asked_for(driver):
    key = "good~headers"
    same("reason", driver.sign_in(key)["reason"], "ok")
    for entry in driver.provider.log(key):
        for name in ("accept-encoding", "cookie", "upgrade", "expect"):
            if name in entry["headers"]:
                raise AssertionError(f"{name}: {entry['headers'][name]}")
        same("accept", entry["headers"]["accept"], "application/json")


def untrusted(listener):
    def test(driver):
        key = f"good~tls-{listener}"
        same("reason", driver.sign_in(key, listener=listener)["reason"], "idp_tls")
        same("requests", driver.provider.log(key), [])

    test.__name__ = f"a_certificate_that_is_{listener}_is_refused".replace("-", "_")
    return test


def a_server_without_tls_is_refused(driver):
    same("reason", driver.sign_in("good~plain", listener="plain")["reason"], "idp_tls")


def a_port_that_says_nothing_ends_in_a_timeout(driver):
    said = driver.sign_in("good", listener="silent")
    same("reason", said["reason"], "idp_timeout")


def a_handshake_that_is_cut_off_is_trouble_of_the_network(driver):
    for listener in ("closing", "resetting"):
        same(listener, driver.sign_in("good", listener=listener)["reason"], "idp_unreachable")


def a_closed_port_is_unreachable(driver):
    same("reason", driver.run("https://127.0.0.1:9/")["reason"], "idp_unreachable")


def no_request_goes_on_beyond_the_deadline_of_the_sign_in(driver):
    for scenario in ("discovery-silent", "device-drip", "keys-silent", "userinfo-slow"):
        said = driver.sign_in(f"{scenario}~deadline", "--all-within", "5000", "--userinfo")
        same(scenario, said["reason"], "idp_timeout")
        if int(said["elapsed_ms"]) > 8500:
            raise AssertionError(f"{scenario}: {said['elapsed_ms']} ms")


def http_urls_are_refused_before_anything_is_sent(driver):
    port = driver.provider.ports["plain"]
    same("reason", driver.run("--get", f"http://localhost:{port}/good~http/device")["reason"], "endpoint_not_https")
    same("reason", driver.run("--get", "file:///etc/passwd")["reason"], "endpoint_not_https")
    same("requests", driver.provider.log("good~http"), [])


def proxies_key_logs_and_netrc_of_the_environment_are_ignored(driver):
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "keys")
        with open(os.path.join(folder, ".netrc"), "w") as netrc:
            netrc.write("machine localhost login eve password eve\n")
        key = "good~environment"
        environment = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9",
                       "all_proxy": "http://127.0.0.1:9", "SSLKEYLOGFILE": log, "HOME": folder}
        same("reason", driver.sign_in(key, environment=environment)["reason"], "ok")
        for entry in driver.provider.log(key):
            same("authorization", entry["headers"].get("authorization"), None)
        same("key log", os.path.exists(log) and os.path.getsize(log) > 0, False)


def cancelled(scenario, *arguments, **more):
    def test(driver):
        key = f"{scenario}~{test.__name__}"
        said = driver.sign_in(key, "--cancel-after", str(CANCEL_MS), *arguments, **more)
        same("reason", said["reason"], "cancelled")
        if int(said["cpu_ms"]) > CANCEL_MS / 2:
            raise AssertionError(f"it span: {said['cpu_ms']} ms of CPU")

    words = "_".join([scenario, *(word.strip("-") for word in arguments), *more.values()]).replace("-", "_")
    test.__name__ = f"a_host_that_leaves_cancels_{words}".rstrip("_")
    return test


def polling_stops_when_the_host_leaves(driver):
    key = "never~left"
    same("reason", driver.sign_in(key, "--cancel-after", "3500")["reason"], "cancelled")
    same("3 polls at most", len(driver.provider.requests(key, "token")) <= 3, True)


def with_silent_dns(driver, *arguments):
    """(what the driver said, seconds until it had ended); the name server would hold it up for 20 s and more."""
    if os.geteuid() != 0:
        raise Skip("namespaces need root")
    started = time.monotonic()
    wrapper = ["unshare", "-m", "-n", "--", os.path.join(ROOT, "tests/oidc/silent_dns.py"), driver.provider.folder]
    said = driver.run(*arguments, "https://idp.example.org/", wrapper=wrapper)
    return said, time.monotonic() - started


def a_host_that_leaves_cancels_although_dns_is_silent(driver):
    said, seconds = with_silent_dns(driver, "--cancel-after", str(CANCEL_MS))
    same("reason", said["reason"], "cancelled")
    if seconds > DNS_SECONDS / 2:
        raise AssertionError(f"it waited for the name server: {seconds:.1f} s")


def a_silent_name_server_ends_in_a_timeout(driver):
    said, seconds = with_silent_dns(driver)
    same("reason", said["reason"], "idp_timeout")
    if seconds > DNS_SECONDS * 3 / 4:
        raise AssertionError(f"it waited for the name server: {seconds:.1f} s")


def slow_answers_of_ten_seconds_still_sign_in(driver):
    key = "slow~whole"
    said = driver.sign_in(key, "--userinfo")
    same("reason", said["reason"], "ok")


def tests():
    yield slow_answers_of_ten_seconds_still_sign_in
    yield from faults_of("discovery")
    yield from faults_of("device")
    yield from token_faults()
    yield from faults_of("keys", "keys_unavailable")
    yield from faults_of("userinfo", "userinfo_failed")
    for fault in ("html-502", "huge", "silent", "close", "redirect-307"):
        yield ends(f"revoke-{fault}", "ok", requests={"elsewhere": 0})
    for listener in ("wrong-name", "cn-only", "expired", "self-signed", "other-ca"):
        yield untrusted(listener)
    yield cancelled("discovery-silent")
    yield cancelled("discovery-silent", "--unread")
    yield cancelled("never")
    yield cancelled("never", "--unread")
    yield cancelled("token-huge-chunked", listener="silent")
    yield from (memory_stays_bounded, one_connection_carries_a_whole_sign_in, nothing_secret_is_in_an_url,
                compression_cookies_and_upgrades_are_not_asked_for, a_server_without_tls_is_refused,
                a_port_that_says_nothing_ends_in_a_timeout, a_closed_port_is_unreachable,
                a_handshake_that_is_cut_off_is_trouble_of_the_network,
                no_request_goes_on_beyond_the_deadline_of_the_sign_in, http_urls_are_refused_before_anything_is_sent,
                proxies_key_logs_and_netrc_of_the_environment_are_ignored, polling_stops_when_the_host_leaves,
                a_host_that_leaves_cancels_although_dns_is_silent, a_silent_name_server_ends_in_a_timeout)
