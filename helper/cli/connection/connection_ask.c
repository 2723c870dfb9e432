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

static bool ask(struct asker *asker, const char *question)
{
    if (asker->status != 0)
        return false;
    (void)fputs(question, stderr);
    read_answer(asker);
    return asker->status == 0;
}

/* Hidden before the question stands there: what was typed until then is discarded, and must not be an answer.
 * Nobody stops this process while the terminal does not show what is typed. */
static bool ask_hidden(struct asker *asker, const char *question)
{
    struct termios before, hidden;
    sigset_t stop, mask;

    if (asker->status != 0)
        return false;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        asker->status = EXIT_USAGE;
        return false;
    }
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &stop, &mask);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0)
        (void)ask(asker, question);
    else
        asker->status = EXIT_USAGE;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    (void)fputc('\n', stderr);
    return asker->status == 0;
}

/* Until the parser takes it. An empty answer leaves the key out, unless it is needed. */
static void ask_setting(struct asker *asker, const char *key, const char *question, bool needed)
{
    while (!draft_get(asker->draft, key) && ask(asker, question)) {
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

/* Typed, or else what the preset says; NULL: neither. */
static const char *value_of(const struct draft *draft, const char *key)
{
    const struct preset *preset = preset_of(draft);
    const char *typed = draft_get(draft, key);

    for (const struct preset_value *value = preset ? preset->values : NULL; !typed && value && value->key;
         value++)
        if (strcmp(value->key, key) == 0)
            return value->value;
    return typed;
}

static bool knows_issuer(const struct draft *draft)
{
    return draft_get(draft, "okta_domain") || value_of(draft, "issuer");
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

/* Nothing that an expression would read as more than itself. */
static bool is_domain(const char *text)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

    return text[0] != '.' && text[strspn(text, alphabet)] == '\0';
}

/* "acme.com" -> "^([^@]+)@acme[.]com$" */
static bool add_regex(struct draft *draft, const char *domain)
{
    AUTO_FREE char *why = NULL;
    char regex[ANSWER_MAX] = "^([^@]+)@", shown[512];
    size_t used = strlen(regex);

    if (!is_domain(domain)) {
        output_error("`%s` is not a domain", output_text(domain, shown, sizeof shown));
        return false;
    }
    for (const char *c = domain; *c != '\0' && used + 5 < sizeof regex; c++)
        used += (size_t)snprintf(regex + used, sizeof regex - used, *c == '.' ? "[%c]" : "%c", *c);
    (void)snprintf(regex + used, sizeof regex - used, "$");
    if (draft_add(draft, "username_regex", regex, &why))
        return true;
    output_error("%s", why ? why : "no memory");
    return false;
}

static void ask_domain_of_names(struct asker *asker)
{
    const struct preset *preset = preset_of(asker->draft);

    if (!preset || !preset->username_is_email || draft_get(asker->draft, "username_regex") ||
        draft_get(asker->draft, "username_claim"))
        return;
    while (ask(asker, "Names are e-mail addresses there. Whose domain is cut off (like acme.com): "))
        if (asker->answer[0] == '\0' || add_regex(asker->draft, asker->answer))
            return;
}

static void ask_secret_of(struct asker *asker, struct secret *ret_secret)
{
    const char *method = value_of(asker->draft, "client_auth_method");

    if (draft_get(asker->draft, "client_secret_file") || (method && strcmp(method, "none") == 0) ||
        !ask_hidden(asker, "Client secret (it is not shown; Enter: none): "))
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
    while (ask(asker, "Who may enter (all; or e-mail domains like acme.com; Enter: nobody yet): ")) {
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
    (void)sigaddset(&ends, SIGQUIT);
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
