# SPDX-License-Identifier: BSD-2-Clause
"""frontdesk-nexudus against the API as it is documented, and as it should not be."""
import sys
import time

import place as stage
import server as servers
from nexudus_api import ADA, BUSINESS, PASSWORD, USER, Nexudus
from server import event, run, secret, settings

OUT = {"kind": "check_out", "time": "2026-03-01T17:30:00Z"}
STAGE = {}


def _api(place, **keys):
    secret(place, "nexudus.password", PASSWORD + "\n")
    settings(place, "nexudus", **{"url": STAGE["server"].url("/api"), "user": USER, "ca_file": STAGE["server"].ca,
                                  "password_file": f"{place.folder}/nexudus.password", "business": BUSINESS,
                                  "dry_run": "no", **keys})
    STAGE["server"].take()
    return Nexudus(STAGE["server"])


def _run(place, **changes):
    status, out = run(place, "nexudus", event(**changes))
    for word in (PASSWORD, "token-", "refresh-"):
        assert word not in out, out
    return status, out


def a_check_in_and_its_check_out_are_one_there(place):
    api = _api(place)
    assert _run(place) == (0, "")
    assert api.writes == [("POST", {"BusinessId": BUSINESS, "CoworkerId": ADA, "FromTime": "2026-03-01T08:00:00Z",
                                    "Source": 1})]
    before = dict(api.visits[0])
    assert _run(place, **OUT) == (0, "")
    method, record = api.writes[1]
    assert method == "PUT" and record == {**before, "ToTime": "2026-03-01T17:30:00Z"}, "all else goes back as it was"
    assert api.grants == ["password", "password"] and len(api.writes) == 2


def an_event_that_comes_twice_counts_once(place):
    api = _api(place)
    for _ in range(2):
        assert _run(place)[0] == 0
    assert len(api.writes) == 1
    for _ in range(2):
        assert _run(place, **OUT)[0] == 0
    assert len(api.writes) == 2
    assert _run(place)[0] == 0 and len(api.writes) == 2, "also when the visit is over by now"


def a_visit_that_was_written_but_not_answered_is_found_again(place):
    api = _api(place, timeout="2 s")

    def cut(request):
        if request.method != "POST" or request.path.endswith("/token"):
            return "go on"
        api.visit(**request.json)
        return b""

    api.before = cut
    assert _run(place)[0] == 75 and len(api.visits) == 1
    api.before = None
    assert _run(place)[0] == 0 and len(api.visits) == 1 and not api.writes


def who_came_by_another_door_is_in_already(place):
    api = _api(place)
    api.visit(FromTime="2026-03-01T07:55:12.123Z", Source=3)
    assert _run(place)[0] == 0 and not api.writes
    assert _run(place, **OUT)[0] == 0
    assert [(method, record["ToTime"]) for method, record in api.writes] == [("PUT", "2026-03-01T17:30:00Z")]


def others_and_other_places_are_left_alone(place):
    api = _api(place)
    api.filters = False
    for more in ({"CoworkerId": 102}, {"BusinessId": 9}, {"ToTime": "2026-02-01T09:00:00Z",
                                                         "FromTime": "2026-02-01T08:00:00Z"}):
        api.visit(**{"FromTime": "2026-03-01T07:00:00Z", **more})
    api.visit(FromTime="2026-03-01T18:00:00Z")  # came again after the check-out that is told late
    assert _run(place, **OUT)[0] == 0 and not api.writes
    api.visits.pop()
    assert _run(place)[0] == 0 and [method for method, _ in api.writes] == ["POST"]


def a_trial_looks_and_writes_nothing(place):
    for dry_run in ("yes", None):
        api = _api(place, dry_run=dry_run)
        status, out = _run(place)
        assert status == 0 and f"would check in customer {ADA}" in out, out
        api.visit()
        status, out = _run(place, **OUT)
        assert status == 0 and f"would check out customer {ADA}" in out, out
        assert not api.writes
        assert {r.method for r in api.server.take() if r.path != "/api/token"} == {"GET"}


def an_unverified_e_mail_names_nobody(place):
    api = _api(place)
    for member in ({"email_verified": False}, {"email": None}, {"email": ""}, {"email_verified": None},
                   {"email_verified": "yes"}):
        status, out = _run(place, member=member)
        assert status == 65 and "no verified e-mail" in out
    assert not api.server.take(), "nothing was sent at all"


def one_active_customer_is_meant_or_nobody(place):
    for customers in ([], [Nexudus.customer(1, "ada@acme.com"), Nexudus.customer(2, "ADA@acme.com")],
                      [Nexudus.customer(1, "ada@acme.com", Active=False)], [Nexudus.customer(1, "ada@acme.com.evil")],
                      [Nexudus.customer(1, "x-ada@acme.com")]):
        api = _api(place)
        api.customers, api.filters = customers, False
        assert _run(place)[0] == 65 and not api.writes, customers
    api = _api(place)
    api.customers = [Nexudus.customer(ADA, "a+b&c=d@acme.com")]
    assert _run(place, member={"email": "a+b&c=d@acme.com"})[0] == 0 and len(api.writes) == 1


def without_a_valid_pass_nothing_is_charged_unless_that_is_allowed(place):
    for more in ({"Used": True}, {"ExpireDate": "2026-02-28T00:00:00Z"}, {"BusinessId": 9}, {"CoworkerId": 102},
                 {"IsPayAsYouGo": True}, {"Used": None}, {"IsPayAsYouGo": None}, {"ExpireDate": 5}):
        api = _api(place)
        api.passes, api.filters = [Nexudus.ticket(1, **more)], False
        status, out = _run(place)
        assert status == 65 and "no valid pass" in out and not api.writes, (more, out)
    api = _api(place)
    api.passes = [Nexudus.ticket(1, Used=True), Nexudus.ticket(2, ExpireDate="2026-03-02T00:00:00Z")]
    assert _run(place)[0] == 0 and len(api.writes) == 1
    api = _api(place, allow_charges="yes")
    api.passes = []
    assert _run(place)[0] == 0 and len(api.writes) == 1


def a_refused_token_is_renewed_once(place):
    api = _api(place)
    api.before = lambda request: (api.tokens.clear() or "go on") if len(api.server.requests) == 3 else "go on"
    assert _run(place)[0] == 0 and api.grants == ["password", "refresh_token"] and len(api.writes) == 1
    api = _api(place)
    api.before = lambda request: "go on" if request.path == "/api/token" else (401, "{}")
    assert _run(place)[0] == 75 and api.grants == ["password", "refresh_token"] and not api.writes
    assert len(api.server.take()) == 4


def wrong_credentials_are_tried_once_and_told(place):
    api = _api(place, user="somebody@else.example")
    status, out = _run(place)
    assert status == 75 and "not accepted" in out and len(api.server.take()) == 1


def a_list_is_read_to_its_end(place):
    api = _api(place)
    api.page_size = 2
    for day in range(1, 6):
        api.visit(FromTime=f"2026-02-0{day}T08:00:00Z", ToTime=f"2026-02-0{day}T18:00:00Z")
    api.visit(FromTime="2026-03-01T08:00:00")
    assert _run(place)[0] == 0 and not api.writes, "the last page has it"


def years_of_visits_before_it_hold_no_event_up(place):
    api = _api(place)
    old = api.visit(FromTime="2025-01-01T08:00:00Z", ToTime="2025-01-01T18:00:00Z")
    api.visits = [{**old, "Id": number} for number in range(1, 3001)]
    assert _run(place)[0] == 0 and [method for method, _ in api.writes] == ["POST"]
    assert _run(place)[0] == 0 and len(api.writes) == 1
    assert _run(place, **OUT)[0] == 0
    assert [method for method, _ in api.writes] == ["POST", "PUT"] and api.writes[1][1]["Id"] == api.visits[-1]["Id"]


def what_was_left_open_long_ago_is_no_visit_of_today(place):
    api = _api(place)
    api.visit(FromTime="2026-02-22T07:59:59Z")
    assert _run(place, **OUT)[0] == 0 and not api.writes, "what it ends is not that one"
    assert _run(place)[0] == 0 and [method for method, _ in api.writes] == ["POST"]
    api = _api(place)
    api.visit(FromTime="2026-02-22T08:00:00Z")
    assert _run(place)[0] == 0 and not api.writes, "seven days"


def more_than_can_be_looked_through_is_given_up_and_holds_nothing_up(place):
    for kind in ({}, OUT):
        api = _api(place)
        api.filters, api.page_size = False, 1
        for _ in range(30):
            api.visit(CoworkerId=102)
        status, out = _run(place, **kind)
        assert status == 65 and "more records than can be looked through" in out and not api.writes, (status, out)
    api = _api(place)
    api.customers, api.filters, api.page_size = [Nexudus.customer(n, "x@acme.com") for n in range(1, 31)], False, 1
    status, out = _run(place)
    assert status == 75 and not api.writes, "that is no one customer's matter: all events wait"


def answers_that_fail_stall_or_are_nonsense_write_nothing(place):
    nonsense = [(200, "nonsense"), (200, "[]"), (200, "{}"), (200, '{"Records":{},"HasNextPage":false}'),
                (200, '{"Records":[]}'), (200, '{"Records":[],"Records":[],"HasNextPage":false}'), (500, ""), (503, "{}"),
                (429, ""), (403, ""), (302, "", {"Location": "https://localhost/"}), b"", b"\x16\x03", None]
    for path in ("/api/token", "/api/spaces/coworkers", "/api/spaces/checkins", "/api/billing/coworkertimepasses"):
        for answer in nonsense if path.endswith("checkins") else (nonsense[0], nonsense[2], nonsense[7]):
            api = _api(place, timeout="1 s" if answer is None else "8 s")
            api.before = lambda r, path=path, answer=answer: answer if r.path == path and r.method != "PUT" else "go on"
            assert _run(place)[0] == 75, (path, answer)
            assert not api.writes, (path, answer)
            api.server.let_go()


def what_the_api_refuses_is_given_up_and_its_trouble_is_not(place):
    for answer, wanted in (((200, '{"WasSuccessful":false,"Status":400,"Message":"No \\u001b pass"}'), 65),
                           ((400, '{"WasSuccessful":false,"Message":"no"}'), 65), ((409, ""), 65),
                           ((200, '{"WasSuccessful":false,"Status":500,"Message":"trouble"}'), 75),
                           ((200, "{}"), 75), ((200, '{"WasSuccessful":"true"}'), 75), ((502, "<html>"), 75)):
        api = _api(place)
        api.before = lambda r, answer=answer: answer if r.method == "POST" and "token" not in r.path else "go on"
        status, out = _run(place)
        assert status == wanted and "\x1b" not in out, (answer, status, out)


def another_place_is_passed_over(place):
    api = _api(place, location="Ghent")
    assert _run(place)[0] == 0 and _run(place, location=None)[0] == 0 and not api.server.take()
    assert _run(place, location="Ghent")[0] == 0 and len(api.writes) == 1


def faults_of_the_settings_are_told(place):
    for keys, words in (({"business": "0"}, "business"), ({"business": None}, "`business` is missing"),
                        ({"user": None}, "`user` is missing"), ({"dry_run": "maybe"}, "dry_run"),
                        ({"allow_charge": "yes"}, "did you mean `allow_charges`"), ({"url": "http://x/"}, "https://"),
                        ({"password_file": "/nowhere"}, "/nowhere"), ({"mode": 0o666}, "written by others")):
        api = _api(place, **keys)
        status, out = _run(place)
        assert status == 78 and words in out and not api.server.take(), (keys, out)


def the_password_is_in_no_argument_or_variable_and_all_of_it_ends_in_time(place):
    api = _api(place, timeout="3 s", url=STAGE["server"].url("/api/"))
    api.before = lambda request: None if request.path == "/api/spaces/checkins" else "go on"
    began = time.monotonic()
    process = servers.start(place, "nexudus")
    process.stdin.write(event())
    process.stdin.close()
    place.wait_for(lambda: len(api.server.requests) == 3)
    for name in ("cmdline", "environ"):
        with open(f"/proc/{process.pid}/{name}", "rb") as file:
            said = file.read()
        assert not [word for word in (PASSWORD, "token-1") if word.encode() in said], name
    assert process.wait(stage.room.PATIENCE) == 75 and time.monotonic() - began < 20
    assert PASSWORD not in process.stdout.read()
    api.server.let_go()


def _begin(place):
    STAGE["server"] = servers.Server(place)


if __name__ == "__main__":
    sys.exit(stage.main(sys.modules["__main__"], _begin))
