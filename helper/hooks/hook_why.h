/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a program failed, in words for the log, the store and `frontdesk status`: cut where they are too long.
 */
#ifndef HELPER_HOOK_WHY_H
#define HELPER_HOOK_WHY_H

#include <stdarg.h>
#include <stdio.h>

#include "hooks/hook_questions.h"

struct hook_why {
    char text[HOOK_WORDS_MAX + 1];
};

__attribute__((format(printf, 2, 3))) static inline void hook_why_set(struct hook_why *why,
                                                                      const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
}

#endif
