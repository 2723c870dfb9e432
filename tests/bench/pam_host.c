/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PAM host that measures: from pam_authenticate to the message with the code, over and over, and what the
 * module adds to the host. Prints one JSON object.
 *
 *   pam_host CONFDIR SERVICE USER RUNS LISTENER_PID KEEPER_PID
 *   pam_host hold CONFDIR SERVICE USER COUNT           (COUNT sign-ins, one after the other, all pending;
 *                                                prints "held" when each shows a code, ends with its stdin)
 */
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILDREN_MAX 64

struct measurement {
    pid_t listener, keeper;
    double wall_ms, cpu_ms; /* at the message with the code, since the start */
    double wall_started, cpu_started;
    int hold; /* descriptor told when the code is shown, or -1 */
    bool shown;
    int objects; /* mapped while the code is shown */
    long rss_kb;
};

static double clock_ms(clockid_t clock)
{
    struct timespec at;

    if (clock_gettime(clock, &at) != 0)
        return 0;
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* CPU time of a whole process, threads that ended included. */
static double process_ms(pid_t pid)
{
    clockid_t clock;

    return clock_getcpuclockid(pid, &clock) == 0 ? clock_ms(clock) : 0;
}

/* CPU time of the sign-in's own process: the listener's children. */
static double children_ms(pid_t parent)
{
    char path[64], line[4096];
    double sum = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fgets(line, sizeof line, file)) {
        char *end = line;
        for (long pid = strtol(line, &end, 10); pid > 0; pid = strtol(end, &end, 10))
            sum += process_ms((pid_t)pid);
    }
    (void)fclose(file);
    return sum;
}

static double all_ms(const struct measurement *m)
{
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID) + process_ms(m->listener) + process_ms(m->keeper);
}

/* Files mapped, and kB resident in this process. */
static void mapped(int *ret_objects, long *ret_kb)
{
    char line[512], last[256] = "";
    FILE *file = fopen("/proc/self/maps", "re");

    *ret_objects = 0;
    *ret_kb = 0;
    while (file && fgets(line, sizeof line, file)) {
        const char *path = strchr(line, '/');
        if (path && strstr(path, ".so") && strcmp(path, last) != 0) {
            (void)snprintf(last, sizeof last, "%s", path);
            (*ret_objects)++;
        }
    }
    if (file)
        (void)fclose(file);
    file = fopen("/proc/self/smaps_rollup", "re");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Rss: %ld kB", ret_kb) == 1)
            break;
    if (file)
        (void)fclose(file);
}

static void code_is_shown(struct measurement *m)
{
    m->shown = true;
    m->wall_ms = clock_ms(CLOCK_MONOTONIC) - m->wall_started;
    m->cpu_ms = all_ms(m) + children_ms(m->listener) - m->cpu_started;
    mapped(&m->objects, &m->rss_kb);
}

/* Takes the first message, then leaves: the sign-in is cancelled, and the next run begins. */
static int converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                    void *data)
{
    struct measurement *m = data;

    (void)ret_responses;
    for (int i = 0; i < count; i++) {
        if (messages[i]->msg_style != PAM_TEXT_INFO || !strstr(messages[i]->msg, "https://"))
            continue;
        code_is_shown(m);
        if (m->hold >= 0) {
            (void)!write(m->hold, "c", 1);
            (void)pause();
        }
    }
    return PAM_CONV_ERR;
}

static bool sign_in_once(const char *confdir, const char *service, const char *user, struct measurement *m)
{
    const struct pam_conv conversation = {converse, m};
    pam_handle_t *pam = NULL;

    m->shown = false;
    if (pam_start_confdir(service, user, &conversation, confdir, &pam) != PAM_SUCCESS)
        return false;
    m->cpu_started = all_ms(m);
    m->wall_started = clock_ms(CLOCK_MONOTONIC);
    (void)pam_authenticate(pam, 0);
    (void)pam_end(pam, PAM_AUTH_ERR);
    return m->shown;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return values[n / 2];
}

static int refuse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                  void *data)
{
    (void)count;
    (void)messages;
    (void)ret_responses;
    (void)data;
    return PAM_CONV_ERR;
}

/* A host that uses PAM with a module that does nothing ("other"), and knows users: what ours is added to. */
static void baseline(const char *confdir, const char *user)
{
    static const struct pam_conv conversation = {refuse, NULL};
    static pam_handle_t *pam; /* stays open, so that what it mapped stays mapped */

    if (pam_start_confdir("other", user, &conversation, confdir, &pam) == PAM_SUCCESS)
        (void)pam_authenticate(pam, 0);
    (void)getpwnam(user);
}

static int measure(char **arguments)
{
    const int runs = atoi(arguments[3]);
    struct measurement m = {.listener = atoi(arguments[4]), .keeper = atoi(arguments[5]), .hold = -1};
    double *wall = calloc((size_t)runs, sizeof *wall), *cpu = calloc((size_t)runs, sizeof *cpu);
    int objects;
    long rss_kb;
    int done = 0;

    baseline(arguments[0], arguments[2]);
    mapped(&objects, &rss_kb);
    for (int i = 0; wall && cpu && i < runs; i++) {
        if (!sign_in_once(arguments[0], arguments[1], arguments[2], &m))
            continue;
        wall[done] = m.wall_ms;
        cpu[done++] = m.cpu_ms;
    }
    if (done == 0)
        return 1;
    printf("{\"runs\":%d,\"wall_ms\":%.3f,\"cpu_ms\":%.3f,\"objects_before\":%d,\"objects_after\":%d,"
           "\"rss_kb_before\":%ld,\"rss_kb_after\":%ld}\n",
           done, median(wall, done), median(cpu, done), objects, m.objects, rss_kb, m.rss_kb);
    free(wall);
    free(cpu);
    return 0;
}

static int hold(char **arguments)
{
    const int count = atoi(arguments[3]);
    int told[2];
    char byte;

    if (pipe(told) != 0)
        return 1;
    for (int i = 0; i < count; i++) {
        if (fork() == 0) {
            struct measurement m = {.hold = told[1]};
            (void)sign_in_once(arguments[0], arguments[1], arguments[2], &m);
            (void)!write(told[1], "f", 1);
            _exit(1);
        }
        if (read(told[0], &byte, 1) != 1 || byte != 'c')
            return 1;
    }
    printf("held\n");
    (void)fflush(stdout);
    (void)!read(STDIN_FILENO, &byte, 1);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "hold") == 0)
        return hold(argv + 2);
    if (argc == 7)
        return measure(argv + 1);
    fprintf(stderr, "usage: pam_host [hold] CONFDIR SERVICE USER COUNT [LISTENER_PID KEEPER_PID]\n");
    return 2;
}
