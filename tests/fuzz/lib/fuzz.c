/* SPDX-License-Identifier: BSD-2-Clause */
/* Between an input and a judge: chosen failures, copies, files. */
#include "fuzz/lib/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/lib/faults.h"

#define EVERY_SO_MANY 4  /* inputs, one is judged with a failing call, too */
#define FAULT_N_MAX   64 /* calls before the failing one */

static struct {
    unsigned kind, n;
    bool came, was_good;
} chosen = {.kind = FAULT_KINDS};

#define IN_MEMORY "/dev/shm" /* where a sync takes no time */
#define TEMPLATE  "/frontdesk-fuzz.XXXXXX"

static char folder[64];
static pid_t folder_owner;

void fuzz_choose_fault(unsigned kind, unsigned n)
{
    chosen.kind = kind;
    chosen.n = n;
}

bool fuzz_fault_came(void)
{
    return chosen.came;
}

void fuzz_note_good(void)
{
    chosen.was_good = true;
}

bool fuzz_was_good(void)
{
    return chosen.was_good;
}

static uint32_t hash_of(const uint8_t *data, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static void judge_with(fuzz_judge *judge, const uint8_t *data, size_t size, enum fault_kind kind, unsigned n)
{
    faults_arm(kind, n);
    judge(data, size);
    chosen.came = faults_fired();
    faults_disarm();
}

int fuzz_run(fuzz_judge *judge, const uint8_t *data, size_t size)
{
    const uint32_t hash = hash_of(data, size);

    chosen.was_good = false;
    if (chosen.kind != FAULT_KINDS) {
        judge_with(judge, data, size, (enum fault_kind)chosen.kind, chosen.n);
        return 0;
    }
    judge(data, size);
    if (hash % EVERY_SO_MANY == 0)
        judge_with(judge, data, size, (enum fault_kind)(hash / EVERY_SO_MANY % FAULT_KINDS),
                   1 + hash / 1024 % FAULT_N_MAX);
    return 0;
}

int fuzz_run_failing(fuzz_judge *judge, const uint8_t *data, size_t size, unsigned kind, unsigned n)
{
    chosen.was_good = false;
    if (chosen.kind != FAULT_KINDS)
        judge_with(judge, data, size, (enum fault_kind)chosen.kind, chosen.n);
    else
        judge_with(judge, data, size, (enum fault_kind)(kind % FAULT_KINDS), n);
    return 0;
}

void fuzz_fail(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

uint8_t *fuzz_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy;

    faults_pause();
    copy = malloc(size > 0 ? size : 1);
    faults_resume();
    FUZZ_CHECK(copy);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text;

    faults_pause();
    text = malloc(size + 1);
    faults_resume();
    FUZZ_CHECK(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

static void remove_folder(void)
{
    if (getpid() == folder_owner) {
        char command[sizeof folder + 16];

        (void)snprintf(command, sizeof command, "rm -rf %s", folder);
        (void)!system(command); /* NOLINT(cert-env33-c): a folder that we named */
    }
}

const char *fuzz_path(const char *name)
{
    static char paths[4][sizeof folder + 64];
    static unsigned next;
    char *path = paths[next++ % 4];

    if (folder_owner != getpid()) {
        const char *given = getenv("FUZZ_FOLDER");

        (void)snprintf(folder, sizeof folder, "%s" TEMPLATE,
                       given                          ? given
                       : access(IN_MEMORY, W_OK) == 0 ? IN_MEMORY
                                                      : "/tmp");
        FUZZ_CHECK(mkdtemp(folder));
        folder_owner = getpid();
        FUZZ_CHECK(atexit(remove_folder) == 0);
    }
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *fuzz_file(const char *name, const uint8_t *data, size_t size)
{
    const char *path;
    int fd;

    faults_pause();
    path = fuzz_path(name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
    faults_resume();
    return path;
}

uint8_t fuzz_take(struct fuzz_bytes *bytes)
{
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

void fuzz_take_word(struct fuzz_bytes *bytes, char *ret_word, size_t size)
{
    size_t length = 0;

    while (bytes->left > 0) {
        const uint8_t byte = fuzz_take(bytes);

        if (byte == 0xff || byte == '\n')
            break;
        if (byte != 0 && length + 1 < size)
            ret_word[length++] = (char)byte;
    }
    ret_word[length] = '\0';
}
