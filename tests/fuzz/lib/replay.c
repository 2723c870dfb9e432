/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hands every file of the corpora to its target, and what becomes of it by small changes, and each again with
 * the first, second, ... call of every kind failing. Speaks TAP, one result a target.
 *
 *   replay CORPUS_DIR [--mutations N] [--crashes DIR] [TARGET...]
 *
 * Each target runs in a process of its own, so that one that crashes or hangs does not hide the others; what
 * it crashed on is written to DIR.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "fuzz/lib/targets.h"

#define INPUT_MAX    (1024 * 1024)
#define PATIENCE_S   120 /* for one input, on a machine that has much else to do */
#define AT_ONCE      2
#define CHANGED_MAX  8192 /* bytes of a seed that is changed, too */
#define NAME_SIZE    256
#define PLACES_MAX   4096
#define SLOWER       6 /* times fewer changes, where each takes milliseconds */
#define CHANGE_KINDS 5
#define STRIDE       2654435761u /* spreads the changes over the whole input */

#if defined(__SANITIZE_ADDRESS__)
void __lsan_do_leak_check(void);
#endif

static struct {
    const char *corpus, *crashes;
    unsigned mutations;
} options = {.mutations = 48};

/* What the child judges at the moment, and how far it is: the parent tells when it dies. */
struct shared {
    char file[NAME_SIZE], what[NAME_SIZE];
    size_t files, inputs, size;
    uint8_t input[INPUT_MAX];
};

struct run {
    const struct fuzz_target *target;
    struct shared *shared;
    pid_t pid;
};

static void judge(const struct run *run, const uint8_t *bytes, size_t size, const char *what)
{
    struct shared *shared = run->shared;
    uint8_t *exact = fuzz_copy(bytes, size);

    (void)snprintf(shared->what, sizeof shared->what, "%s", what);
    memmove(shared->input, bytes, size);
    shared->size = size;
    shared->inputs++;
    (void)alarm(PATIENCE_S);
    (void)run->target->judge(exact, size);
    (void)alarm(0);
    free(exact);
}

/* The n-th change of a seed: one or two bits, a byte and its neighbour, a shorter text, a repeated part. */
static size_t change(uint8_t *bytes, size_t size, unsigned n)
{
    const size_t at = (size_t)(n * STRIDE % (uint32_t)size), next = (at + 1) % size;
    const uint8_t byte = bytes[at];

    switch (n % CHANGE_KINDS) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << n / CHANGE_KINDS % 8);
        return size;
    case 1:
        bytes[at] ^= (uint8_t)(1u << n / CHANGE_KINDS % 8);
        bytes[next] ^= (uint8_t)(1u << n / CHANGE_KINDS % 7);
        return size;
    case 2:
        bytes[at] = bytes[next];
        bytes[next] = byte;
        return size;
    case 3:
        return at;
    default:
        memmove(bytes + at, bytes, size - at);
        return size;
    }
}

static unsigned changes_of(const struct run *run)
{
    static const char *const slow[] = {"keeper", "sign_in", "store_file"};

    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++)
        if (strcmp(run->target->name, slow[i]) == 0)
            return options.mutations / SLOWER;
    return options.mutations;
}

static void judge_changed(const struct run *run, const uint8_t *seed, size_t size)
{
    static uint8_t bytes[INPUT_MAX];
    char what[64];

    if (size == 0 || size > CHANGED_MAX)
        return;
    for (unsigned n = 0; n < changes_of(run); n++) {
        memcpy(bytes, seed, size);
        (void)snprintf(what, sizeof what, "change %u", n);
        judge(run, bytes, change(bytes, size, n), what);
    }
}

/* Each place of the program that can fail, once. */
static void judge_failing(const struct run *run, const uint8_t *seed, size_t size, bool is_good)
{
    static struct fault_place places[PLACES_MAX];
    const struct fault_place *recorded;
    size_t count;
    char what[64];

    fuzz_choose_fault(0, 0);
    faults_record(is_good);
    judge(run, seed, size, "recorded");
    count = faults_recorded(&recorded);
    count = count < PLACES_MAX ? count : PLACES_MAX;
    memcpy(places, recorded, count * sizeof places[0]);
    for (size_t i = 0; i < count; i++) {
        fuzz_choose_fault(places[i].kind, places[i].n);
        (void)snprintf(what, sizeof what, "call %u of kind %u fails", places[i].n, places[i].kind);
        judge(run, seed, size, what);
    }
    fuzz_choose_fault(FAULT_KINDS, 0);
}

static void judge_seed(const struct run *run, const uint8_t *seed, size_t size)
{
    bool is_good;

    judge(run, seed, size, "as it is");
    is_good = fuzz_was_good();
    FUZZ_CHECK(is_good || strncmp(run->shared->file, "good-", strlen("good-")) != 0);
    judge_changed(run, seed, size);
    judge_failing(run, seed, size, is_good);
}

static bool judge_file(const struct run *run, const char *path)
{
    static uint8_t seed[INPUT_MAX];
    FILE *file = fopen(path, "re");
    size_t size;

    if (!file)
        return false;
    size = fread(seed, 1, sizeof seed, file);
    (void)fclose(file);
    judge_seed(run, seed, size);
    return true;
}

static _Noreturn void run_target(const struct run *run)
{
    char folder[NAME_SIZE], path[2 * NAME_SIZE];
    struct dirent **names;
    int count;

    (void)snprintf(folder, sizeof folder, "%s/%s", options.corpus, run->target->name);
    count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.') {
            (void)snprintf(run->shared->file, sizeof run->shared->file, "%s", names[i]->d_name);
            (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
            if (!judge_file(run, path))
                exit(2);
            run->shared->files++;
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
#if defined(__SANITIZE_ADDRESS__)
    __lsan_do_leak_check();
#endif
    exit(0);
}

static bool start(struct run *run)
{
    run->shared = mmap(NULL, sizeof *run->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run->shared == MAP_FAILED)
        return false;
    (void)fflush(stdout);
    run->pid = fork();
    if (run->pid == 0)
        run_target(run);
    return run->pid > 0;
}

/* The input it died of, for a debugger and for the corpus. */
static void keep_crash(const struct run *run)
{
    char path[2 * NAME_SIZE];
    FILE *file;

    (void)printf("# %s: %s, %s\n", run->target->name, run->shared->file, run->shared->what);
    if (!options.crashes)
        return;
    (void)snprintf(path, sizeof path, "%s/crash-%s", options.crashes, run->target->name);
    file = fopen(path, "we");
    if (file && fwrite(run->shared->input, 1, run->shared->size, file) == run->shared->size)
        (void)printf("# written to %s\n", path);
    if (file)
        (void)fclose(file);
}

static bool finish(struct run *run, int status, unsigned number)
{
    const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && run->shared->files > 0;

    if (run->shared->files == 0)
        (void)printf("# %s has no corpus\n", run->target->name);
    if (!good)
        keep_crash(run);
    (void)printf("%s %u - %s: %zu files and %zu inputs made of them harm nobody\n", good ? "ok" : "not ok",
                 number, run->target->name, run->shared->files, run->shared->inputs - run->shared->files);
    (void)fflush(stdout);
    (void)munmap(run->shared, sizeof *run->shared);
    *run = (struct run){0};
    return good;
}

/* Waits for one of them. */
static bool reap(struct run runs[AT_ONCE], unsigned number)
{
    int status;
    const pid_t pid = wait(&status);

    for (size_t i = 0; i < AT_ONCE; i++)
        if (pid > 0 && runs[i].pid == pid)
            return finish(&runs[i], status, number);
    return false;
}

static bool is_asked_for(const char *name, int count, char **names)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return count == 0;
}

static struct run *free_place(struct run runs[AT_ONCE])
{
    for (size_t i = 0; i < AT_ONCE; i++)
        if (runs[i].pid == 0)
            return &runs[i];
    return NULL;
}

static int replay(int count, char **names)
{
    struct run runs[AT_ONCE] = {{0}}, *place;
    unsigned started = 0, ended = 0;
    bool good = true;

    for (const struct fuzz_target *target = fuzz_targets; target->name; target++) {
        if (!is_asked_for(target->name, count, names))
            continue;
        while (!(place = free_place(runs)))
            good = reap(runs, ++ended) && good;
        place->target = target;
        if (!start(place))
            return 2;
        started++;
    }
    while (ended < started)
        good = reap(runs, ++ended) && good;
    (void)printf("1..%u\n", ended);
    return good && ended > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    int i = 2;

    if (argc < 2)
        return 2;
    options.corpus = argv[1];
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--crashes") == 0)
            options.crashes = argv[i + 1];
        else if (strcmp(argv[i], "--mutations") == 0)
            options.mutations = (unsigned)strtoul(argv[i + 1], NULL, 10);
    }
    return replay(argc - i, argv + i);
}
