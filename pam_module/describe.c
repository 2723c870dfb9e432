/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Collects LOGIN from PAM items, environments and the terminal. What only decorates (language, size of the
 * terminal) is left out when it is odd; what rules are made of (service, terminal, hosts) never is.
 */
#include "describe.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frontdesk/locale_name.h"
#include "frontdesk/wire.h"
#include "greeter.h"

static const char *item(pam_handle_t *pamh, int type)
{
    const void *value = NULL;

    (void)pam_get_item(pamh, type, &value); /* NULL when it fails */
    return value ? value : "";
}

static void put_item(struct wire_writer *w, pam_handle_t *pamh, int type)
{
    const char *value = item(pamh, type);

    if (strlen(value) > PROTOCOL_FIELD_MAX)
        w->failed = true;
    wire_put_string(w, value);
}

/* The environment may belong to somebody less trusted than this process: a plain name does no harm. */
static const char *language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value && value[0] != '\0')
            return locale_name_is_plain(value) ? value : "";
    }
    return "";
}

static const char *codeset(void)
{
    const char *name = nl_langinfo(CODESET);

    return locale_name_is_plain(name) ? name : "";
}

/* Over ssh the person's terminal is on another machine, and whatever stands on 0 to 2 is not it. */
static struct winsize terminal_size(pam_handle_t *pamh)
{
    struct winsize size = {0};

    if (strcmp(item(pamh, PAM_SERVICE), "sshd") == 0)
        return size;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (ioctl(fd, TIOCGWINSZ, &size) == 0)
            return size;
    return (struct winsize){0};
}

/* sshd lists keys at full length; the methods that count stand in front. */
static void put_prior_auth(struct wire_writer *w, pam_handle_t *pamh)
{
    const char *value = pam_getenv(pamh, "SSH_AUTH_INFO_0");
    char cut[PROTOCOL_FIELD_MAX + 1] = "";

    if (value)
        memcpy(cut, value, strnlen(value, PROTOCOL_FIELD_MAX));
    wire_put_string(w, cut);
}

const char *describe_ticket(pam_handle_t *pamh)
{
    const char *ticket = pam_getenv(pamh, "FRONTDESK_SESSION");

    return ticket && strlen(ticket) <= PROTOCOL_FIELD_MAX ? ticket : "";
}

size_t describe_call(const struct call *call, void *ret_packet, size_t size)
{
    const struct winsize terminal = terminal_size(call->pamh);
    struct wire_writer w = wire_write(ret_packet, size);

    wire_put_u8(&w, MESSAGE_LOGIN);
    wire_put_u16(&w, PROTOCOL_VERSION);
    wire_put_u8(&w, call->phase);
    wire_put_u8(&w, (call->arguments.passwords_allowed ? LOGIN_PASSWORDS_ALLOWED : 0u) |
                        (call->silent ? LOGIN_SILENT : 0u));
    wire_put_u16(&w, terminal.ws_col);
    wire_put_u16(&w, terminal.ws_row);
    wire_put_string(&w, call->caller.user);
    put_item(&w, call->pamh, PAM_SERVICE);
    put_item(&w, call->pamh, PAM_TTY);
    put_item(&w, call->pamh, PAM_RHOST);
    put_item(&w, call->pamh, PAM_RUSER);
    wire_put_string(&w, language());
    wire_put_string(&w, codeset());
    put_prior_auth(&w, call->pamh);
    wire_put_string(&w, call->phase == PHASE_AUTH && greeter_is_offered() ? PROTOCOL_GREETER_JSON : NULL);
    wire_put_string(&w, call->arguments.connection);
    wire_put_string(&w, describe_ticket(call->pamh));
    wire_put_u32(&w, call->arguments.timeout_s);
    return wire_written(&w);
}
