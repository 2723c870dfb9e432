// SPDX-License-Identifier: BSD-2-Clause
// What stands around every condition of a mutated tree; included before the first line of each of its files.
//
// A program maps the state file when it is loaded: which mutant is chosen, and a byte for each place that was
// reached. A file, since the environment does not reach a module inside a host; mapped, since a sandbox opens
// nothing later.

#pragma once

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MUTANT_SITES = 1024 * 128 + 1 };
enum mutant_kind { MUTANT_FALSE = 1, MUTANT_TRUE, MUTANT_INVERTED };

struct mutant_state {
    unsigned chosen;
    unsigned kind;
    unsigned char reached[MUTANT_SITES];
};

// One of each for a program or module, however many of its files include this.
__attribute__((weak, visibility("hidden"))) struct mutant_state *mutant_state;
__attribute__((weak, visibility("hidden"))) int mutant_asked;

__attribute__((constructor, unused)) static void mutant_map(void)
{
    if (mutant_asked)
        return;
    mutant_asked = 1;
    int fd = open(MUTANT_STATE, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *at = mmap(NULL, sizeof *mutant_state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED)
        mutant_state = at;
}

__attribute__((unused)) static inline _Bool mutant(unsigned site, _Bool condition)
{
    struct mutant_state *state = mutant_state;
    if (!state)
        return condition;
    state->reached[site] = 1;
    if (state->chosen != site)
        return condition;
    return state->kind == MUTANT_INVERTED ? !condition : state->kind == MUTANT_TRUE;
}
