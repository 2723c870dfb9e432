/* SPDX-License-Identifier: BSD-2-Clause */
/* Moves as its strings are pulled (see puppet.h). */
#include "puppet.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint8_t arena[PUPPET_ARENA] __attribute__((aligned(16)));

static bool take(int strings, void *to, size_t size)
{
    return recv(strings, to, size, MSG_WAITALL) == (ssize_t)size;
}

static bool give(int strings, const void *from, size_t size)
{
    const char *at = from;

    while (size > 0) {
        const ssize_t n = send(strings, at, size, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool move_bytes(int strings, char order)
{
    uint32_t place[2]; /* offset, length */

    if (!take(strings, place, sizeof place) || place[0] > sizeof arena || place[1] > sizeof arena - place[0])
        return false;
    return order == 'W' ? take(strings, arena + place[0], place[1])
                        : give(strings, arena + place[0], place[1]);
}

static bool call_system(int strings)
{
    uint64_t a[7];
    int64_t result;

    if (!take(strings, a, sizeof a))
        return false;
    result = syscall((long)a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    if (result == -1)
        result = -errno;
    return give(strings, &result, sizeof result);
}

/* The way in that a filter for one architecture does not see. */
static bool call_as_32_bit(int strings)
{
    uint32_t a[2];
    int64_t result = -ENOSYS;

    if (!take(strings, a, sizeof a))
        return false;
#if defined(__x86_64__)
    int32_t answer;

    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(a[0]), "b"(a[1]), "c"(0), "d"(0) : "memory");
    result = answer;
#endif
    return give(strings, &result, sizeof result);
}

void puppet_obey(int strings, const int64_t facts[PUPPET_FACTS])
{
    const uint64_t place = (uint64_t)(uintptr_t)arena;
    bool is_well = give(strings, &place, sizeof place) && give(strings, facts, PUPPET_FACTS * sizeof *facts);
    char order;

    while (is_well && take(strings, &order, 1)) {
        switch (order) {
        case 'W':
        case 'R':
            is_well = move_bytes(strings, order);
            break;
        case 'S':
            is_well = call_system(strings);
            break;
        case 'I':
            is_well = call_as_32_bit(strings);
            break;
        default:
            is_well = false;
        }
    }
}
