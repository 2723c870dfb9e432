/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOGIN in and out. The packet comes from a process that may be anyone's, and both the child and the keeper
 * decide by it: a value that no module of ours would send is refused here, once, for both.
 */
#include "login.h"

#include "frontdesk/locale_name.h"
#include "frontdesk/wire.h"

/* The strings of the packet, in its order: reading and writing walk the same list. */
#define LOGIN_STRINGS(S)                                                                                     \
    S(user)                                                                                                  \
    S(service)                                                                                               \
    S(tty)                                                                                                   \
    S(rhost)                                                                                                 \
    S(ruser)                                                                                                 \
    S(lang)                                                                                                  \
    S(codeset)                                                                                               \
    S(prior_auth)                                                                                            \
    S(greeter_extensions)                                                                                    \
    S(connection)                                                                                            \
    S(ticket)

static bool login_is_sane(const struct login *login)
{
    return login->phase >= PHASE_AUTH && login->phase <= PHASE_CLOSE_SESSION &&
           (login->flags & ~(unsigned)LOGIN_FLAGS_ALL) == 0 && login->timeout_s >= 1 &&
           login->timeout_s <= PROTOCOL_TIMEOUT_MAX_S && login->service[0] != '\0' &&
           (login->lang[0] == '\0' || locale_name_is_plain(login->lang)) &&
           (login->codeset[0] == '\0' || locale_name_is_plain(login->codeset));
}

enum reason login_parse(const void *packet, size_t length, struct login *ret_login)
{
    struct wire_reader r = wire_read(packet, length);
    const uint8_t type = wire_get_u8(&r);
    const uint16_t version = wire_get_u16(&r);
    struct login login = {0};

    if (r.failed || type != MESSAGE_LOGIN)
        return REASON_PROTOCOL;
    if (version != PROTOCOL_VERSION)
        return REASON_VERSION;
    login.phase = (enum login_phase)wire_get_u8(&r);
    login.flags = wire_get_u8(&r);
    login.columns = wire_get_u16(&r);
    login.rows = wire_get_u16(&r);
#define GET(field) wire_get_string(&r, login.field, sizeof login.field);
    LOGIN_STRINGS(GET)
#undef GET
    login.timeout_s = wire_get_u32(&r);
    if (!wire_end(&r) || !login_is_sane(&login))
        return REASON_PROTOCOL;
    *ret_login = login;
    explicit_bzero(login.ticket, sizeof login.ticket);
    return REASON_OK;
}

size_t login_write(const struct login *login, void *ret_packet, size_t size)
{
    struct wire_writer w = wire_write(ret_packet, size);

    wire_put_u8(&w, MESSAGE_LOGIN);
    wire_put_u16(&w, PROTOCOL_VERSION);
    wire_put_u8(&w, (unsigned)login->phase);
    wire_put_u8(&w, login->flags);
    wire_put_u16(&w, login->columns);
    wire_put_u16(&w, login->rows);
#define PUT(field) wire_put_string(&w, login->field);
    LOGIN_STRINGS(PUT)
#undef PUT
    wire_put_u32(&w, login->timeout_s);
    return wire_written(&w);
}

bool login_is_remote(const struct login *login)
{
    return login->rhost[0] != '\0' || strcmp(login->service, "sshd") == 0;
}
