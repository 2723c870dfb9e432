/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of a keeper: one that is due, within its bounds, or the sign-in is over. */
#include "session/ask.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static void judge_names(char *const *names, size_t most, size_t max)
{
    size_t count = 0;

    for (; names && names[count]; count++)
        FUZZ_CHECK(names[count][0] != '\0' && strlen(names[count]) <= max);
    FUZZ_CHECK(count >= 1 && count <= most);
}

static void judge_decision(const struct ask_decision *decision)
{
    FUZZ_CHECK(decision->verdict >= VERDICT_ALLOW && decision->verdict <= VERDICT_IGNORE);
    FUZZ_CHECK(strcmp(reason_code(reason_from_code(reason_code(decision->reason))),
                      reason_code(decision->reason)) == 0);
    FUZZ_CHECK(memchr(decision->user, '\0', sizeof decision->user));
    FUZZ_CHECK(memchr(decision->log_out_url, '\0', sizeof decision->log_out_url));
}

static void judge_admission(struct ask_admission *admission)
{
    fuzz_note_good();
    switch (admission->kind) {
    case ASK_ADMITTED:
        FUZZ_CHECK(admission->connection[0] != '\0' && admission->client_secret.length <= CLIENT_SECRET_MAX);
        FUZZ_CHECK(admission->discovery_length <= QUESTION_DOCUMENT_MAX &&
                   admission->keys_length <= QUESTION_DOCUMENT_MAX);
        FUZZ_CHECK(admission->client_spelling <= CLIENT_SPELLING_RAW);
        break;
    case ASK_CHOICES:
        judge_names(admission->choices, 64, CONNECTION_NAME_MAX);
        break;
    case ASK_USERS:
        judge_names(admission->choices, QUESTION_USERS_MAX, MEMBER_NAME_MAX);
        break;
    case ASK_DECIDED:
        judge_decision(&admission->decision);
        break;
    }
    ask_admission_erase(admission);
}

static void judge_answer(const struct ask_line *line, uint8_t question)
{
    static const struct ask_evidence evidence = {.log_out_url = "https://idp.example/out", .lost_scopes = ""};
    struct ask_admission admission = {0};
    struct ask_decision decision = {0};
    struct ask_keys keys = {0};

    switch (question % 6) {
    case 0:
        if (ask_admit(line, "login", 5, &admission))
            judge_admission(&admission);
        return;
    case 1:
        if (ask_choose(line, "corp", &admission))
            judge_admission(&admission);
        return;
    case 2:
        if (ask_claims(line, &evidence, &admission))
            judge_admission(&admission);
        return;
    case 3:
        if (ask_pick(line, "ada", &decision))
            judge_decision(&decision);
        return;
    case 4:
        if (ask_refuse(line, REASON_CODE_EXPIRED, "", &decision))
            judge_decision(&decision);
        return;
    default:
        if (ask_refetch(line, &keys))
            FUZZ_CHECK(keys.refetch >= KEY_REFETCH_NOW && keys.refetch <= KEY_REFETCH_LATER);
        ask_keys_clear(&keys);
    }
}

/* Which question, and the packet that answers it. */
static void judge(const uint8_t *data, size_t size)
{
    int ends[2];

    if (size < 1)
        return;
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    faults_pause();
    if (size > 1)
        (void)send(ends[1], data + 1, size - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)shutdown(ends[1], SHUT_WR);
    faults_resume();
    judge_answer(&(struct ask_line){.keeper = ends[0], .module = -1}, data[0]);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
