/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the other texts of a member's passwd entry may hold. The helper checks before it stores and publishes,
 * the NSS reader checks again; both compile this, and no locale has a say. The PAM module judges what it
 * shows by the same characters.
 */
#ifndef FRONTDESK_MEMBER_TEXT_H
#define FRONTDESK_MEMBER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the UTF-8 character at the start of text, 0 when there is none (cut, overlong, a surrogate). */
static inline size_t utf8_character(const unsigned char *text, size_t length, uint32_t *ret_code_point)
{
    size_t size = 0;
    uint32_t code_point, least;

    if (length == 0)
        return 0;
    if (text[0] < 0x80)
        size = 1, code_point = text[0], least = 0;
    else if ((text[0] & 0xe0) == 0xc0)
        size = 2, code_point = text[0] & 0x1fu, least = 0x80;
    else if ((text[0] & 0xf0) == 0xe0)
        size = 3, code_point = text[0] & 0x0fu, least = 0x800;
    else if ((text[0] & 0xf8) == 0xf0)
        size = 4, code_point = text[0] & 0x07u, least = 0x10000;
    else
        return 0;
    if (size > length)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code_point = code_point << 6 | (text[i] & 0x3fu);
    }
    if (code_point < least || code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
        return 0;
    *ret_code_point = code_point;
    return size;
}

/*
 * Nothing that moves a cursor, turns the direction of writing, cannot be seen or is no character: C0, DEL,
 * C1, soft hyphen, zero width and bidi controls, line separators, byte order marks, noncharacters, private
 * use and tags. The joiners U+200C and U+200D stay: names in Persian and Indic scripts need them.
 */
static inline bool code_point_is_printable(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e)
        return false;
    if (c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e))
        return false;
    if ((c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb))
        return false;
    if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || (c >= 0xe000 && c <= 0xf8ff))
        return false;
    return c < 0xe0000;
}

static inline bool text_is_printable(const char *text, size_t length)
{
    uint32_t code_point;
    size_t size;

    for (size_t i = 0; i < length; i += size) {
        size = utf8_character((const unsigned char *)text + i, length - i, &code_point);
        if (size == 0 || !code_point_is_printable(code_point))
            return false;
    }
    return true;
}

/* The gecos field: ':' ends it, ',' splits it, '=' marks chfn's extras. May be empty. */
static inline bool gecos_is_valid(const char *gecos, size_t length)
{
    if (memchr(gecos, ':', length) || memchr(gecos, ',', length) || memchr(gecos, '=', length))
        return false;
    return text_is_printable(gecos, length);
}

/* An absolute path in visible ASCII without ':', and without a component that is empty or begins with a dot.
 */
static inline bool member_path_is_valid(const char *path, size_t length)
{
    if (length < 2 || path[0] != '/' || path[length - 1] == '/')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (path[i] <= 0x20 || path[i] >= 0x7f || path[i] == ':')
            return false;
        if (path[i] == '/' && (path[i + 1] == '/' || path[i + 1] == '.'))
            return false;
    }
    return true;
}

/* Folders whose content the system itself acts upon. (/var/home is where some systems keep /home.) */
static inline bool path_is_in_system_folder(const char *path, size_t length)
{
    static const char *const folders[] = {"/bin/", "/boot/", "/dev/",  "/etc/",   "/lib/",    "/lib32/",
                                          "/opt/", "/proc/", "/root/", "/run/",   "/sbin/",   "/sys/",
                                          "/usr/", "/tmp/",  "/var/",  "/lib64/", "/libx32/", "/efi/"};
    static const char var_home[] = "/var/home/";

    if (length > sizeof var_home - 1 && memcmp(path, var_home, sizeof var_home - 1) == 0)
        return false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (length >= strlen(folders[i]) && memcmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

/*
 * <base>/<name>, the base neither "/" nor a system folder: pam_mkhomedir makes a missing home as root and
 * gives it to the member, so a free choice of it (say /etc/systemd/system/cron.service.d) would be root's
 * power.
 */
static inline bool home_is_valid(const char *home, size_t length, const char *name)
{
    size_t name_length = strlen(name);

    if (!member_path_is_valid(home, length) || path_is_in_system_folder(home, length))
        return false;
    return length > name_length + 2 && home[length - name_length - 1] == '/' &&
           memcmp(home + length - name_length, name, name_length) == 0;
}

static inline bool shell_is_valid(const char *shell, size_t length)
{
    return member_path_is_valid(shell, length);
}

#endif
