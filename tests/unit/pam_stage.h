/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: libpam and the name service as the PAM module meets them, played by the test. */
#ifndef TESTS_PAM_STAGE_H
#define TESTS_PAM_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pwd.h>
#include <security/pam_modules.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const char *items[PAM_XDISPLAY + 1]; /* NULL: unset */
    bool items_fail;
    const char *ssh_auth_info, *ticket;
    int set_answers, putenv_answers; /* PAM codes; */
    int prompt_answers;              /* likewise */
    size_t entries;                  /* that were put into the environment */
    const char *typed;               /* NULL: nothing */
    char shown[256];
    char logged[256];
    int level; /* of that line */
    size_t lines;
} pam;

static inline pam_handle_t *handle_of_the_host(void)
{
    static char nobody_looks_into_it;

    return (pam_handle_t *)(void *)&nobody_looks_into_it;
}

#define PAMH handle_of_the_host()

int __wrap_pam_get_item(const pam_handle_t *pamh, int type, const void **ret_item);
int __wrap_pam_set_item(pam_handle_t *pamh, int type, const void *item);
const char *__wrap_pam_getenv(pam_handle_t *pamh, const char *name);
int __wrap_pam_putenv(pam_handle_t *pamh, const char *entry);
int __wrap_pam_prompt(pam_handle_t *pamh, int style, char **ret_answer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void __wrap_pam_syslog(const pam_handle_t *pamh, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *__wrap_pam_strerror(pam_handle_t *pamh, int code);

int __wrap_pam_get_item(const pam_handle_t *pamh, int type, const void **ret_item)
{
    (void)pamh;
    if (pam.items_fail)
        return PAM_BAD_ITEM;
    *ret_item = pam.items[type];
    return PAM_SUCCESS;
}

int __wrap_pam_set_item(pam_handle_t *pamh, int type, const void *item)
{
    (void)pamh;
    if (pam.set_answers == PAM_SUCCESS)
        pam.items[type] = item;
    return pam.set_answers;
}

const char *__wrap_pam_getenv(pam_handle_t *pamh, const char *name)
{
    (void)pamh;
    return strcmp(name, "SSH_AUTH_INFO_0") == 0 ? pam.ssh_auth_info : pam.ticket;
}

int __wrap_pam_putenv(pam_handle_t *pamh, const char *entry)
{
    (void)pamh;
    (void)entry;
    pam.entries += pam.putenv_answers == PAM_SUCCESS;
    return pam.putenv_answers;
}

int __wrap_pam_prompt(pam_handle_t *pamh, int style, char **ret_answer, const char *format, ...)
{
    va_list list;

    (void)pamh;
    (void)style;
    va_start(list, format);
    (void)vsnprintf(pam.shown, sizeof pam.shown, format, list);
    va_end(list);
    if (ret_answer && pam.typed)
        *ret_answer = strdup(pam.typed);
    return pam.prompt_answers;
}

void __wrap_pam_syslog(const pam_handle_t *pamh, int level, const char *format, ...)
{
    va_list list;

    (void)pamh;
    pam.level = level;
    pam.lines++;
    va_start(list, format);
    (void)vsnprintf(pam.logged, sizeof pam.logged, format, list);
    va_end(list);
}

const char *__wrap_pam_strerror(pam_handle_t *pamh, int code)
{
    (void)pamh;
    return code == PAM_SUCCESS ? "success" : "refused";
}

/* What the name service says, one answer after the other; the last one stays. */
struct name_answer {
    int error;
    bool is_found;
    uid_t uid;
};

static const struct name_answer *names_answer;
static size_t names_left, names_asked, largest_buffer;

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                      struct passwd **ret_found);

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                      struct passwd **ret_found)
{
    const struct name_answer answer = *names_answer;

    (void)name;
    memset(buffer, 0, size); /* all of it is ours to write */
    if (size > largest_buffer)
        largest_buffer = size;
    names_asked++;
    if (names_left > 1) {
        names_left--;
        names_answer++;
    }
    *entry = (struct passwd){.pw_uid = answer.uid};
    *ret_found = answer.is_found ? entry : NULL;
    return answer.error;
}

static inline void names_say(const struct name_answer *answers, size_t count)
{
    names_answer = answers;
    names_left = count;
    names_asked = largest_buffer = 0;
}

#define NAMES_SAY(...)                                                                                       \
    do {                                                                                                     \
        static const struct name_answer these[] = {__VA_ARGS__};                                             \
        names_say(these, sizeof these / sizeof these[0]);                                                    \
    } while (0)

#endif
