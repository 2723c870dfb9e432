/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole sign-in, session and keeper: nobody enters unless a token that verifies names whom policy allows.
 */
#include "session/session.h"

#include <string.h>
#include <sys/socket.h>

#include "fuzz/lib/desk.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/provider.h"

static const struct tls_trust *find_trust(void *context, const char *ca_file)
{
    (void)ca_file;
    return fault_is_due(FAULT_CURL, 0) ? NULL : context;
}

static struct login login_of(struct fuzz_bytes *bytes)
{
    static const char *const users[] = {"ada", "", "bob", "root", "eve"};
    static const char *const services[] = {"login", "sshd", "su", "other"};
    const uint8_t options = fuzz_take(bytes), who = fuzz_take(bytes);
    struct login login = {.timeout_s = 60, .phase = PHASE_AUTH, .flags = options & LOGIN_FLAGS_ALL};

    if (options & 8)
        login.phase = (enum login_phase)(PHASE_ACCOUNT + (options >> 4 & 3) % 3);
    (void)snprintf(login.service, sizeof login.service, "%s", services[options >> 6]);
    (void)snprintf(login.user, sizeof login.user, "%s", users[who % 5]);
    (void)snprintf(login.rhost, sizeof login.rhost, "%s",
                   login.service[0] == 's' && login.service[1] == 's' ? "10.0.0.9" : "");
    (void)snprintf(login.tty, sizeof login.tty, "%s", "tty1");
    (void)snprintf(login.codeset, sizeof login.codeset, "%s", who & 64 ? "UTF-8" : "");
    return login;
}

static void judge_verdict(const struct desk *desk, const struct login *login)
{
    if (desk->ended && desk->verdict == VERDICT_IGNORE)
        FUZZ_CHECK((login->flags & LOGIN_PASSWORDS_ALLOWED) != 0 || strcmp(login->service, "other") == 0);
    FUZZ_CHECK(desk->allowed || desk->sets == 0 || !desk->ended);
    if (!desk->allowed || login->phase == PHASE_CLOSE_SESSION)
        return;
    fuzz_note_good();
    FUZZ_CHECK(login->user[0] == '\0' || strcmp(login->user, desk->user) == 0);
    FUZZ_CHECK(strcmp(desk->user, "ada") == 0);
    if (login->phase == PHASE_AUTH) {
        FUZZ_CHECK(provider_vouched_for(DESK_SUBJECT));
        FUZZ_CHECK(desk->sets > 0);
    }
}

/* Two bytes about LOGIN; the person's answers, a line each; a form feed; the provider's, a line each. */
static void judge(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    const struct login login = login_of(&bytes);
    const uint8_t *feed = bytes.left > 0 ? memchr(bytes.at, '\f', bytes.left) : NULL;
    const size_t first = feed ? (size_t)(feed - bytes.at) : bytes.left;
    struct desk desk;
    struct session session = {.trust = find_trust, .trust_context = (void *)(uintptr_t)&session};

    provider_begin(&(struct fuzz_bytes){feed ? feed + 1 : NULL, feed ? bytes.left - first - 1 : 0});
    if (desk_open(&desk)) {
        desk.answers = (struct fuzz_bytes){bytes.at, first};
        if (desk_log_in(&desk, &login)) {
            session.module = desk.module;
            session.keeper = desk.child;
            session.config = desk.config;
            (void)session_run(&session);
            (void)shutdown(desk.child, SHUT_RDWR);
            desk_work(&desk);
        }
    }
    desk_close(&desk);
    provider_end();
    judge_verdict(&desk, &login);
}

/* The first two bytes choose the call that fails. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return size < 2 ? 0 : fuzz_run_failing(judge, data + 2, size - 2, data[0], data[1]);
}
