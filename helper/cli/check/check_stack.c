/* SPDX-License-Identifier: BSD-2-Clause */
/* What each service's PAM lines allow: sign-ins, passwords, keys, other modules; and whether ours stand
 * right. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/check/check_service.h"
#include "cli/cli.h"
#include "config/settings.h"
#include "frontdesk/protocol.h"

void service_view_say(const struct service_view *view, struct fact fact, const char *format, ...)
{
    AUTO_FREE char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    fact.status = EXIT_REFUSED;
    report_say(view->report, &fact, "%s (%s): %s", view->name,
               view->service->role == ROLE_CUSTOMER ? "customer" : "staff", text ? text : fact.name);
}

/* A check-in gives nobody a session: there is no home to be made, and nobody to be kept out. */
static bool enters_nobody(const struct service_view *view)
{
    return strcmp(view->name, PROTOCOL_KIOSK_SERVICE) == 0;
}

static void tell_passwords(const struct service_view *view, const struct stack_ways *ways)
{
    const struct pam_line *ours = view->ours[PAM_TYPE_AUTH];
    const char *break_glass = pam_line_argument(ours, "break_glass=");
    const bool allowed = stack_passwords_allowed(ours);
    struct fact fact = {.state = FACT_GOOD, .name = "passwords"};

    if (allowed && ways->local_password) {
        service_view_say(view, fact, "passwords allowed: local accounts enter by %s, too", ways->passwords);
    } else if (allowed) {
        fact.state = FACT_HINT;
        fact.next = "add the line of your password module behind that of pam_frontdesk.so";
        service_view_say(view, fact, "password_login=allowed, but no module behind it takes a password");
    } else if (ways->local_password) {
        fact.state = FACT_WRONG;
        fact.next =
            "write `auth [success=done ignore=ignore default=die] pam_frontdesk.so`, before other modules";
        service_view_say(view, fact, "passwords are not allowed, but that of a local account gets in by %s",
                         ways->passwords);
    } else if (ways->password_while_down) {
        fact.state = FACT_WRONG;
        fact.next = "take `authinfo_unavail=ignore` out: it belongs to password_login=allowed";
        service_view_say(view, fact,
                         "passwords are not allowed, but that of a local account gets in by %s while the "
                         "identity provider or the helper is gone",
                         ways->passwords);
    } else {
        service_view_say(view, fact, "passwords denied%s%s%s",
                         break_glass ? ", but for the break-glass " : "", break_glass ? break_glass : "",
                         ways->others[0] ? "; what the modules named below ask for is not known" : "");
    }
    if (!allowed && !break_glass && !ways->password_while_down && !enters_nobody(view)) {
        fact.state = FACT_HINT;
        fact.next = "name a local account in break_glass= and try it";
        service_view_say(view, fact, "nobody gets in here while the identity provider or the helper is gone");
    }
    if (break_glass && !ways->break_glass) {
        fact.state = FACT_WRONG;
        fact.next = "add the line of your password module behind that of pam_frontdesk.so";
        service_view_say(view, fact, "break_glass=%s, but the password of such an account does not get in",
                         break_glass);
    }
}

static void tell_auth(const struct service_view *view)
{
    struct stack_ways ways;

    if (!view->ours[PAM_TYPE_AUTH] || !stack_ways_find(view->stacks[PAM_TYPE_AUTH], &ways))
        return;
    tell_passwords(view, &ways);
    if (ways.password_after_deny)
        service_view_say(
            view,
            (struct fact){.state = FACT_WRONG,
                          .name = "refusals",
                          .next = "let `default=die` stand in the control field of pam_frontdesk.so, "
                                  "and no password module before it"},
            "a sign-in that was refused can still get in by %s", ways.passwords);
    if (ways.nothing)
        service_view_say(view,
                         (struct fact){.state = FACT_WRONG,
                                       .name = "refusals",
                                       .next = "mend the auth lines: see pam.conf(5)"},
                         "whoever is refused by every module gets in");
    if (!ways.sign_in)
        service_view_say(
            view,
            (struct fact){.state = FACT_HINT, .name = "sign_in", .next = "`success=done` lets it be enough"},
            "an approved sign-in is not enough: another module has to agree");
    if (ways.others[0] != '\0')
        service_view_say(view, (struct fact){.state = FACT_HINT, .name = "other_modules"},
                         "these let in without a sign-in, alone or together: %s", ways.others);
    stack_ways_clear(&ways);
}

static void tell_account(const struct service_view *view)
{
    struct fact fact = {.state = FACT_WRONG, .name = "account"};

    if (view->ours[PAM_TYPE_ACCOUNT] && stack_account_heeds(view->stacks[PAM_TYPE_ACCOUNT])) {
        if (strcmp(view->name, "sshd") == 0)
            service_view_say(
                view, (struct fact){.state = FACT_GOOD, .name = "keys"},
                "public keys are sshd's to accept; members who come by one are judged in account");
        return;
    }
    fact.next = "add `account required pam_frontdesk.so` before the other account lines";
    if (view->ours[PAM_TYPE_ACCOUNT])
        service_view_say(view, fact,
                         "what pam_frontdesk.so refuses in account, another line there lets pass");
    else
        service_view_say(view, fact,
                         "no account line uses pam_frontdesk.so: members come in by keys unjudged, also when "
                         "they are disabled");
}

static void tell_home(const struct service_view *view)
{
    const struct pam_stack *session = view->stacks[PAM_TYPE_SESSION];
    const struct pam_line *line = pam_stack_line(session, "pam_mkhomedir.so");
    const char *value = line ? pam_line_argument(line, "umask=") : NULL;
    const unsigned long umask = value ? strtoul(value, NULL, 8) : 022;
    struct fact fact = {.state = FACT_HINT, .name = "home"};

    if (!line && !pam_stack_line(session, "pam_oddjob_mkhomedir.so")) {
        fact.next = "add `session required pam_mkhomedir.so umask=0077`";
        service_view_say(view, fact, "nothing makes the home of a new member");
    } else if (line && umask != view->config->members.umask) {
        AUTO_FREE char *next =
            setting_sentence("write `pam_mkhomedir.so umask=%04o`", view->config->members.umask);

        fact.next = next;
        service_view_say(view, fact, "pam_mkhomedir.so makes homes with umask %04lo, [members] umask is %04o",
                         umask, view->config->members.umask);
    }
}

static void tell_session(const struct service_view *view)
{
    struct fact fact = {
        .state = FACT_HINT, .name = "session", .next = "add `session required pam_frontdesk.so`"};
    const bool is_there = view->ours[PAM_TYPE_SESSION] != NULL;

    if (enters_nobody(view)) {
        fact.state = FACT_WRONG;
        if (!is_there)
            service_view_say(view, fact, "no session line uses pam_frontdesk.so: nobody is ever checked in");
        return;
    }
    if (!is_there)
        service_view_say(view, fact,
                         "no session line uses pam_frontdesk.so: ends of sessions are not recorded");
    tell_home(view);
}

/* False: libpam would refuse the service's lines. */
static bool read_stacks(struct service_view *view)
{
    static const struct {
        enum pam_type type;
        const char *name;
    } read[] = {{PAM_TYPE_AUTH, "auth"}, {PAM_TYPE_ACCOUNT, "account"}, {PAM_TYPE_SESSION, "session"}};

    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        AUTO_FREE char *why = NULL;
        struct pam_stack *stack = pam_stack_read(NULL, view->name, read[i].type, &why);

        if (!stack) {
            service_view_say(view,
                             (struct fact){.state = FACT_WRONG,
                                           .name = "pam",
                                           .next = "mend the file: whom libpam lets in by it is not known"},
                             "its %s lines cannot be used: %s", read[i].name, why ? why : "no memory");
            return false;
        }
        view->stacks[read[i].type] = stack;
        view->ours[read[i].type] = pam_stack_line(stack, OUR_MODULE);
    }
    return true;
}

static void tell_service(struct service_view *view)
{
    struct fact fact = {.state = FACT_GOOD, .name = "pam"};

    if (!read_stacks(view))
        return;
    if (!view->ours[PAM_TYPE_AUTH] && !view->ours[PAM_TYPE_ACCOUNT]) {
        fact.state = FACT_HINT;
        fact.next = "add the lines of the example for this service";
        service_view_say(view, fact, "%s does not use pam_frontdesk.so", view->stacks[PAM_TYPE_AUTH]->file);
        return;
    }
    if (view->ours[PAM_TYPE_AUTH]) {
        service_view_say(view, fact, "%s:%u uses pam_frontdesk.so", view->ours[PAM_TYPE_AUTH]->file,
                         view->ours[PAM_TYPE_AUTH]->number);
    } else {
        fact.state = FACT_HINT;
        fact.next = "add the auth line of the example for this service";
        service_view_say(view, fact, "no auth line uses pam_frontdesk.so: nobody signs in by it");
    }
    tell_auth(view);
    tell_account(view);
    tell_session(view);
    check_service_arguments(view);
}

bool service_is_served_before(const struct config *config, size_t before, const char *service)
{
    for (size_t i = 0; i < before; i++)
        if (config->connections[i].enabled && connection_serves(&config->connections[i], service))
            return true;
    return false;
}

static void check_stack(struct report *report, const struct config *config, const char *name)
{
    struct service storage;
    struct service_view view = {
        .report = report, .config = config, .name = name, .service = config_service(config, name, &storage)};

    tell_service(&view);
    for (int type = PAM_TYPE_AUTH; type <= PAM_TYPE_SESSION; type++)
        pam_stack_free(view.stacks[type]);
}

void check_stacks(struct report *report, const struct config *config)
{
    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        for (char **service = connection->services; connection->enabled && *service; service++)
            if (!service_is_served_before(config, i, *service))
                check_stack(report, config, *service);
    }
}
