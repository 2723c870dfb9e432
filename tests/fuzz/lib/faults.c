/* SPDX-License-Identifier: BSD-2-Clause */
/* Which call fails; and the allocations, which stand behind everything else. */
#include "fuzz/lib/faults.h"

#include <errno.h>
#include <execinfo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_print_stack_trace(void);
#endif

static struct {
    enum fault_kind kind;
    unsigned left, paused;
    bool fired;
} fault;

#define PLACES_MAX  4096
#define KNOWN_MAX   65536 /* a power of two */
#define CALLERS_MAX 12    /* that tell one place from another */

static struct {
    bool runs, of_good_input;
    unsigned counts[FAULT_KINDS];
    size_t count;
    struct fault_place places[PLACES_MAX];
    uintptr_t known[KNOWN_MAX]; /* hashes; 0: free */
} record;

void faults_record(bool of_good_input)
{
    record.of_good_input = of_good_input;
    memset(record.counts, 0, sizeof record.counts);
    record.count = 0;
    record.runs = true;
}

size_t faults_recorded(const struct fault_place **ret_places)
{
    record.runs = false;
    *ret_places = record.places;
    return record.count;
}

void faults_forget(void)
{
    memset(record.known, 0, sizeof record.known);
}

/* False: it was known already. */
static bool is_new_place(uintptr_t hash)
{
    for (size_t i = 0; i < KNOWN_MAX; i++) {
        uintptr_t *known = &record.known[(hash + i) % KNOWN_MAX];

        if (*known == hash)
            return false;
        if (*known == 0) {
            *known = hash;
            return true;
        }
    }
    return false;
}

static void record_call(enum fault_kind kind)
{
    void *callers[CALLERS_MAX];
    const int count = backtrace(callers, CALLERS_MAX);
    uintptr_t hash = 1 + 2 * (uintptr_t)kind + record.of_good_input;

    for (int i = 2; i < count; i++)
        hash = (hash ^ (uintptr_t)callers[i]) * 0x100000001b3u;
    record.counts[kind]++;
    if (record.count < PLACES_MAX && is_new_place(hash | 1))
        record.places[record.count++] = (struct fault_place){kind, record.counts[kind]};
}

void faults_arm(enum fault_kind kind, unsigned n)
{
    fault.kind = kind;
    fault.left = n;
    fault.fired = false;
}

void faults_disarm(void)
{
    fault.left = 0;
    fault.fired = false;
}

bool faults_fired(void)
{
    return fault.fired;
}

void faults_pause(void)
{
    fault.paused++;
}

void faults_resume(void)
{
    fault.paused--;
}

bool fault_is_due(enum fault_kind kind, int error)
{
    if (record.runs && fault.paused == 0) {
        fault.paused++; /* what it takes to record is no call of the program */
        record_call(kind);
        fault.paused--;
    }
    if (fault.left == 0 || fault.kind != kind || fault.paused > 0 || --fault.left > 0)
        return false;
    fault.fired = true;
#if defined(__SANITIZE_ADDRESS__)
    if (getenv("FUZZ_TRACE")) /* for whoever looks into a finding: which call it was */
        __sanitizer_print_stack_trace();
#endif
    errno = error;
    return true;
}

#define MEMORY(failure, type, name, parameters, arguments)                                                   \
    FAILING(FAULT_MEMORY, ENOMEM, failure, type, name, parameters, arguments)

MEMORY(NULL, void *, malloc, (size_t size), (size))
MEMORY(NULL, void *, calloc, (size_t count, size_t size), (count, size))
MEMORY(NULL, void *, realloc, (void *old, size_t size), (old, size))
MEMORY(NULL, void *, reallocarray, (void *old, size_t count, size_t size), (old, count, size))
MEMORY(NULL, char *, strdup, (const char *text), (text))
MEMORY(NULL, char *, strndup, (const char *text, size_t length), (text, length))
MEMORY(NULL, FILE *, open_memstream, (char **text, size_t *size), (text, size))
MEMORY(-1, int, vasprintf, (char **text, const char *format, va_list list), (text, format, list))

int __wrap_asprintf(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list list;
    int length;

    va_start(list, format);
    length = __wrap_vasprintf(text, format, list);
    va_end(list);
    return length;
}
