/* SPDX-License-Identifier: BSD-2-Clause */
/* A keeper with a real store and a real configuration, in a folder of the test's own, and one sign-in of it.
 */
#ifndef UNIT_KEEPER_STAGE_H
#define UNIT_KEEPER_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper/state.h"
#include "keeper/tickets.h"

static const char corp_file[] = "[connection]\n"
                                "issuer = https://idp.example/\n"
                                "client_id = desk\n"
                                "services = login\n"
                                "allowed_users = s-1 s-2\n"
                                "create_users = yes\n";

static struct {
    char folder[64], config[80], state[80];
    struct keeper keeper;
    struct sign_in sign_in;
    int host;
} desk;

static inline const char *path_of(const char *name)
{
    static char path[160];

    (void)snprintf(path, sizeof path, "%s/%s", desk.folder, name);
    return path;
}

static inline bool write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of("etc/new"), "we");
    char from[160];

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        return false;
    (void)snprintf(from, sizeof from, "%s", path_of("etc/new"));
    return chmod(from, 0644) == 0 && rename(from, path_of(name)) == 0;
}

static inline bool write_connection(const char *text)
{
    return write_file("etc/connections.d/corp.conf", text);
}

/* As a sign-in does that begins now. */
static inline void read_configuration(void)
{
    config_unref(desk.sign_in.config);
    desk.sign_in.config = config_ref(config_watch_current(desk.keeper.watch));
    desk.sign_in.connection = config_connection(desk.sign_in.config, "corp");
}

/* The sign-in's end, and the beginning of another. */
static inline void begin_anew(void)
{
    const int module = desk.sign_in.module;

    config_unref(desk.sign_in.config);
    identity_clear(&desk.sign_in.identity);
    session_row_clear(&desk.sign_in.session);
    list_free(desk.sign_in.candidates);
    free(desk.sign_in.log_out_url);
    desk.sign_in = (struct sign_in){.module = module, .login = {.phase = PHASE_AUTH, .service = "login"}};
    read_configuration();
}

static inline void set_requested(const char *user)
{
    (void)snprintf(desk.sign_in.login.user, sizeof desk.sign_in.login.user, "%s", user);
}

static inline char *copy(const char *text)
{
    char *copied = strdup(text);

    assert_non_null(copied);
    return copied;
}

/* As judgement would have read it from claims. */
static inline void set_identity(const char *subject, const char *username)
{
    identity_clear(&desk.sign_in.identity);
    desk.sign_in.identity = (struct identity){.issuer = copy("https://idp.example/"),
                                              .subject = copy(subject),
                                              .username = copy(username),
                                              .groups = calloc(1, sizeof(char *)),
                                              .amr = calloc(1, sizeof(char *)),
                                              .auth_time = -1};
}

static inline int make(void **state)
{
    int pair[2];

    (void)state;
    memset(&desk, 0, sizeof desk);
    (void)snprintf(desk.folder, sizeof desk.folder, "%s", "/tmp/keeper_stage.XXXXXX");
    if (!mkdtemp(desk.folder) || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    (void)snprintf(desk.config, sizeof desk.config, "%s/etc", desk.folder);
    (void)snprintf(desk.state, sizeof desk.state, "%s/state", desk.folder);
    if (mkdir(desk.config, 0755) != 0 || mkdir(desk.state, 0711) != 0 ||
        mkdir(path_of("etc/connections.d"), 0755) != 0 || !write_connection(corp_file))
        return -1;
    desk.keeper.watch = config_watch_new(desk.config);
    desk.keeper.members.state_dir = desk.state;
    (void)snprintf(desk.keeper.boot, sizeof desk.keeper.boot, "%s", "11111111-2222-3333-4444-555555555555");
    desk.keeper.members.store = store_open(desk.state, &(char *){NULL});
    desk.host = pair[0];
    desk.sign_in.module = pair[1];
    desk.sign_in.login.phase = PHASE_AUTH;
    (void)snprintf(desk.sign_in.login.service, sizeof desk.sign_in.login.service, "%s", "login");
    read_configuration();
    return desk.keeper.members.store && desk.sign_in.connection ? 0 : -1;
}

static inline int unmake(void **state)
{
    static const char *const files[] = {"etc/connections.d/corp.conf",
                                        "etc/frontdesk.conf",
                                        "etc/users.map",
                                        "state/nss/members",
                                        "state/members.db",
                                        "audit",
                                        "audit.lock"};
    static const char *const folders[] = {"etc/connections.d", "etc", "state/nss", "state", ""};

    (void)state;
    begin_anew();
    config_unref(desk.sign_in.config);
    config_watch_free(desk.keeper.watch);
    store_close(desk.keeper.members.store);
    (void)close(desk.host);
    (void)close(desk.sign_in.module);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        (void)unlink(path_of(files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        (void)rmdir(path_of(folders[i]));
    return access(desk.folder, F_OK) != 0 ? 0 : -1;
}

#endif
