/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper says to a child (questions.h). Each never waits; false: it did not go out. */
#ifndef HELPER_ANSWERS_H
#define HELPER_ANSWERS_H

#include <stdbool.h>

#include "keeper/admission.h"
#include "secret.h"

bool answer_admitted(struct keeper *keeper, const struct sign_in *sign_in, const struct secret *secret);
bool answer_keys(struct keeper *keeper, const struct sign_in *sign_in, enum key_refetch refetch);
bool answer_choices(struct keeper *keeper, const struct sign_in *sign_in,
                    const struct admission_choices *choices);
bool answer_users(struct keeper *keeper, const struct sign_in *sign_in);
bool answer_decided(struct keeper *keeper, const struct sign_in *sign_in);

#endif
