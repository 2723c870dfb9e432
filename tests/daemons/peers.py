# SPDX-License-Identifier: BSD-2-Clause
"""The keeper asked by users other than root: about themselves alone, and with little to gain by more."""
import sqlite3
import sys

import room
from people import VISITOR_UID, begin, claims_of, enter, mapped, member_names
from room import ACCOUNT, ADMIT, ADMITTED, ALLOW, CLAIMS, CLOSE_SESSION, DENY, OPEN_SESSION, UNAVAILABLE, Child, blob


def users_ask_about_themselves_where_the_service_allows_it(machine):
    mapped(machine, "[service locker]\nunprivileged = yes\n", services="login locker")
    lena = {"module_uid": room.OTHER_UID}
    child = Child(machine, **lena)
    assert child.admit(user="lena", service="locker", rhost="203.0.113.9")[0] == ADMITTED
    assert child.decided(CLAIMS, *claims_of("s-2", "bob")) == ("ok", ALLOW, "lena")
    sets = child.finish()[4]
    assert sets["FRONTDESK_SUBJECT"] == "s-2" and "FRONTDESK_SESSION" not in sets
    record = machine.audited()[-1]
    assert (record["peer_uid"], record["service"], record["user"]) == (room.OTHER_UID, "locker", "lena")
    assert "rhost" not in record
    records = len(machine.audited())
    for fields in ({"user": "visitor", "service": "locker"}, {"user": "", "service": "locker"},
                   {"user": "lena", "service": "login"}, {"user": "root", "service": "locker"},
                   {"user": "lena", "service": "locker", "phase": OPEN_SESSION},
                   {"user": "lena", "service": "locker", "phase": CLOSE_SESSION}):
        decision = Child(machine, **lena).decided(ADMIT, blob(room.login(**fields)))
        assert decision == ("peer_not_allowed", DENY, ""), fields
    assert len(machine.audited()) == records, "nobody may fill the disk by asking"


def a_key_that_a_user_claims_to_have_shown_is_none(machine):
    key = {"user": "lena", "service": "locker", "prior_auth": "publickey ssh-ed25519 AAAA\n"}
    mapped(machine, "[service locker]\nunprivileged = yes\nrequires_key = yes\n", services="login locker")
    assert Child(machine).admit(**key)[0] == ADMITTED
    child = Child(machine, module_uid=room.OTHER_UID)
    assert child.decided(ADMIT, blob(room.login(**key)))[0] == "key_required"


def a_member_asks_about_itself_and_nobody_is_made(machine):
    machine.configure(corp={})
    enter(machine, "s-40", "", "mia")
    with sqlite3.connect(f"file:{machine.state}/members.db?mode=ro", uri=True) as store:
        uid = store.execute("SELECT id FROM member WHERE name = 'mia'").fetchone()[0]
    machine.configure("[service locker]\nunprivileged = yes\n", corp={"services": "login locker"})
    child = Child(machine, module_uid=uid)
    assert child.admit(user="mia", service="locker")[0] == ADMITTED
    assert child.decided(CLAIMS, *claims_of("s-40", "mia")) == ("ok", ALLOW, "mia")
    child = Child(machine, module_uid=uid)
    child.admit(user="mia", service="locker")
    assert child.decided(CLAIMS, *claims_of("s-41", "mio"))[1] != ALLOW
    assert "mio" not in member_names(machine)
    decision = Child(machine, module_uid=uid).decided(ADMIT, blob(room.login(user="lena", service="locker")))
    assert decision[0] == "peer_not_allowed"
    account = Child(machine, module_uid=uid)
    assert account.decided(ADMIT, blob(room.login(phase=ACCOUNT, user="mia", service="locker")))[0] == "ok"


def users_take_no_place_of_roots_sign_ins(machine):
    mapped(machine, "[limits]\nsign_ins_per_user = 1\n[service locker]\nunprivileged = yes\n",
           services="login locker")
    own = Child(machine, module_uid=room.OTHER_UID)
    assert own.admit(user="lena", service="locker")[0] == ADMITTED
    roots = Child(machine)
    assert roots.admit(user="lena")[0] == ADMITTED
    decision = Child(machine).decided(ADMIT, blob(room.login(user="lena")))
    assert decision[:2] == ("too_many_for_user", UNAVAILABLE)
    for child in (own, roots):
        child.close()


def users_have_slots_of_their_own(machine):
    mapped(machine, "[limits]\nunprivileged = 1\nsign_ins = 2\n[service locker]\nunprivileged = yes\n",
            services="login locker")
    held = Child(machine, module_uid=room.OTHER_UID)
    assert held.admit(user="lena", service="locker")[0] == ADMITTED
    other = Child(machine, module_uid=VISITOR_UID)
    decision = other.decided(ADMIT, blob(room.login(user="visitor", service="locker")))
    assert decision[:2] == ("too_many_unprivileged", UNAVAILABLE)
    roots = [Child(machine), Child(machine)]
    assert [child.admit(user=f"u{n}")[0] for n, child in enumerate(roots)] == [ADMITTED, ADMITTED]
    for child in (held, *roots):
        child.close()


if __name__ == "__main__":
    sys.exit(room.main(sys.modules["__main__"], begin))
