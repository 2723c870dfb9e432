/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Check-ins, and what hook programs are to be told of them. A check-in that is over stays as it is; of a
 * member only one is open at a place. Numbers of both are given by a count that only grows, beside the
 * generation and, as that, with what balances it: a number that is free again is not given again.
 */
#include "members/store_tables.h"
#include "members/store_verify.h"

static const char *const version_4[] = {
    "ALTER TABLE generation ADD COLUMN given INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE generation ADD COLUMN lost_events INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE generation ADD COLUMN balance INTEGER NOT NULL DEFAULT 0"
    " CHECK (given + lost_events + balance = 0);",
    "CREATE TABLE check_in ("
    " id INTEGER PRIMARY KEY,"
    " member INTEGER NOT NULL,"
    " location TEXT NOT NULL,"
    " in_at INTEGER NOT NULL,"
    " out_at INTEGER,"
    " how_in TEXT NOT NULL CHECK (how_in IN ('kiosk', 'desk')),"
    " how_out TEXT CHECK (how_out IN ('kiosk', 'desk', 'limit')),"
    " digest INTEGER NOT NULL,"
    " CHECK ((out_at IS NULL) = (how_out IS NULL)),"
    " CHECK (out_at IS NULL OR out_at >= in_at));"
    "CREATE UNIQUE INDEX check_in_open ON check_in (member, location) WHERE out_at IS NULL;"
    "CREATE INDEX check_in_time ON check_in (in_at);"
    "CREATE INDEX check_in_over ON check_in (out_at, in_at);"
    "CREATE TRIGGER check_in_of_member BEFORE INSERT ON check_in"
    " WHEN NOT EXISTS (SELECT 1 FROM member WHERE id = new.member) BEGIN"
    " SELECT RAISE(ABORT, 'a check-in is a member''s');"
    "END;"
    "CREATE TRIGGER check_in_stays BEFORE UPDATE ON check_in"
    " WHEN old.out_at IS NOT NULL OR (old.id, old.member, old.location, old.in_at, old.how_in)"
    " IS NOT (new.id, new.member, new.location, new.in_at, new.how_in) BEGIN"
    " SELECT RAISE(ABORT, 'a check-in only ends');"
    "END;",
    COUNTED("check_in") CONTENT_SHRINKS("check_in") CONTENT_CHANGES("check_in")
        DIGEST_FOLLOWS("check_in", "old.out_at IS NOT new.out_at OR old.how_out IS NOT new.how_out"),
    "CREATE TABLE hook_event ("
    " number INTEGER PRIMARY KEY,"
    " event_id TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL CHECK (kind IN ('check_in', 'check_out')),"
    " member INTEGER NOT NULL,"
    " json TEXT NOT NULL,"
    " made_at INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL,"
    " first_failed_at INTEGER NOT NULL,"
    " last_tried_at INTEGER NOT NULL,"
    " last_error TEXT,"
    " digest INTEGER NOT NULL);"
    "CREATE TRIGGER hook_event_stays BEFORE UPDATE ON hook_event"
    " WHEN (old.number, old.event_id, old.kind, old.member, old.json, old.made_at)"
    " IS NOT (new.number, new.event_id, new.kind, new.member, new.json, new.made_at) BEGIN"
    " SELECT RAISE(ABORT, 'an event stays as it is');"
    "END;",
    COUNTED("hook_event") CONTENT_SHRINKS("hook_event") CONTENT_CHANGES("hook_event") DIGEST_FOLLOWS(
        "hook_event", "(old.attempts, old.first_failed_at, old.last_tried_at, old.last_error)"
                      " IS NOT (new.attempts, new.first_failed_at, new.last_tried_at, new.last_error)"),
    "UPDATE seal SET value = " STORE_SCHEMA_DIGEST ";",
};

enum store_result store_grow_to_4(struct store *store)
{
    enum store_result result = STORE_OK;

    for (size_t i = 0; result == STORE_OK && i < sizeof version_4 / sizeof version_4[0]; i++)
        result = store_execute(store, version_4[i]);
    return result;
}
