/* SPDX-License-Identifier: BSD-2-Clause */
/* The module as glibc loads it, in a mount namespace where the folder above the compiled-in state is our own.
 */
#ifndef TESTS_NSS_LOADED_H
#define TESTS_NSS_LOADED_H

#include <dlfcn.h>
#include <string.h>

#include "frontdesk/paths.h"
#include "members/private_etc.h"

#define STATE_PARENT_MAX 256

/* ret_parent: the folder that is private now. */
static inline void enter_private_state(char ret_parent[STATE_PARENT_MAX])
{
    static const char state[] = FD_STATEDIR;
    const size_t length = (size_t)(strrchr(state, '/') - state);

    assert_true(length < STATE_PARENT_MAX);
    memcpy(ret_parent, state, length);
    ret_parent[length] = '\0';
    assert_int_equal(enter_private_mounts(), 0);
    assert_int_equal(mount("tmpfs", ret_parent, "tmpfs", 0, NULL), 0);
}

static inline void *module_load(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!handle)
        fail_msg("%s", dlerror());
    return handle;
}

static inline void *module_symbol(void *handle, const char *name)
{
    void *address = dlsym(handle, name);

    assert_non_null(address);
    return address;
}

#endif
