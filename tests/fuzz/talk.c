/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of a module: text of bounded length, or a prompt that stays open; never out of order. */
#include "session/session_talk.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

/* Packets, each behind a byte that is its length. */
static void send_packets(int fd, struct fuzz_bytes *bytes)
{
    while (bytes->left > 0) {
        size_t length = fuzz_take(bytes);

        if (length > bytes->left)
            length = bytes->left;
        if (length > 0)
            (void)send(fd, bytes->at, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        bytes->at += length;
        bytes->left -= length;
    }
    (void)shutdown(fd, SHUT_WR);
}

static void judge_talk(struct talk *talk, uint8_t steps)
{
    const int64_t deadline = boottime_ms() + 1000;
    char text[PROTOCOL_ANSWER_MAX + 1] = "untouched";
    bool typed = false;

    if (steps & 1 && talk_ask(talk, true, "Number: ")) {
        FUZZ_CHECK(!talk_ask(talk, true, "again"));
        if (talk_answer(talk, deadline, text))
            FUZZ_CHECK(memchr(text, '\0', sizeof text) && !talk->answer_due);
        else
            FUZZ_CHECK(strcmp(text, "untouched") == 0 && talk_no_answer(talk, deadline) != REASON_OK);
    }
    if (steps & 2 && talk_offer(talk, "Password: ") && talk_offer_answer(talk, deadline, &typed))
        FUZZ_CHECK(!talk->answer_due);
    if (steps & 16 && talk_greet(talk, PROTOCOL_MECHANISMS, "{}")) {
        const bool in_order = talk_is_in_order(talk);

        FUZZ_CHECK(!talk->is_typed || !in_order);
        FUZZ_CHECK(!talk->answer_due || !talk_greet(talk, PROTOCOL_MECHANISMS, "{}"));
    }
    if (steps & 4 && talk_ask(talk, false, "Enter: ") && talk_is_in_order(talk) && steps & 8)
        (void)talk_settle(talk, deadline);
    (void)talk_is_in_order(talk);
}

static void judge(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    const uint8_t steps = fuzz_take(&bytes);
    int ends[2];
    struct talk talk;

    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    talk = (struct talk){.module = ends[0]};
    faults_pause();
    send_packets(ends[1], &bytes);
    faults_resume();
    judge_talk(&talk, steps);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
