/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals differ in characters, form and size, and say little of it: this is what is known of them, kept
 * apart from what is said on them.
 */
#include "display/place.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "frontdesk/protocol.h"

bool display_is_ssh(const struct display_place *place)
{
    return strcmp(place->service, "sshd") == 0 || strcmp(place->tty, "ssh") == 0;
}

bool display_asks(const struct display_place *place, const struct service *service)
{
    /* Its host shows what it gets and asks nobody. */
    if (strcmp(place->service, PROTOCOL_KIOSK_SERVICE) == 0)
        return false;
    switch (service->prompt) {
    case PROMPT_ENTER:
        return true;
    case PROMPT_NONE:
        return false;
    case PROMPT_AUTO:
        break;
    }
    return display_is_ssh(place);
}

/* "tty1", "/dev/tty1": a screen that the kernel draws, with half blocks in its fonts and UTF-8 by default. */
static bool is_virtual_console(const char *tty)
{
    static const char folder[] = "/dev/";
    const char *name = strncmp(tty, folder, sizeof folder - 1) == 0 ? tty + sizeof folder - 1 : tty;

    return strncmp(name, "tty", 3) == 0 && name[3] != '\0' &&
           name[3 + strspn(name + 3, "0123456789")] == '\0';
}

/* login(1) runs in the C locale before anybody chose another, so there the codeset says nothing. */
static bool codeset_is_unknown(const char *codeset)
{
    return codeset[0] == '\0' || strcmp(codeset, "ANSI_X3.4-1968") == 0;
}

/* A client of sshd prints prompts through a UTF-8 filter; what is no prompt it may escape byte by byte. */
bool place_takes_utf8(const struct display_place *place, bool asks)
{
    if (display_is_ssh(place))
        return asks;
    if (strcasecmp(place->codeset, "UTF-8") == 0 || strcasecmp(place->codeset, "UTF8") == 0)
        return true;
    return codeset_is_unknown(place->codeset) && is_virtual_console(place->tty);
}

bool place_qr_style(const struct display_place *place, const struct service *service,
                    enum qr_style *ret_style)
{
    switch (service->qr) {
    case QR_NONE:
        return false;
    case QR_UTF8:
        *ret_style = QR_STYLE_HALF_BLOCKS;
        return true;
    case QR_ASCII:
        *ret_style = QR_STYLE_ASCII;
        return true;
    case QR_AUTO:
        break;
    }
    *ret_style =
        place_takes_utf8(place, display_asks(place, service)) ? QR_STYLE_HALF_BLOCKS : QR_STYLE_ASCII;
    return true;
}

/* Columns of UTF-8 text; characters from U+1000 on count twice, for many of them are wide. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;

    for (; *text; text++) {
        const unsigned char b = (unsigned char)*text;

        if ((b & 0xc0) != 0x80)
            columns += b > 0xe0 ? 2 : 1;
    }
    return columns;
}

unsigned place_lines(const struct display_place *place, const char *line)
{
    const size_t columns = columns_of(line);

    if (place->columns == 0 || columns == 0)
        return 1;
    return (unsigned)((columns + place->columns - 1) / place->columns);
}

bool place_fits(const struct display_place *place, unsigned lines, const struct qr_text *qr)
{
    if (place->columns == 0 || place->rows == 0)
        return true;
    return qr->columns <= place->columns && lines + qr->rows <= place->rows;
}
