/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a member may be called. The helper refuses any other name at creation, the NSS reader refuses it in
 * the index: a name is rejected, never "cleaned", so two identities cannot meet in one name.
 */
#ifndef FRONTDESK_MEMBER_NAME_H
#define FRONTDESK_MEMBER_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define MEMBER_NAME_MAX 31 /* bytes, without the NUL: what utmp and useradd agree on */

/*
 * Names of users and groups that systems give meaning to, whether or not this system has them now.
 * Sorted by hand for reading only; the list is short enough to walk.
 */
static const char *const reserved_names[] = {
    "root",
    "daemon",
    "bin",
    "sys",
    "sync",
    "games",
    "man",
    "lp",
    "mail",
    "news",
    "uucp",
    "proxy",
    "www-data",
    "www",
    "http",
    "apache",
    "nginx",
    "backup",
    "list",
    "irc",
    "gnats",
    "nobody",
    "nogroup",
    "nfsnobody",
    "adm",
    "tty",
    "disk",
    "kmem",
    "dialout",
    "fax",
    "voice",
    "cdrom",
    "floppy",
    "tape",
    "sudo",
    "audio",
    "dip",
    "operator",
    "src",
    "shadow",
    "utmp",
    "video",
    "sasl",
    "plugdev",
    "staff",
    "users",
    "input",
    "sgx",
    "kvm",
    "render",
    "crontab",
    "netdev",
    "wheel",
    "admin",
    "administrator",
    "docker",
    "lxd",
    "lxc",
    "incus",
    "libvirt",
    "libvirt-qemu",
    "ssh",
    "sshd",
    "_ssh",
    "messagebus",
    "dbus",
    "polkitd",
    "polkit",
    "avahi",
    "colord",
    "cups",
    "lpadmin",
    "scanner",
    "saned",
    "rtkit",
    "pulse",
    "pipewire",
    "geoclue",
    "gdm",
    "lightdm",
    "sddm",
    "greeter",
    "tss",
    "uuidd",
    "statd",
    "rpc",
    "rpcuser",
    "ntp",
    "chrony",
    "_chrony",
    "postfix",
    "postdrop",
    "exim",
    "dovecot",
    "mysql",
    "postgres",
    "redis",
    "memcache",
    "git",
    "halt",
    "shutdown",
    "ftp",
    "wireshark",
    "bluetooth",
    "lock",
    "log",
    "mem",
    "uucico",
    "utempter",
    "vcsa",
    "abrt",
    "sssd",
    "nslcd",
    "nscd",
    "unbound",
    "bind",
    "named",
    "dnsmasq",
    "frontdesk",
    "frontdesk-net",
    "frontdesk-kiosk",
    "frontdesk-hooks",
    "any",
    "all",
    "none",
    "self",
    "anonymous",
    "guest",
};

static inline bool member_name_is_reserved(const char *name)
{
    static const char systemd_prefix[] = "systemd-";

    if (strncmp(name, systemd_prefix, sizeof systemd_prefix - 1) == 0)
        return true;
    for (size_t i = 0; i < sizeof reserved_names / sizeof reserved_names[0]; i++)
        if (strcmp(name, reserved_names[i]) == 0)
            return true;
    return false;
}

static inline bool member_name_has_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/*
 * [a-z_][a-z0-9._-]{0,30}, no dot last, no "..". (A first character of [a-z_] already rules out a leading dot
 * or dash and a name of digits only.) `length` excludes any NUL; a NUL within it is not in the alphabet.
 */
static inline bool member_name_is_valid(const char *name, size_t length)
{
    if (length < 1 || length > MEMBER_NAME_MAX)
        return false;
    if (name[0] < 'a' && name[0] != '_') /* what comes behind z is not in the alphabet */
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!member_name_has_byte(name[i]))
            return false;
        if (name[i] == '.' && (i + 1 == length || name[i + 1] == '.'))
            return false;
    }
    return true;
}

#endif
