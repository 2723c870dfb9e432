/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a fuzz target is made of. A target is one file of tests/fuzz/: it hands each input to a parser and
 * checks what must hold of the result, whatever the bytes. The same file is linked with libFuzzer (make fuzz)
 * and with replay.c (make check).
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer calls it for each input; each target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Judges one input: as it is and, for some inputs (their bytes decide), once more while one call of the
 * program fails. replay.c chooses the failing call itself.
 */
typedef void fuzz_judge(const uint8_t *data, size_t size);
int fuzz_run(fuzz_judge *judge, const uint8_t *data, size_t size);

/* Likewise, with the failing call that the input itself names; n 0: none. */
int fuzz_run_failing(fuzz_judge *judge, const uint8_t *data, size_t size, unsigned kind, unsigned n);

/* For replay.c: what fuzz_run fails; kind FAULT_KINDS: what the input says. *ret_fired: it came to that. */
void fuzz_choose_fault(unsigned kind, unsigned n);
bool fuzz_fault_came(void);

/* This input was a good one: replay.c expects it of seeds whose names begin with "good-", or a target that
 * takes nothing any more would look as sound as ever. */
void fuzz_note_good(void);
bool fuzz_was_good(void);

/* Ends the run and says where: the input shows a flaw. */
#define FUZZ_CHECK(holds)                                                                                    \
    do {                                                                                                     \
        if (!(holds))                                                                                        \
            fuzz_fail(#holds, __FILE__, __LINE__);                                                           \
    } while (0)
_Noreturn void fuzz_fail(const char *what, const char *file, int line);

/* A copy of exactly that size, so that the sanitizers see each octet read beyond it; free. */
uint8_t *fuzz_copy(const uint8_t *data, size_t size);
/* Likewise with a NUL behind it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* A file with this content in a folder of this process's own; valid until the next one of this name. */
const char *fuzz_file(const char *name, const uint8_t *data, size_t size);
/* A path in that folder. */
const char *fuzz_path(const char *name);

/* Takes an input apart. What is not there reads as 0 and "". */
struct fuzz_bytes {
    const uint8_t *at;
    size_t left;
};
uint8_t fuzz_take(struct fuzz_bytes *bytes);
/* Bytes up to the next 0xff or newline, at most size - 1, as a string without NUL. */
void fuzz_take_word(struct fuzz_bytes *bytes, char *ret_word, size_t size);

#endif
