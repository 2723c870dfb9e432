/* SPDX-License-Identifier: BSD-2-Clause */
/* Renames alone, from the oldest on: at any moment every record is in some file, and in one only. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit.h"

bool audit_rotated_path(const char *path, unsigned number, char ret_path[AUDIT_PATH_MAX])
{
    const int n = snprintf(ret_path, AUDIT_PATH_MAX, "%s.%u", path, number);

    return n > 0 && n < AUDIT_PATH_MAX;
}

static bool is_there(const char *path, unsigned number)
{
    char rotated[AUDIT_PATH_MAX];
    struct stat status;

    return audit_rotated_path(path, number, rotated) && lstat(rotated, &status) == 0;
}

/* The first number that is free; `keep` where none is: that file goes. */
static unsigned free_number(const struct audit_file *file)
{
    unsigned number = 1;

    while (number < file->keep && is_there(file->path, number))
        number++;
    return number;
}

/* Those beyond the number that stay, since an administrator wants fewer now. */
static void remove_surplus(const struct audit_file *file)
{
    char surplus[AUDIT_PATH_MAX];

    for (unsigned number = file->keep + 1; number <= AUDIT_KEEP_MAX; number++)
        if (is_there(file->path, number) && audit_rotated_path(file->path, number, surplus))
            (void)unlink(surplus);
}

/* What cannot be renamed stays where it is, and the record goes behind it: too large a file, and none lost.
 */
void audit_rotate(const struct audit_file *file, size_t more)
{
    char from[AUDIT_PATH_MAX], to[AUDIT_PATH_MAX];
    struct stat status;

    if (file->max_size == 0 || file->keep == 0 || lstat(file->path, &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size == 0 || (size_t)status.st_size + more <= file->max_size)
        return;
    for (unsigned number = free_number(file); number > 1; number--)
        if (!audit_rotated_path(file->path, number - 1, from) ||
            !audit_rotated_path(file->path, number, to) || rename(from, to) != 0)
            return;
    if (audit_rotated_path(file->path, 1, to) && rename(file->path, to) == 0)
        remove_surplus(file);
}
