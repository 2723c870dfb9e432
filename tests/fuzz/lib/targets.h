/* SPDX-License-Identifier: BSD-2-Clause */
/* For replay.c: each target under a name of its own (the build renames LLVMFuzzerTestOneInput in each). */
#ifndef FUZZ_TARGETS_H
#define FUZZ_TARGETS_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_target {
    const char *name;
    int (*judge)(const uint8_t *data, size_t size);
};

extern const struct fuzz_target fuzz_targets[]; /* name NULL ends it; made by tests.mk */

#endif
