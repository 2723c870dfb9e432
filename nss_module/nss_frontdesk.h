/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What glibc looks up in libnss_frontdesk.so.2, and all that it exports. Without setpwent and its kin members
 * are not enumerated: no list for whoever asks, and no walk through a directory's worth of people.
 */
#ifndef NSS_FRONTDESK_H
#define NSS_FRONTDESK_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>

#define NSS_ENTRY_POINT __attribute__((visibility("default")))

NSS_ENTRY_POINT enum nss_status _nss_frontdesk_getpwnam_r(const char *name, struct passwd *ret_entry,
                                                          char *buffer, size_t size, int *ret_errno);
NSS_ENTRY_POINT enum nss_status _nss_frontdesk_getpwuid_r(uid_t uid, struct passwd *ret_entry, char *buffer,
                                                          size_t size, int *ret_errno);
NSS_ENTRY_POINT enum nss_status _nss_frontdesk_getgrnam_r(const char *name, struct group *ret_entry,
                                                          char *buffer, size_t size, int *ret_errno);
NSS_ENTRY_POINT enum nss_status _nss_frontdesk_getgrgid_r(gid_t gid, struct group *ret_entry, char *buffer,
                                                          size_t size, int *ret_errno);

/*
 * The local groups that the index names for a member and root's files confirm (local_groups.h); the private
 * one every caller passes in itself. Who is in them is not told by group: that stays the group file's to say.
 * Without any, NOTFOUND: a success could keep glibc from asking the other sources.
 */
NSS_ENTRY_POINT enum nss_status _nss_frontdesk_initgroups_dyn(const char *user, gid_t group, long *start,
                                                              long *size, gid_t **groups, long limit,
                                                              int *ret_errno);

#endif
