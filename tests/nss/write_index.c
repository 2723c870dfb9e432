/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * write_index FILE COUNT: a valid index of COUNT members, m65536 and so on, for tests and measurements. The
 * one of id MEMBER_WITH_GROUPS is in groups, the one of WIDE_MEMBER has a full name longer than all the rest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "frontdesk/member_index.h"
#include "members/index_image.h"

#define MEMBER_WITH_GROUPS 65541
#define WIDE_MEMBER        65542

static bool add_member(struct index_image *image, uint32_t id)
{
    char home[64], shell[] = "/bin/bash", full_name[112], groups[] = "fd-desk,fd-door,fd-low,fd-none";
    struct member member = {.id = id, .home = home, .shell = shell, .full_name = full_name};

    (void)snprintf(member.name, sizeof member.name, "m%u", (unsigned)id);
    (void)snprintf(home, sizeof home, "/home/%s", member.name);
    (void)snprintf(full_name, sizeof full_name, "Member %u", (unsigned)id);
    if (id == WIDE_MEMBER)
        (void)snprintf(full_name, sizeof full_name, "%0100d", 0);
    if (id == MEMBER_WITH_GROUPS)
        member.groups = groups;
    return index_image_add(image, &member);
}

int main(int argc, char **argv)
{
    struct index_image image = {0};
    unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    size_t size;
    char *bytes;
    FILE *file;

    if (argc != 3 || count > MEMBER_INDEX_MEMBERS_MAX) {
        (void)fprintf(stderr, "usage: write_index FILE COUNT (at most %d)\n", MEMBER_INDEX_MEMBERS_MAX);
        return 2;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!add_member(&image, FD_MEMBER_ID_MIN + i))
            return 1;
    bytes = index_image_finish(&image, 1, &size);
    index_image_clear(&image);
    file = fopen(argv[1], "we");
    if (!bytes || !file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(argv[1]);
        return 1;
    }
    free(bytes);
    return 0;
}
