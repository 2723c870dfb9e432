/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of helper/http: a provider whose every answer an input says. */
#ifndef FUZZ_PROVIDER_H
#define FUZZ_PROVIDER_H

#include <stdbool.h>

#include "fuzz/lib/fuzz.h"

#define PROVIDER_ISSUER "https://idp.example"

/*
 * From now on each request is answered by the next line of `lines`: a letter, and a text.
 *   D K G P    a good discovery document, key set, device answer; "pending"
 *   T claims   tokens, the ID token signed as it should be, of these claims (NONCE stands for the nonce sent)
 *   U claims   likewise with a signature of zeros; W: by the right key, under the name of another one
 *   Q          busy: status 429
 *   S text     that text with status 200; B: with 400; F: with 500; H: with 401
 *   E          no answer: the network fails; nothing left: likewise
 */
void provider_begin(const struct fuzz_bytes *lines);
void provider_end(void);

/* A rightly signed ID token went out whose claims name this subject, our issuer and our client. */
bool provider_vouched_for(const char *subject);
unsigned provider_requests(void);

#endif
