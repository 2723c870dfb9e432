/* SPDX-License-Identifier: BSD-2-Clause */
/* What came of a trial sign-in, for a person and for a script. */
#ifndef HELPER_CLI_LOGIN_OUTPUT_H
#define HELPER_CLI_LOGIN_OUTPUT_H

#include "cli/login/dialog.h"

/* Rules, profile, then the verdict, which is the last line. False: it did not reach anybody. */
bool login_print_events(const struct dialog *dialog);

void login_print(const struct dialog *dialog, const struct config *config, const char *service, bool commit);

#endif
