/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts that come again and again, with the PAM module or the NSS module loaded and unloaded each time. */
#include <dirent.h>
#include <dlfcn.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>

#include "odd_host.h"

#define WARM_UP 20 /* rounds in which libc takes what it keeps */

static long entries_of(const char *folder)
{
    DIR *d = opendir(folder);
    long n = 0;

    while (d && readdir(d))
        n++;
    if (d)
        (void)closedir(d);
    return n;
}

static long mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    long n = 0;
    int c;

    while (maps && (c = fgetc(maps)) != EOF)
        n += c == '\n';
    if (maps)
        (void)fclose(maps);
    return n;
}

static void count(const struct odd *odd)
{
    odd_report(odd, "descriptors", entries_of("/proc/self/fd"));
    odd_report(odd, "threads", entries_of("/proc/self/task"));
    odd_report(odd, "mappings", mappings());
}

static void sign_in(const struct odd *odd, int rounds)
{
    long wrong = 0;

    for (int i = 0; i < rounds; i++)
        wrong += odd_sign_in(odd, "alice") != PAM_SUCCESS;
    odd_report(odd, "wrong", wrong);
}

/* The libraries that the module's other half uses: this host has them for itself. */
void odd_reload(const struct odd *odd, int rounds)
{
    static const char *const own[] = {"libcrypto.so.3", "libcurl.so.4", "libjson-c.so.5", "libsqlite3.so.0"};

    (void)dlclose(odd->module); /* or it would stay loaded */
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        odd_report(odd, "own", dlopen(own[i], RTLD_NOW | RTLD_GLOBAL) != NULL);
    sign_in(odd, WARM_UP);
    count(odd);
    sign_in(odd, rounds);
    count(odd);
}

static enum nss_status look_up(const char *module, const char *name)
{
    void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    enum nss_status (*by_name)(const char *name, struct passwd *entry, char *buffer, size_t size, int *error);
    struct passwd entry;
    char buffer[1024];
    enum nss_status status;
    int error = 0;

    if (!handle)
        odd_fail(dlerror());
    *(void **)&by_name = dlsym(handle, "_nss_frontdesk_getpwnam_r");
    status = by_name(name, &entry, buffer, sizeof buffer, &error);
    (void)dlclose(handle);
    return status;
}

/* As a host does whose glibc asks for users. */
void odd_nss_reload(const struct odd *odd, int rounds)
{
    long wrong = 0;

    (void)dlclose(odd->module);
    for (int i = 0; i < WARM_UP + rounds; i++) {
        if (i == WARM_UP)
            count(odd);
        wrong += look_up(odd->module_path, "m65537") != NSS_STATUS_SUCCESS;
        wrong += look_up(odd->module_path, "nobody-knows") != NSS_STATUS_NOTFOUND;
    }
    count(odd);
    odd_report(odd, "wrong", wrong);
}
