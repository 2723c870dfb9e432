/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that a terminal only shows and never obeys. */
#ifndef PAM_PLAIN_TEXT_H
#define PAM_PLAIN_TEXT_H

#include <stdbool.h>

/* Well-formed UTF-8 of what the helper, too, takes for printable; newlines only where they may be. */
bool plain_text(const char *text, bool newlines);

#endif
