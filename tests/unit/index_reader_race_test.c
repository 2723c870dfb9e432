/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader against files that nobody planned, and files that change under it. */
#include "nss/forgery.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* The same flips in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void random_bytes_in_random_places_give_nothing_wrong(void **state)
{
    struct forgery *forgery = *state;
    uint32_t seed = 20240229;
    unsigned changed = 0;

    for (unsigned round = 0; round < 4000; round++) {
        build(forgery);
        for (unsigned flips = 1 + next_random(&seed) % 4; flips > 0; flips--)
            forgery->bytes[next_random(&seed) % forgery->size] = (char)next_random(&seed);
        save(forgery);
        changed += look_at_everything(forgery->path) != 2 * PEOPLE;
    }
    assert_true(changed > 2000);
}

static pid_t start(void (*loop)(const struct forgery *forgery), const struct forgery *forgery)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        loop(forgery);
        _exit(0);
    }
    return child;
}

static void stop(pid_t child)
{
    assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void cut_and_restore(const struct forgery *forgery)
{
    int file = open(forgery->path, O_WRONLY | O_CLOEXEC);

    for (uint32_t seed = 1;;) {
        if (ftruncate(file, next_random(&seed) % (off_t)forgery->size) != 0 ||
            pwrite(file, forgery->bytes, forgery->size, 0) < 0)
            _exit(1);
    }
}

static void a_file_that_is_cut_while_it_is_read_gives_nothing_wrong(void **state)
{
    struct forgery *forgery = *state;
    pid_t writer = start(cut_and_restore, forgery);
    bool saw_whole = false, saw_cut = false;

    for (unsigned round = 0; round < 500 || !saw_whole || !saw_cut; round++)
        if (look_at_everything(forgery->path) == 2 * PEOPLE)
            saw_whole = true;
        else
            saw_cut = true;
    stop(writer);
}

static void replace_again_and_again(const struct forgery *forgery)
{
    char fresh[128];

    (void)snprintf(fresh, sizeof fresh, "%s.new", forgery->path);
    for (;;) {
        write_file(fresh, forgery->bytes, forgery->size);
        (void)rename(fresh, forgery->path);
    }
}

static void a_file_that_is_replaced_while_it_is_read_gives_everybody(void **state)
{
    struct forgery *forgery = *state;
    pid_t writer = start(replace_again_and_again, forgery);
    unsigned found = 0;

    for (unsigned round = 0; round < 500; round++)
        found += look_at_everything(forgery->path);
    stop(writer);
    assert_int_equal(found, 500 * 2 * PEOPLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORGERY_TEST(random_bytes_in_random_places_give_nothing_wrong),
        FORGERY_TEST(a_file_that_is_cut_while_it_is_read_gives_nothing_wrong),
        FORGERY_TEST(a_file_that_is_replaced_while_it_is_read_gives_everybody),
    };

    return cmocka_run_group_tests_name("index_reader_race", tests, NULL, NULL);
}
