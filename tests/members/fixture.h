/* SPDX-License-Identifier: BSD-2-Clause */
/* A throw-away state folder, and a connection, a configuration and identities made by hand. */
#ifndef TESTS_MEMBERS_FIXTURE_H
#define TESTS_MEMBERS_FIXTURE_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "frontdesk/ids.h"
#include "frontdesk/paths.h"
#include "members/members.h"
#include "members/publish.h"

#define ISSUER "https://login.acme.example"
#define NOW    1700000000

struct desk {
    char state_dir[64];
    char *no_list[1], *everywhere[2];
    struct name_value no_pairs[1];
    struct connection connection;
    struct config config;
    struct members members;
    struct members_request request;
};

static inline struct store *open_store(const char *state_dir)
{
    char *why = NULL;
    struct store *store = store_open(state_dir, &why);

    if (!store)
        (void)fprintf(stderr, "# %s\n", why);
    free(why);
    assert_non_null(store);
    return store;
}

/* Not a literal: the fields are char *. */
static inline char *text(const char *string)
{
    char *copy = strdup(string);

    assert_non_null(copy);
    return copy;
}

static inline char *append(char *string, size_t size, const char *more)
{
    const size_t length = strlen(string);

    assert_true(length + strlen(more) < size);
    memcpy(string + length, more, strlen(more) + 1);
    return string;
}

/* The state folder need not exist yet; desk_open opens the store in it. */
static inline void desk_fill(struct desk *desk)
{
    static char everywhere[] = "*";

    desk->everywhere[0] = everywhere;
    desk->connection = (struct connection){
        .name = text("acme"),
        .enabled = true,
        .issuer = text(ISSUER),
        .username_claim = text("preferred_username"),
        .name_claim = text("name"),
        .email_claim = text("email"),
        .groups_claim = text("groups"),
        .allow_all = true,
        .create_users = true,
        .services = desk->no_list,
        .allowed_users = desk->no_list,
        .allowed_groups = desk->no_list,
        .allowed_email_domains = desk->no_list,
        .allowed_tenants = desk->no_list,
        .required_claims = desk->no_pairs,
        .required_acr = desk->no_list,
        .required_amr = desk->no_list,
        .group_map = desk->no_pairs,
        .locations = desk->everywhere,
    };
    desk->config = (struct config){
        .members = {.id_min = FD_MEMBER_ID_MIN,
                    .id_max = FD_MEMBER_ID_MAX,
                    .home_base = text("/home"),
                    .shell = text("/bin/bash")},
        .connections = &desk->connection,
        .connection_count = 1,
    };
    desk->request = (struct members_request){
        .config = &desk->config, .connection = &desk->connection, .requested_user = "", .now = NOW};
}

static inline void desk_open(struct desk *desk)
{
    desk->members = (struct members){.store = open_store(desk->state_dir), .state_dir = desk->state_dir};
}

static inline void desk_close(struct desk *desk)
{
    store_close(desk->members.store);
    desk->members.store = NULL;
}

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* In memory where there is such a place: a disk would be waited for at each fsync. */
static inline void make_state_dir(char path[64])
{
    const char *place = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";

    (void)snprintf(path, 64, "%s/frontdesk-members-XXXXXX", place);
    assert_non_null(mkdtemp(path));
    assert_int_equal(chmod(path, 0711), 0);
}

static inline int desk_setup(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);

    assert_non_null(desk);
    make_state_dir(desk->state_dir);
    desk_fill(desk);
    desk_open(desk);
    *state = desk;
    return 0;
}

static inline void desk_free_texts(struct desk *desk)
{
    free(desk->connection.name);
    free(desk->connection.issuer);
    free(desk->connection.username_claim);
    free(desk->connection.username_regex);
    free(desk->connection.name_claim);
    free(desk->connection.email_claim);
    free(desk->connection.groups_claim);
    free(desk->config.members.home_base);
    free(desk->config.members.shell);
}

static inline int desk_teardown(void **state)
{
    struct desk *desk = *state;

    desk_close(desk);
    remove_tree(desk->state_dir);
    desk_free_texts(desk);
    free(desk);
    return 0;
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

/* Borrows: valid as long as its arguments are. NULL e-mail: none. */
static inline struct identity person(char *subject, char *username, char *verified_email)
{
    static char issuer[] = ISSUER;
    static char *no_groups[1];

    return (struct identity){.issuer = issuer,
                             .subject = subject,
                             .username = username,
                             .email = verified_email,
                             .email_verified = verified_email != NULL,
                             .email_proof = verified_email ? EMAIL_VERIFIED : EMAIL_UNSAID,
                             .auth_time = -1,
                             .groups = no_groups};
}

static inline enum reason sign_in(struct desk *desk, const struct identity *identity)
{
    struct member member;
    enum reason reason = members_sign_in(&desk->members, &desk->request, identity, &member);

    member_clear(&member);
    return reason;
}

static inline bool count_row(void *context, const struct member *member)
{
    (void)member;
    ++*(unsigned *)context;
    return true;
}

static inline unsigned count_members(struct store *store)
{
    unsigned count = 0;

    assert_int_equal(store_each(store, count_row, &count), STORE_OK);
    return count;
}

#endif
