/* SPDX-License-Identifier: BSD-2-Clause */
/* A session in a process of its own, between a module and a keeper that the test plays. */
#ifndef UNIT_SESSION_STAGE_H
#define UNIT_SESSION_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"
#include "display/text.h"
#include "frontdesk/wire.h"
#include "http/http.h"
#include "login.h"
#include "questions.h"
#include "session/session.h"
#include "sockets.h"

#define PATIENCE_MS 30000 /* how long a test waits for what must come */

static int module_end, keeper_end; /* this test's ends */
static int handed_over;            /* the keeper's own of the session's end to the module; -1: closed */
static pid_t session_pid;
static uint8_t packet[QUESTION_PACKET_MAX];
static size_t packet_length;
static struct wire_reader message;
static struct tls_trust *system_trust;

static char issuer[] = "https://127.0.0.1:1", client_id[] = "frontdesk", openid[] = "openid",
            rs256[] = "RS256";
static char *no_words[] = {NULL}, *scopes[] = {openid, NULL}, *algs[] = {rs256, NULL};

static char acme_domain[] = "acme.example", guests_domain[] = "guests.example",
            both_domain[] = "both.example";
static char *acme_domains[] = {acme_domain, both_domain, NULL},
            *guests_domains[] = {guests_domain, both_domain, NULL};

static inline struct connection connection_named(char *name, char *label, char **domains)
{
    return (struct connection){
        .name = name,
        .enabled = true,
        .issuer = issuer,
        .client_id = client_id,
        .display_name = label,
        .scopes = scopes,
        .signing_algs = algs,
        .services = no_words,
        .domain_aliases = domains,
    };
}

static inline const struct tls_trust *find_trust(void *context, const char *ca_file)
{
    (void)ca_file;
    return context;
}

static inline void run_session(int module, int keeper, struct tls_trust *trust)
{
    static char machine[] = "desk-1", english[] = "en";
    struct connection connections[] = {
        connection_named((char[]){"acme"}, (char[]){"Acme"}, acme_domains),
        connection_named((char[]){"guests"}, (char[]){"Guests"}, guests_domains),
    };
    const struct config config = {
        .machine = {.name = machine, .language = english},
        .connections = connections,
        .connection_count = 2,
    };
    const struct session session = {
        .module = module,
        .keeper = keeper,
        .config = &config,
        .trust = find_trust,
        .trust_context = trust,
    };
    int status;

    status = session_run(&session);
    /* A session never frees its http handle; a new program ends without valgrind's complaint about that. */
    (void)execl("/bin/sh", "sh", "-c", status == 0 ? "exit 0" : "exit 1", (char *)NULL);
    _exit(2);
}

static inline void start(struct tls_trust *trust)
{
    int module[2], keeper[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, module), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, keeper), 0);
    module_end = module[0];
    keeper_end = keeper[0];
    handed_over = module[1];
    session_pid = fork();
    assert_true(session_pid >= 0);
    if (session_pid == 0) {
        (void)close(module[0]);
        (void)close(keeper[0]);
        run_session(module[1], keeper[1], trust);
    }
    (void)close(keeper[1]);
}

/* Once the session alone holds it, its end is the module's. */
static inline void drop_handed_over(void)
{
    if (handed_over >= 0)
        (void)close(handed_over);
    handed_over = -1;
}

static inline int start_session(void **state)
{
    (void)state;
    start(NULL);
    return 0;
}

static inline int start_session_with_trust(void **state)
{
    (void)state;
    start(system_trust);
    return 0;
}

/* Closing both ends ends whatever the test left running. */
static inline int end_session(void **state)
{
    (void)state;
    drop_handed_over();
    (void)close(module_end);
    (void)close(keeper_end);
    if (session_pid > 0)
        (void)waitpid(session_pid, NULL, 0);
    return 0;
}

static inline void assert_ends(int status)
{
    int got;

    assert_int_equal(waitpid(session_pid, &got, 0), session_pid);
    session_pid = 0;
    assert_true(WIFEXITED(got));
    assert_int_equal(WEXITSTATUS(got), status);
}

static inline void receive(int fd, unsigned type)
{
    packet_length = packet_receive(fd, packet, sizeof packet, PATIENCE_MS);
    assert_int_not_equal(packet_length, 0);
    message = wire_read(packet, packet_length);
    assert_int_equal(wire_get_u8(&message), type);
}

/* The other side has closed and had nothing more to say. */
static inline void assert_silent_end(int fd)
{
    drop_handed_over();
    assert_int_equal(packet_receive(fd, packet, sizeof packet, PATIENCE_MS), 0);
    assert_true(socket_is_hung_up(fd));
}

static inline void assert_text(const char *wanted)
{
    char text[PROTOCOL_TEXT_MAX + 1];

    wire_get_string(&message, text, sizeof text);
    assert_true(wire_end(&message));
    assert_string_equal(text, wanted);
}

static inline void send_written(int fd, const struct wire_writer *w)
{
    assert_int_not_equal(wire_written(w), 0);
    assert_true(packet_send(fd, packet, wire_written(w)));
}

static inline struct login usual_login(void)
{
    return (struct login){
        .phase = PHASE_AUTH, .user = "ada", .service = "login", .tty = "tty1", .timeout_s = 60};
}

/* HELLO, LOGIN, ADMIT: everything before the keeper's first word. */
static inline void log_in(const struct login *login)
{
    uint8_t sent[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(login, sent, sizeof sent);
    const uint8_t *got;
    size_t got_length;

    receive(module_end, MESSAGE_HELLO);
    assert_int_equal(wire_get_u16(&message), PROTOCOL_VERSION);
    assert_true(wire_end(&message));
    assert_true(packet_send(module_end, sent, length));
    receive(keeper_end, QUESTION_ADMIT);
    got = wire_get_blob(&message, &got_length);
    assert_int_equal(got_length, length);
    assert_memory_equal(got, sent, length);
    assert_true(wire_end(&message));
    assert_int_equal(packet_receive(handed_over, packet, sizeof packet, PATIENCE_MS), length);
    assert_memory_equal(packet, sent, length);
    drop_handed_over();
}

static inline void keeper_decides_with(enum reason reason, const char *user, const char *log_out_url)
{
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, QUESTION_DECIDED);
    wire_put_string(&w, reason_code(reason));
    wire_put_u8(&w, reason_verdict(reason));
    wire_put_string(&w, user);
    wire_put_string(&w, log_out_url);
    send_written(keeper_end, &w);
}

static inline void keeper_decides(enum reason reason)
{
    keeper_decides_with(reason, "", "");
}

/* discovery "": it is not in the cache. */
static inline void keeper_admits_with(const char *connection, const char *discovery)
{
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, QUESTION_ADMITTED);
    wire_put_string(&w, connection);
    wire_put_blob(&w, "", 0);
    wire_put_u8(&w, CLIENT_SPELLING_FORM);
    wire_put_blob(&w, discovery, strlen(discovery));
    wire_put_blob(&w, "", 0);
    send_written(keeper_end, &w);
}

static inline void keeper_admits(const char *connection)
{
    keeper_admits_with(connection, "");
}

static inline void keeper_lets_choose(const char *last)
{
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, QUESTION_CHOICES);
    wire_put_u16(&w, 2);
    wire_put_string(&w, "acme");
    wire_put_string(&w, last);
    send_written(keeper_end, &w);
}

static inline void module_answers(enum answer_kind kind, const char *text)
{
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_ANSWER);
    wire_put_u8(&w, kind);
    wire_put_string(&w, text);
    send_written(module_end, &w);
}

static inline void assert_asked_to_choose(void)
{
    receive(module_end, MESSAGE_ASK);
    assert_int_equal(wire_get_u8(&message), 1);
    assert_text("How do you want to sign in?\n  1  Acme\n  2  Guests\nNumber: ");
}

/* The session refuses with this reason; the keeper agrees, the person is told, and it finishes. */
static inline void assert_refusal(enum reason reason, const char *detail)
{
    char code[PROTOCOL_REASON_MAX + 1], text[256];

    receive(keeper_end, QUESTION_REFUSE);
    wire_get_string(&message, code, sizeof code);
    wire_get_string(&message, text, sizeof text);
    assert_true(wire_end(&message));
    assert_string_equal(code, reason_code(reason));
    assert_non_null(strstr(text, detail));
    keeper_decides(reason);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(reason));
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

#endif
