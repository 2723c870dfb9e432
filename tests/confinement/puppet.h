/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a process does that was taken over, without the code that took it over: a test holds its strings over
 * a socket, and it makes whatever system call it is told, in whatever it is confined to.
 */
#ifndef TESTS_CONFINEMENT_PUPPET_H
#define TESTS_CONFINEMENT_PUPPET_H

#include <stddef.h>
#include <stdint.h>

#define PUPPET_FACTS 4
#define PUPPET_ARENA (1u << 20)

/*
 * Tells where its arena lies and these facts (descriptors that the test wants to name), then obeys, in the
 * machine's byte order, until the socket ends:
 *
 *     'W' u32 offset, u32 length, bytes    into the arena
 *     'R' u32 offset, u32 length           out of it
 *     'S' u64 number, 6 × u64 argument     a system call; answered by its result, or by less than 0: -errno
 *     'I' u32 number, u32 argument         one as 32-bit programs make them; likewise
 */
void puppet_obey(int strings, const int64_t facts[PUPPET_FACTS]);

#endif
