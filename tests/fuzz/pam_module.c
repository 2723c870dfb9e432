/* SPDX-License-Identifier: BSD-2-Clause */
/* The PAM module: success only by the keeper's word for that user, and never a way past it because of a
 * failure. */
#include <security/pam_modules.h>
#include <string.h>

#include "frontdesk/ids.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/pam_host.h"

#define ENTRY_POINTS 6

static int (*const entry_points[ENTRY_POINTS])(pam_handle_t *pamh, int flags, int argc, const char **argv) = {
    pam_sm_authenticate,  pam_sm_acct_mgmt, pam_sm_open_session,
    pam_sm_close_session, pam_sm_setcred,   pam_sm_chauthtok};
enum { AUTH, ACCOUNT, OPEN, CLOSE, SETCRED, CHAUTHTOK };

struct line {
    const char *words[6];
    int count;
    bool passwords, lists_kiosk, breaks_glass, broken;
};

static void line_add(struct line *line, bool is_there, const char *word)
{
    if (is_there)
        line->words[line->count++] = word;
}

static struct line line_of(uint8_t bits)
{
    struct line line = {
        .passwords = bits & 1, .lists_kiosk = bits & 2, .breaks_glass = bits & 4, .broken = bits & 8};

    line_add(&line, line.passwords, "password_login=allowed");
    line_add(&line, line.lists_kiosk, "local_users=kiosk,root");
    line_add(&line, line.breaks_glass, "break_glass=other");
    line_add(&line, line.broken, "pasword_login=denied");
    line_add(&line, bits & 16, "debug");
    return line;
}

static bool is_member(const char *name)
{
    return strcmp(name, "ada") == 0 || strcmp(name, "bob") == 0;
}

/* Success is the keeper's word, for the user that the host had, or sets. */
static void judge_success(const struct pam_host *host, const struct line *line, const char *user)
{
    fuzz_note_good();
    FUZZ_CHECK(host->verdict_came && !host->more_came && host->verdict == VERDICT_ALLOW);
    FUZZ_CHECK(!host->typed || !host->has_authtok);
    FUZZ_CHECK(host->listener < 2);
    if (host->is_kiosk && !user) { /* nobody to become */
        FUZZ_CHECK(host->verdict_user[0] == '\0' && host->set_user[0] == '\0');
        return;
    }
    FUZZ_CHECK(is_member(host->verdict_user) ||
               (line->lists_kiosk && strcmp(host->verdict_user, "kiosk") == 0));
    if (user)
        FUZZ_CHECK(strcmp(host->verdict_user, user) == 0);
    else
        FUZZ_CHECK(strcmp(host->set_user, host->verdict_user) == 0);
    if (user) /* as it is now */
        FUZZ_CHECK(host->user && strcmp(host->user, user) == 0);
}

/* "Go on to the next module": only for whom we have no say in, or where the keeper says so and passwords may
 * be. */
static void judge_ignore(const struct pam_host *host, const struct line *line, unsigned entry,
                         const char *user)
{
    const bool is_local =
        user && (strcmp(user, "root") == 0 || strcmp(user, "other") == 0 || strcmp(user, "kiosk") == 0);

    if (line->breaks_glass && user && strcmp(user, "other") == 0)
        return;
    if (entry == AUTH) {
        FUZZ_CHECK(line->passwords && !line->broken);
        FUZZ_CHECK(is_local || (host->verdict_came && host->verdict == VERDICT_IGNORE && !host->more_came));
        return;
    }
    FUZZ_CHECK(is_local || ((entry == SETCRED || entry == CHAUTHTOK) && user && !is_member(user)));
}

static void judge_result(const struct pam_host *host, const struct line *line, unsigned entry, int result,
                         const char *user)
{
    if (result == PAM_SUCCESS && entry <= OPEN)
        judge_success(host, line, user);
    if (result == PAM_SUCCESS && entry == SETCRED)
        FUZZ_CHECK(user ? is_member(user) || (line->lists_kiosk && strcmp(user, "kiosk") == 0)
                        : host->is_kiosk);
    FUZZ_CHECK(result != PAM_SUCCESS || entry != CHAUTHTOK);
    if (result == PAM_IGNORE)
        judge_ignore(host, line, entry, user);
    if (entry == CLOSE)
        FUZZ_CHECK(result == PAM_SUCCESS || result == PAM_IGNORE);
    FUZZ_CHECK(host->put_count == 0 || result == PAM_SUCCESS || faults_fired());
    FUZZ_CHECK(entry == AUTH || !host->has_authtok);
}

/* Four bytes of circumstances; the person's answers, to a form feed; the helper's packets. */
static void judge(const uint8_t *data, size_t size)
{
    static const char *const users[] = {"ada", NULL, "kiosk", "root", "nobody", "other", "bob", ""};
    static char too_long[PROTOCOL_USER_MAX + 2];
    struct fuzz_bytes bytes = {data, size};
    const uint8_t entry = fuzz_take(&bytes) % ENTRY_POINTS, bits = fuzz_take(&bytes), who = fuzz_take(&bytes),
                  odd = fuzz_take(&bytes);
    const uint8_t *feed = bytes.left > 0 ? memchr(bytes.at, '\f', bytes.left) : NULL;
    const size_t first = feed ? (size_t)(feed - bytes.at) : bytes.left;
    struct pam_host host = {.user = users[who % 8],
                            .ticket = who & 16 ? "0123456789abcdef012345" : NULL,
                            .user_changes = odd & 4,
                            .greets = odd & 8,
                            .is_kiosk = odd & 16,
                            .listener = odd & 3,
                            .person = {bytes.at, first},
                            .packets = {feed ? feed + 1 : NULL, feed ? bytes.left - first - 1 : 0}};
    const struct line line = line_of(bits);
    const char *words[6];
    const char *user;
    int result;

    memset(too_long, 'a', sizeof too_long - 1);
    if (who & 128)
        host.user = too_long;
    user = host.user && host.user[0] != '\0' ? host.user : NULL;
    memcpy(words, line.words, sizeof words);
    pam_host_begin(&host);
    result =
        entry_points[entry]((pam_handle_t *)(void *)&host, bits & 32 ? PAM_SILENT : 0, line.count, words);
    judge_result(&host, &line, entry, result, user);
    pam_host_end();
}

/* The first two bytes choose the call that fails. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return size < 2 ? 0 : fuzz_run_failing(judge, data + 2, size - 2, data[0], data[1]);
}
