/* SPDX-License-Identifier: BSD-2-Clause */
/* A configuration file's text with one setting changed; every other octet stays. */
#ifndef HELPER_CONFIG_EDIT_H
#define HELPER_CONFIG_EDIT_H

#include <stddef.h>

#include "config/settings.h"

/*
 * The value of the setting's line (the last one, under its key or an alias) is replaced, blanks around it
 * kept; where there is no such line, one is added at the top of the section. The section takes no name.
 * malloc'd with a NUL behind it; NULL: there is no such section, or no memory.
 */
char *config_edit_set(const char *text, size_t length, const struct setting *setting, const char *value,
                      size_t *ret_length);

#endif
