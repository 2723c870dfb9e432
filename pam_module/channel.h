/* SPDX-License-Identifier: BSD-2-Clause */
/* The socket to the helper: who listens, who sent, and never a moment longer than allowed. */
#ifndef PAM_CHANNEL_H
#define PAM_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct channel {
    int fd;
    uid_t keeper;       /* the only one whose VERDICT and SET count */
    bool reset_is_fair; /* not seen yet: one ECONNRESET tells only that the helper closed with unread input */
};

/*
 * Below, a "fault" is a word for the log that says why it did not work; NULL: it did.
 * Times are those of channel_now: milliseconds that also count while the machine sleeps.
 */
int64_t channel_now(void);

const char *channel_open(const char *path, struct channel *ret_channel);
void channel_close(struct channel *channel);

/* A peer that already closed is no fault: what it left behind can still be read. */
const char *channel_send(const struct channel *channel, const void *packet, size_t length);

/* One packet into `buffer`, and whether the kernel says that the keeper sent it. */
const char *channel_receive(struct channel *channel, void *buffer, size_t size, int64_t deadline,
                            size_t *ret_length, bool *ret_from_keeper);

/* Something more was sent. */
bool channel_has_more(const struct channel *channel);

#endif
