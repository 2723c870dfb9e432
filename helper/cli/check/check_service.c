/* SPDX-License-Identifier: BSD-2-Clause */
/* A PAM line holds while everything else is down: what stands behind pam_frontdesk.so has to be right. */
#include "cli/check/check_service.h"

#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "config/settings.h"
#include "frontdesk/ids.h"
#include "frontdesk/protocol.h"
#include "members/local_users.h"

static const struct pam_line *first_line(const struct service_view *view)
{
    return view->ours[PAM_TYPE_AUTH] ? view->ours[PAM_TYPE_AUTH] : view->ours[PAM_TYPE_ACCOUNT];
}

static bool is_number(const char *text)
{
    char *end;
    const long number = strtol(text, &end, 10);

    return *end == '\0' && number >= 1 && number <= PROTOCOL_TIMEOUT_MAX_S;
}

/* As the module's own reader judges a word. */
static bool is_argument(const char *word)
{
    static const char *const wanting_value[] = {"socket=/", "connection=", "local_users=", "break_glass="};

    if (strcmp(word, "debug") == 0 || strcmp(word, "password_login=allowed") == 0 ||
        strcmp(word, "password_login=denied") == 0)
        return true;
    if (strncmp(word, "timeout=", strlen("timeout=")) == 0)
        return is_number(word + strlen("timeout="));
    for (size_t i = 0; i < sizeof wanting_value / sizeof wanting_value[0]; i++) {
        const size_t length = strlen(wanting_value[i]);

        if (strncmp(word, wanting_value[i], length) == 0)
            return word[length] != '\0';
    }
    return false;
}

static void tell_words(const struct service_view *view, const struct pam_line *line)
{
    for (char **word = line->arguments; *word; word++)
        if (!is_argument(*word))
            service_view_say(view,
                             (struct fact){.state = FACT_WRONG,
                                           .name = "arguments",
                                           .next = "see pam_frontdesk(8); until then nobody signs in here"},
                             "%s:%u: pam_frontdesk.so does not know `%s`", line->file, line->number, *word);
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Each phase reads its own line: an account that one of them does not name is stuck half way. */
static void tell_differences(const struct service_view *view)
{
    static const char *const names[] = {"break_glass=", "local_users=", "socket="};
    const struct pam_line *first = first_line(view);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int type = PAM_TYPE_ACCOUNT; type <= PAM_TYPE_SESSION; type++) {
            const struct pam_line *line = view->ours[type];

            if (first && line &&
                !is_same(pam_line_argument(first, names[i]), pam_line_argument(line, names[i])))
                service_view_say(view,
                                 (struct fact){.state = FACT_WRONG,
                                               .name = "arguments",
                                               .next = "write the same on each line of pam_frontdesk.so"},
                                 "%s differs between %s:%u and %s:%u", names[i], first->file, first->number,
                                 line->file, line->number);
        }
}

static void tell_password_of(const struct service_view *view, const char *name)
{
    const struct spwd *entry = geteuid() == 0 ? getspnam(name) : NULL;
    const char *password = entry ? entry->sp_pwdp : NULL;
    struct fact fact = {.state = FACT_HINT, .name = "break_glass"};

    if (geteuid() != 0) {
        fact.next = "run this as root";
        service_view_say(view, fact, "whether break-glass %s has a password was not looked at", name);
    } else if (!password || password[0] == '\0' || strchr("!*", password[0])) {
        fact.state = FACT_WRONG;
        fact.next = "give it one: passwd";
        service_view_say(view, fact, "break-glass %s has no password that could be typed", name);
    } else {
        fact.state = FACT_GOOD;
        service_view_say(view, fact, "break-glass %s is there and has a password", name);
    }
}

static void tell_break_glass(const struct service_view *view, const char *name)
{
    const struct passwd *user = getpwnam(name);
    struct fact fact = {.state = FACT_WRONG, .name = "break_glass"};

    if (!user) {
        fact.next = "name an account that is there";
        service_view_say(view, fact, "break-glass %s is no user of this machine", name);
    } else if (id_is_members(user->pw_uid)) {
        fact.next = "name a local account: a member has no password";
        service_view_say(view, fact, "break-glass %s is a member", name);
    } else {
        tell_password_of(view, name);
    }
}

static void tell_local_user(const struct service_view *view, const char *name)
{
    struct fact fact = {.state = FACT_GOOD, .name = "local_users"};

    if (local_user_judge(name) == REASON_OK) {
        service_view_say(view, fact, "%s may be entered by those whom a connection maps to it", name);
        return;
    }
    fact.state = FACT_WRONG;
    fact.next = "name an ordinary account that is there: not root, no system's, no member's";
    service_view_say(view, fact, "%s in local_users= cannot be entered", name);
}

static void each_name(const struct service_view *view, const char *argument,
                      void (*tell)(const struct service_view *view, const char *name))
{
    const char *value = pam_line_argument(first_line(view), argument);
    AUTO_FREE char *names = value ? strdup(value) : NULL;
    char *rest = names, *name;

    while (rest && (name = strsep(&rest, ",")) != NULL)
        if (name[0] != '\0')
            tell(view, name);
}

static void tell_connection(const struct service_view *view)
{
    const struct pam_line *line = first_line(view);
    const char *name = pam_line_argument(line, "connection=");
    const struct connection *connection = name ? config_connection(view->config, name) : NULL;
    const struct fact fact = {
        .state = FACT_WRONG, .name = "service", .next = "enable it there, or name another one"};

    if (!name)
        return;
    if (!connection || !connection->enabled || !connection_serves(connection, view->name))
        service_view_say(view, fact, "%s:%u chooses the connection `%s`, which is not enabled for it",
                         line->file, line->number, name);
    else if (view->service->connection && strcmp(view->service->connection, name) != 0)
        service_view_say(view, fact, "%s:%u chooses the connection `%s`, [service %s] chooses `%s`",
                         line->file, line->number, name, view->name, view->service->connection);
}

void check_service_arguments(const struct service_view *view)
{
    for (int type = PAM_TYPE_AUTH; type <= PAM_TYPE_SESSION; type++)
        if (view->ours[type])
            tell_words(view, view->ours[type]);
    tell_differences(view);
    tell_connection(view);
    each_name(view, "break_glass=", tell_break_glass);
    each_name(view, "local_users=", tell_local_user);
}
