/* SPDX-License-Identifier: BSD-2-Clause */
/* The questions of `connection add`. Signals are read, not caught, so that the terminal is as it was whatever
 * ends a question. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/output.h"
#include "config/settings.h"
#include "connection/presets.h"

#define ANSWER_MAX 4096 /* bytes of a terminal's line */

struct asker {
    int signals;
    struct draft *draft;
    int status; /* once it is not 0 nothing more is asked */
    char answer[ANSWER_MAX];
};

static void set_echo(bool on)
{
    struct termios terminal;

    if (tcgetattr(STDIN_FILENO, &terminal) != 0)
        return;
    if (on)
        terminal.c_lflag |= ECHO;
    else
        terminal.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal);
}

/* Blanks at both ends do not count. */
static void trim(char *text)
{
    const size_t blanks = strspn(text, " \t");
    size_t length;

    memmove(text, text + blanks, strlen(text + blanks) + 1);
    for (length = strlen(text); length > 0 && strchr(" \t\r\n", text[length - 1]); length--)
        text[length - 1] = '\0';
}

static void read_answer(struct asker *asker)
{
    struct pollfd ready[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                             {.fd = asker->signals, .events = POLLIN}};
    struct signalfd_siginfo taken;
    ssize_t n;

    asker->answer[0] = '\0';
    while (poll(ready, 2, -1) < 0)
        if (errno != EINTR) {
            asker->status = EXIT_USAGE;
            return;
        }
    if (ready[1].revents) {
        (void)!read(asker->signals, &taken, sizeof taken); /* else it would still be delivered */
        asker->status = EXIT_INTERRUPTED;
        return;
    }
    n = read(STDIN_FILENO, asker->answer, sizeof asker->answer - 1);
    asker->answer[n > 0 ? n : 0] = '\0';
    if (n <= 0) {
        output_error("no answer; nothing was written");
        asker->status = EXIT_USAGE;
    }
    trim(asker->answer);
}

static bool ask(struct asker *asker, const char *question, bool echo)
{
    if (asker->status != 0)
        return false;
    if (!echo)
        set_echo(false); /* first: it discards what was typed, which must not be an answer to the question */
    (void)fputs(question, stderr);
    read_answer(asker);
    if (!echo) {
        set_echo(true);
        (void)fputc('\n', stderr);
    }
    return asker->status == 0;
}

/* Until the parser takes it. An empty answer leaves the key out, unless it is needed. */
static void ask_setting(struct asker *asker, const char *key, const char *question, bool needed)
{
    while (!draft_get(asker->draft, key) && ask(asker, question, true)) {
        AUTO_FREE char *why = NULL;
        char shown[512];

        if (asker->answer[0] == '\0' && !needed)
            return;
        if (!draft_add(asker->draft, key, asker->answer, &why))
            output_error("%s", output_text(why ? why : "no memory", shown, sizeof shown));
    }
}

static const struct preset *preset_of(const struct draft *draft)
{
    const char *name = draft_get(draft, "preset");

    return name ? preset_find(name) : NULL;
}

static bool preset_says(const struct draft *draft, const char *key)
{
    const struct preset *preset = preset_of(draft);

    for (const struct preset_value *value = preset ? preset->values : NULL; value && value->key; value++)
        if (strcmp(value->key, key) == 0)
            return true;
    return false;
}

static bool knows_issuer(const struct draft *draft)
{
    return draft_get(draft, "issuer") || draft_get(draft, "okta_domain") || preset_says(draft, "issuer");
}

static void ask_place(struct asker *asker)
{
    const struct preset *preset;
    char question[512] = "Product (";
    size_t used = strlen(question);

    for (size_t i = 0; (preset = presets_at(i)) != NULL && used < sizeof question; i++)
        used +=
            (size_t)snprintf(question + used, sizeof question - used, "%s%s", i ? ", " : "", preset->name);
    if (used < sizeof question)
        (void)snprintf(question + used, sizeof question - used, "; Enter: another one): ");
    if (!knows_issuer(asker->draft))
        ask_setting(asker, "preset", question, false);
    preset = preset_of(asker->draft);
    if (knows_issuer(asker->draft))
        return;
    if (preset && strcmp(preset->name, "okta") == 0)
        ask_setting(asker, "okta_domain", "Okta domain (like acme.okta.com): ", true);
    else
        ask_setting(asker, "issuer", "Issuer URL: ", true);
}

/* "acme.com" -> "^([^@]+)@acme[.]com$" */
static void ask_domain_of_names(struct asker *asker)
{
    const struct preset *preset = preset_of(asker->draft);
    AUTO_FREE char *why = NULL;
    char regex[ANSWER_MAX] = "^([^@]+)@";
    size_t used = strlen(regex);

    if (!preset || !preset->username_is_email || draft_get(asker->draft, "username_regex") ||
        draft_get(asker->draft, "username_claim") ||
        !ask(asker, "Names are e-mail addresses there. Whose domain is cut off (like acme.com): ", true) ||
        asker->answer[0] == '\0')
        return;
    for (const char *c = asker->answer; *c != '\0' && used + 5 < sizeof regex; c++)
        used += (size_t)snprintf(regex + used, sizeof regex - used, *c == '.' ? "[%c]" : "%c", *c);
    (void)snprintf(regex + used, sizeof regex - used, "$");
    if (!draft_add(asker->draft, "username_regex", regex, &why))
        output_error("%s", why ? why : "no memory");
}

static void ask_secret_of(struct asker *asker, struct secret *ret_secret)
{
    if (draft_get(asker->draft, "client_secret_file") ||
        !ask(asker, "Client secret (it is not shown; Enter: none): ", false))
        return;
    if (asker->answer[0] != '\0' && !secret_copy(asker->answer, strlen(asker->answer), ret_secret)) {
        output_error("no memory");
        asker->status = EXIT_USAGE;
    }
    explicit_bzero(asker->answer, sizeof asker->answer);
}

static void ask_who(struct asker *asker)
{
    static const char *const rules[] = {"allow_all", "allowed_users", "allowed_groups",
                                        "allowed_email_domains"};

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (draft_get(asker->draft, rules[i]))
            return;
    while (ask(asker, "Who may enter (all; or e-mail domains like acme.com; Enter: nobody yet): ", true)) {
        const bool all = strcmp(asker->answer, "all") == 0;
        AUTO_FREE char *why = NULL;

        if (asker->answer[0] == '\0' || draft_add(asker->draft, all ? "allow_all" : "allowed_email_domains",
                                                  all ? "yes" : asker->answer, &why))
            return;
        output_error("%s", why ? why : "no memory");
    }
}

int connection_ask(struct draft *draft, bool ask_secret, struct secret *ret_secret)
{
    struct asker asker = {.draft = draft};
    AUTO_CLOSE int signals = -1;
    sigset_t ends, before;

    if (!isatty(STDIN_FILENO) ||
        (knows_issuer(draft) && draft_get(draft, "client_id") && draft_get(draft, "services")))
        return 0;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ends, &before);
    asker.signals = signals = signalfd(-1, &ends, SFD_CLOEXEC);
    if (signals < 0)
        asker.status = EXIT_USAGE;
    ask_place(&asker);
    ask_setting(&asker, "client_id", "Client id: ", true);
    if (ask_secret)
        ask_secret_of(&asker, ret_secret);
    ask_setting(&asker, "services", "PAM services it serves (like sshd login; Enter: none yet): ", false);
    ask_domain_of_names(&asker);
    ask_who(&asker);
    ask_setting(&asker, "create_users", "Unknown persons become members (yes or no; Enter: no): ", false);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    explicit_bzero(asker.answer, sizeof asker.answer);
    return asker.status;
}
