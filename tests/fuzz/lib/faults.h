/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls that fail on demand: the linker puts a function of ours (__wrap_NAME) before each of these calls of
 * the program, and one chosen call then fails as the real one may.
 */
#ifndef FUZZ_FAULTS_H
#define FUZZ_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

enum fault_kind {
    FAULT_MEMORY,
    FAULT_JSON,
    FAULT_OPENSSL,
    FAULT_SQLITE,
    FAULT_CURL,
    FAULT_FILES,
    FAULT_SOCKETS,
    FAULT_NAMES,  /* the name service */
    FAULT_SYSTEM, /* random bytes, locales, expressions */
    FAULT_PAM,
    FAULT_KINDS
};

/* The n-th call of this kind from now on fails; 0: none. */
void faults_arm(enum fault_kind kind, unsigned n);
void faults_disarm(void);

/* The chosen call has come, and failed. */
bool faults_fired(void);

/* Nothing fails between these two, nor counts: for what the test does by itself. */
void faults_pause(void);
void faults_resume(void);

/*
 * What a run could fail: its calls, each by where it was made from. The same place is listed once, however
 * often it was come by since faults_forget.
 */
struct fault_place {
    enum fault_kind kind;
    unsigned n; /* for faults_arm */
};
void faults_record(bool of_good_input); /* what fails for an input that is refused is another thing */
/* Ends it. The list lives until the next record. */
size_t faults_recorded(const struct fault_place **ret_places);
void faults_forget(void);

/* For the functions of ours: does this call fail? Then errno is `error`. */
bool fault_is_due(enum fault_kind kind, int error);

/* NOLINTNEXTLINE(bugprone-macro-parentheses): types and lists of parameters stand bare */
#define FAILING(kind, error, failure, type, name, parameters, arguments)                                     \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        return fault_is_due(kind, error) ? (failure) : __real_##name arguments;                              \
    }

#endif
