/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PAM hosts as nobody would write them, but somebody runs: without standard streams, out of descriptors or
 * memory, with threads, in a sandbox. Each mode of this program is one.
 *
 *   odd_host CONFDIR REPORT MODULE SOCKET-ARGUMENT MODE NUMBER
 */
#include "odd_host.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REPORT_FD 200 /* beyond what a small table of descriptors holds */

void odd_fail(const char *why)
{
    perror(why);
    _exit(99);
}

void odd_report(const struct odd *odd, const char *word, long number)
{
    if (dprintf(odd->report, "%s %ld\n", word, number) < 0)
        _exit(98);
}

int odd_answer(int count, const struct pam_message **messages, struct pam_response **ret_responses,
               void *nothing)
{
    struct pam_response *responses = calloc((size_t)count, sizeof *responses);

    (void)nothing;
    if (!responses)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
            responses[i].resp = strdup("");
    *ret_responses = responses;
    return PAM_SUCCESS;
}

pam_handle_t *odd_start(const struct odd *odd, const char *user, const struct pam_conv *conv)
{
    static const struct pam_conv plain = {.conv = odd_answer};
    pam_handle_t *pamh = NULL;

    if (pam_start_confdir("odd", user, conv ? conv : &plain, odd->confdir, &pamh) != PAM_SUCCESS)
        odd_fail("pam_start_confdir");
    return pamh;
}

int odd_sign_in(const struct odd *odd, const char *user)
{
    pam_handle_t *pamh = odd_start(odd, user, NULL);
    const int code = pam_authenticate(pamh, 0);

    (void)pam_end(pamh, code);
    return code;
}

void odd_all_phases(const struct odd *odd, pam_handle_t *pamh)
{
    odd_report(odd, "auth", pam_authenticate(pamh, 0));
    odd_report(odd, "account", pam_acct_mgmt(pamh, 0));
    odd_report(odd, "open", pam_open_session(pamh, 0));
}

void odd_all_entries(const struct odd *odd, pam_handle_t *pamh)
{
    static const struct {
        const char *word, *entry;
    } phases[] = {
        {"auth", "pam_sm_authenticate"}, {"account", "pam_sm_acct_mgmt"}, {"open", "pam_sm_open_session"}};
    const char *arguments[] = {odd->socket};
    int (*entry)(pam_handle_t * pamh, int flags, int argc, const char **argv);

    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        *(void **)&entry = dlsym(odd->module, phases[i].entry);
        if (!entry)
            odd_fail("dlsym");
        odd_report(odd, phases[i].word, entry(pamh, 0, 1, arguments));
    }
}

/* Closed streams: what the host prints and reads there must meet nothing, our socket least of all. */

struct streams {
    const struct odd *odd;
    int closed; /* bit N: descriptor N was closed */
};

static void talk_over_closed(const struct streams *streams)
{
    char byte;

    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (!(streams->closed & 1 << fd))
            continue;
        if (fcntl(fd, F_GETFD) >= 0 || write(fd, "to nobody", 9) >= 0 || read(fd, &byte, 1) >= 0)
            odd_report(streams->odd, "landed", fd);
    }
}

static int answer_without_streams(int count, const struct pam_message **messages,
                                  struct pam_response **ret_responses, void *context)
{
    talk_over_closed(context);
    return odd_answer(count, messages, ret_responses, NULL);
}

/* What is not closed is an empty file each: nobody but the host may write there. */
static void make_streams(int closed)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        const int file = memfd_create("stream", MFD_CLOEXEC);

        if (file < 0 || (file != fd && dup2(file, fd) != fd))
            odd_fail("stream");
        if (file > STDERR_FILENO)
            (void)close(file);
    }
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (closed & 1 << fd)
            (void)close(fd);
}

static void closed_streams(const struct odd *odd, int closed)
{
    struct streams streams = {.odd = odd, .closed = closed};
    const struct pam_conv conv = {.conv = answer_without_streams, .appdata_ptr = &streams};
    pam_handle_t *pamh = odd_start(odd, "alice", &conv);
    struct stat s;

    make_streams(closed);
    odd_all_phases(odd, pamh);
    (void)pam_end(pamh, PAM_SUCCESS);
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        const int there = fstat(fd, &s) == 0;

        if (there == ((closed & 1 << fd) != 0) || (there && s.st_size > 0))
            odd_report(odd, "changed", fd);
    }
}

/* A host that does things in another order than most. */
static void out_of_order(const struct odd *odd, int nothing)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);

    (void)nothing;
    odd_report(odd, "account", pam_acct_mgmt(pamh, 0));
    odd_report(odd, "setcred", pam_setcred(pamh, PAM_ESTABLISH_CRED));
    odd_report(odd, "setcred", pam_setcred(pamh, PAM_REINITIALIZE_CRED));
    odd_report(odd, "setcred", pam_setcred(pamh, PAM_DELETE_CRED));
    odd_report(odd, "close", pam_close_session(pamh, 0));
    odd_report(odd, "auth", pam_authenticate(pamh, 0));
    odd_report(odd, "auth", pam_authenticate(pamh, 0));
    odd_report(odd, "end", pam_end(pamh, PAM_SUCCESS));
}

/* Linked in for the host that has names of its own (homonyms.c). */
extern int plain_text(void) __attribute__((weak));

static const struct {
    const char *name;
    odd_mode *run;
} modes[] = {
    {"closed", closed_streams},
    {"out-of-order", out_of_order},
    {"descriptors", odd_descriptors},
    {"address-space", odd_address_space},
    {"small", odd_small},
    {"no-root", odd_no_root},
    {"sandboxed", odd_sandboxed},
    {"without-sockets", odd_without_sockets},
    {"threads", odd_threads},
    {"forked", odd_forked},
    {"children", odd_children},
    {"signals", odd_signals},
    {"reload", odd_reload},
    {"nss-reload", odd_nss_reload},
};

int main(int argc, char **argv)
{
    struct odd odd = {.report = -1};
    int file;

    if (argc != 7)
        odd_fail("usage");
    odd.confdir = argv[1];
    odd.socket = argv[4];
    odd.module_path = argv[3];
    odd.module = dlopen(argv[3], RTLD_NOW | RTLD_LOCAL);
    file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    odd.report = fcntl(file, F_DUPFD_CLOEXEC, REPORT_FD);
    if (file < 0 || odd.report < 0 || !odd.module)
        odd_fail("report");
    (void)close(file);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(modes[i].name, argv[5]) == 0) {
            modes[i].run(&odd, atoi(argv[6]));
            if (plain_text)
                odd_report(&odd, "own", plain_text());
            odd_report(&odd, "ended", 0);
            return 0;
        }
    odd_fail("no such mode");
}
