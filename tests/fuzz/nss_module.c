/* SPDX-License-Identifier: BSD-2-Clause */
/* The NSS module behind a forged index: as a whole, by what glibc calls. */
#include "../../nss_module/nss_frontdesk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "frontdesk/ids.h"
#include "frontdesk/paths.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "fuzz/lib/scene.h"

#define BUFFER_MAX 4096

static const char allowed[] = "desk\nstaff\nadm!\n", group[] = "adm:x:4:\ndesk:x:1001:\nstaff:x:2000:ada\n";

/* The compiled-in paths lead to this process's own files, in folders of root's. */
static const char *lead(const char *path)
{
    if (strcmp(path, FD_INDEX_PATH) == 0)
        return fuzz_path("members");
    if (strcmp(path, FD_LOCAL_GROUPS_PATH) == 0)
        return fuzz_path("local-groups");
    return strcmp(path, "/etc/group") == 0 ? fuzz_path("group") : path;
}

static int play_stat(const char *path, struct stat *status)
{
    (void)path;
    *status = (struct stat){.st_mode = S_IFDIR | 0755};
    return 0;
}

static const struct scene scene = {.lead = lead, .stat = play_stat};

static void judge_passwd(enum nss_status status, const struct passwd *entry)
{
    if (status != NSS_STATUS_SUCCESS)
        return;
    fuzz_note_good();
    FUZZ_CHECK(id_is_members(entry->pw_uid) && entry->pw_gid == entry->pw_uid);
    FUZZ_CHECK(strcmp(entry->pw_passwd, "*") == 0 && strcmp(entry->pw_name, "root") != 0);
}

static void judge_group(enum nss_status status, const struct group *entry)
{
    FUZZ_CHECK(status != NSS_STATUS_SUCCESS || (id_is_members(entry->gr_gid) && !entry->gr_mem[0]));
}

static void judge_entries(const char *name, uid_t uid, size_t size)
{
    char *buffer;
    struct passwd passwd;
    struct group entry;
    int error = 0;

    faults_pause();
    buffer = malloc(size);
    faults_resume();
    judge_passwd(_nss_frontdesk_getpwnam_r(name, &passwd, buffer, size, &error), &passwd);
    judge_passwd(_nss_frontdesk_getpwuid_r(uid, &passwd, buffer, size, &error), &passwd);
    judge_group(_nss_frontdesk_getgrnam_r(name, &entry, buffer, size, &error), &entry);
    judge_group(_nss_frontdesk_getgrgid_r(uid, &entry, buffer, size, &error), &entry);
    free(buffer);
}

/* Only gids of the group file, and never more than glibc allows. */
static void judge_groups(const char *name, long limit)
{
    long start = 1, size = 1;
    gid_t *groups;
    int error = 0;
    enum nss_status status;

    faults_pause();
    groups = malloc(sizeof *groups);
    FUZZ_CHECK(groups);
    groups[0] = 65536;
    faults_resume();
    status = _nss_frontdesk_initgroups_dyn(name, 65536, &start, &size, &groups, limit, &error);
    FUZZ_CHECK(start <= size && (limit <= 0 || start <= limit || start == 1));
    FUZZ_CHECK(status == NSS_STATUS_SUCCESS || start == 1 || faults_fired());
    for (long i = 1; i < start; i++)
        FUZZ_CHECK(groups[i] == 4 || groups[i] == 1001 || groups[i] == 2000);
    free(groups);
}

static void judge(const uint8_t *data, size_t size)
{
    (void)fuzz_file("members", data, size);
    (void)fuzz_file("local-groups", (const uint8_t *)allowed, sizeof allowed - 1);
    (void)fuzz_file("group", (const uint8_t *)group, sizeof group - 1);
    scene_now = &scene;
    for (size_t room = 1; room <= BUFFER_MAX; room *= 4)
        judge_entries("ada", 65537, room);
    judge_entries("root", 0, BUFFER_MAX);
    judge_groups("ada", 0);
    judge_groups("ada", 2);
    judge_groups("bob", 1);
    scene_now = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
