# SPDX-License-Identifier: BSD-2-Clause
"""Where the endpoints are: typed, found, both; tenants; a proxy on the way."""
import itertools

from table import same
from tunnel import Tunnel

NEEDED = {"device_authorization_endpoint": "device", "token_endpoint": "token", "jwks_uri": "keys"}
OPTIONAL = {"userinfo_endpoint": "userinfo", "revocation_endpoint": "revoke"}
TENANTS_ISSUER = "/organizations/v2.0"


def typed(driver, key, names):
    every = {**NEEDED, **OPTIONAL}
    return [word for name in names for word in ("--typed", f"{name}={driver.provider.origin()}/{key}/{every[name]}")]


def mixed(names):
    """The document leaves out what is typed, and once more says something else of it: typed words win."""
    def test(driver):
        for number, wrong in enumerate((None, "ISSUER/elsewhere")):
            key = f"good~{test.__name__}-{number}"
            driver.provider.ask(f"/_control/{key}", {"discovery": {name: wrong for name in names}})
            said = driver.sign_in(key, "--userinfo", *typed(driver, key, names))
            same("reason", said["reason"], "ok")
            same("requests elsewhere", driver.provider.requests(key, "elsewhere"), [])
            same("documents", len(driver.provider.requests(key, "openid-configuration")), 1)

    test.__name__ = "typed_and_found_" + "_".join({**NEEDED, **OPTIONAL}[name] for name in names)
    return test


def everything_typed_needs_no_document(driver):
    key = "discovery-status-404~typed"
    said = driver.sign_in(key, "--userinfo", *typed(driver, key, [*NEEDED, *OPTIONAL]))
    same("reason", said["reason"], "ok")
    same("endpoints", [entry["path"].rsplit("/", 1)[1] for entry in driver.provider.log(key)],
         ["device", "token", "keys", "userinfo", "revoke"])
    same("challenge", "code_challenge" in driver.provider.requests(key, "device")[0]["form"], False)


def what_is_needed_typed_is_enough(driver):
    key = "discovery-status-404~needed"
    same("reason", driver.sign_in(key, *typed(driver, key, NEEDED))["reason"], "ok")
    same("endpoints", [entry["path"].rsplit("/", 1)[1] for entry in driver.provider.log(key)],
         ["device", "token", "keys"])


def without_a_document_a_secret_goes_by_basic_and_pkce_as_told(driver):
    key = "client-basic~typed"
    said = driver.sign_in(key, "--client", "kiosk: 1", "--secret", "p:a+s%s &w=rd/é", "--pkce", "S256",
                          *typed(driver, key, NEEDED))
    same("reason", said["reason"], "ok")
    request = driver.provider.requests(key, "device")[0]
    same("Basic, challenge", ("authorization" in request["headers"], "code_challenge" in request["form"]),
         (True, True))


def a_typed_key_set_may_have_a_query(driver):
    key = "good~appid"
    url = f"{driver.provider.origin()}/{key}/keys?appid=kiosk"
    same("reason", driver.sign_in(key, "--typed", f"jwks_uri={url}")["reason"], "ok")
    same("asked", [e["path"] for e in driver.provider.log(key) if "/keys" in e["path"]], [f"/{key}/keys?appid=kiosk"])


def two_of_three_typed_still_need_the_document(driver):
    key = "discovery-status-404~two"
    said = driver.sign_in(key, *typed(driver, key, ("token_endpoint", "jwks_uri")))
    same("reason", said["reason"], "idp_status")


def another_issuer_is_refused_though_all_endpoints_are_typed(driver):
    key = "claim-iss~typed"
    same("reason", driver.sign_in(key, *typed(driver, key, NEEDED))["reason"], "claim_iss")


def a_document_at_the_place_of_rfc_8414_is_found(driver):
    key = "discovery-by-rfc8414~found"
    same("reason", driver.sign_in(key)["reason"], "ok")
    same("asked", [entry["path"] for entry in driver.provider.log(key)][:2],
         [f"/{key}/.well-known/openid-configuration", f"/.well-known/oauth-authorization-server/{key}"])


def no_other_place_is_asked_while_the_first_one_answers(driver):
    for scenario in ("good", "discovery-status-500", "discovery-html-200", "other-issuer"):
        key = f"{scenario}~one-place"
        driver.sign_in(key, "--deadline", "1")
        same(scenario, [e["path"] for e in driver.provider.log(key) if "oauth-authorization-server" in e["path"]], [])


def an_issuer_with_a_slash_is_exact_and_by_url_is_the_documents(driver):
    same("exact", driver.sign_in("issuer-with-slash~exact")["reason"], "issuer_mismatch")
    key = "issuer-with-slash~by-url"
    driver.provider.ask(f"/_control/{key}", {"claims": {"iss": "ISSUER/"}})
    same("by URL", driver.sign_in(key, "--by-url")["reason"], "ok")
    key = "issuer-with-slash~other-token"  # the document has the slash, the token has not
    same("token", driver.sign_in(key, "--by-url")["reason"], "claim_iss")


def tenants(scenario, reason, *arguments):
    def test(driver):
        key = f"{scenario}~{'-'.join(arguments).strip('-') or 'any'}"
        said = driver.run(*arguments, f"{driver.provider.origin()}/{key}{TENANTS_ISSUER}")
        same("reason", said["reason"], reason)

    test.__name__ = f"{scenario}_{'with' if arguments else 'without'}_tenants_ends_{reason}".replace("-", "_")
    return test


def the_log_out_url_is_found_or_typed_and_never_in_the_way(driver):
    origin = driver.provider.origin()
    same("found", driver.sign_in("log-out~found")["log_out"], f"{origin}/log-out~found/logout")
    said = driver.sign_in("log-out~typed", "--typed", "end_session_endpoint=https://acme.com/bye")
    same("typed", said["log_out"], "https://acme.com/bye")
    said = driver.sign_in("log-out-http~ignored")
    same("no good", (said["log_out"], said["reason"]), ("", "ok"))


def everything_goes_through_the_proxy(driver):
    key = "refresh-token~proxied"
    port = driver.provider.ports["good"]
    environment = {"NO_PROXY": "*", "no_proxy": "*", "https_proxy": "http://127.0.0.1:9"}
    with Tunnel() as proxy:  # which alone knows that name
        said = driver.run("--proxy", proxy.url, "--userinfo", f"https://idp.acme.example:{port}/{key}",
                          environment=environment)
        same("reason", said["reason"], "ok")
        same("tunnels", proxy.asked, [f"CONNECT idp.acme.example:{port}"])
        same("secrets in the clear", "authorization" in proxy.heads[0], False)
        same("lifetime is the server's word", said["discovery_lifetime"], "600")
    log = driver.provider.log(key)
    same("requests", len(log), 7)
    same("connections", len({entry["connection"] for entry in log}), 1)


def a_proxy_that_refuses_or_is_gone_is_never_passed_by(driver):
    with Tunnel(407) as proxy:
        said = driver.sign_in("good~proxy-407", "--proxy", proxy.url)
        same("refused", (said["reason"], len(proxy.asked)), ("idp_unreachable", 1))
    same("gone", driver.sign_in("good~proxy-gone", "--proxy", "http://127.0.0.1:9")["reason"], "idp_unreachable")
    for key in ("good~proxy-407", "good~proxy-gone"):
        same("requests", driver.provider.log(key), [])


def tls_is_with_the_server_behind_the_proxy(driver):
    with Tunnel() as proxy:
        for listener in ("other-ca", "wrong-name"):
            key = f"good~proxy-{listener}"
            same(listener, driver.sign_in(key, "--proxy", proxy.url, listener=listener)["reason"], "idp_tls")
            same("requests", driver.provider.log(key), [])
        same("tunnels", len(proxy.asked), 2)


def tests():
    for count in (1, 2):
        for names in itertools.combinations(NEEDED, count):
            yield mixed(names)
    yield mixed(tuple(OPTIONAL))
    yield tenants("entra", "ok", "--tenant", "a1b2-c3")
    yield tenants("entra", "issuer_mismatch")
    for scenario in ("entra-other-tid", "entra-no-tid", "entra-literal"):
        yield tenants(scenario, "claim_iss", "--tenant", "a1b2-c3")
    yield from (everything_typed_needs_no_document, what_is_needed_typed_is_enough,
                without_a_document_a_secret_goes_by_basic_and_pkce_as_told,
                a_typed_key_set_may_have_a_query, two_of_three_typed_still_need_the_document,
                another_issuer_is_refused_though_all_endpoints_are_typed,
                a_document_at_the_place_of_rfc_8414_is_found, no_other_place_is_asked_while_the_first_one_answers,
                an_issuer_with_a_slash_is_exact_and_by_url_is_the_documents,
                the_log_out_url_is_found_or_typed_and_never_in_the_way, everything_goes_through_the_proxy,
                a_proxy_that_refuses_or_is_gone_is_never_passed_by, tls_is_with_the_server_behind_the_proxy)
