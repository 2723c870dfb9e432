/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded: the time of day is off by the seconds that the file $CLOCK_SHIFT holds, as a number in memory
 * that a test changes at any moment. The clocks that do not step are left alone, as setting a clock leaves
 * them.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock_id, struct timespec *tp);
time_t time(time_t *timer);

static const volatile int64_t *shift;

/* Mapped before the program begins: behind its sandbox it could not be. */
__attribute__((constructor)) static void find_shift(void)
{
    const char *path = getenv("CLOCK_SHIFT");
    const int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);

    if (file >= 0)
        (void)close(file);
    if (page != MAP_FAILED)
        shift = page;
}

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    const int result = (int)syscall(SYS_clock_gettime, clock_id, tp);

    if (result == 0 && shift && (clock_id == CLOCK_REALTIME || clock_id == CLOCK_REALTIME_COARSE))
        tp->tv_sec += *shift;
    return result;
}

time_t time(time_t *timer)
{
    struct timespec spec = {0};

    (void)clock_gettime(CLOCK_REALTIME, &spec);
    if (timer)
        *timer = spec.tv_sec;
    return spec.tv_sec;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec spec = {0};

    (void)tz;
    (void)clock_gettime(CLOCK_REALTIME, &spec);
    tv->tv_sec = spec.tv_sec;
    tv->tv_usec = spec.tv_nsec / 1000;
    return 0;
}
