/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that the odd host has for itself. */
#ifndef HOMONYMS_H
#define HOMONYMS_H

#define OWN_ANSWER 42

#define HOMONYMS(X)                                                                                          \
    X(json_tokener_parse)                                                                                    \
    X(json_object_new_object)                                                                                \
    X(json_object_put)                                                                                       \
    X(curl_easy_init)                                                                                        \
    X(curl_global_init)                                                                                      \
    X(EVP_MD_CTX_new)                                                                                        \
    X(OPENSSL_init_crypto)                                                                                   \
    X(RAND_bytes)                                                                                            \
    X(sqlite3_open_v2)                                                                                       \
    X(sqlite3_initialize)                                                                                    \
    X(_assert_true)                                                                                          \
    X(QRcode_encodeString)                                                                                   \
    X(answer_alone)                                                                                          \
    X(answer_verdict)                                                                                        \
    X(arguments_read)                                                                                        \
    X(caller_find)                                                                                           \
    X(caller_why_not)                                                                                        \
    X(channel_open)                                                                                          \
    X(channel_receive)                                                                                       \
    X(channel_send)                                                                                          \
    X(converse_ask)                                                                                          \
    X(converse_show)                                                                                         \
    X(describe_call)                                                                                         \
    X(lookup_user)                                                                                           \
    X(name_list_has)                                                                                         \
    X(relay_run)                                                                                             \
    X(wire_read)                                                                                             \
    X(wire_write)

#define DECLARE(name) int name(void);
HOMONYMS(DECLARE)
int plain_text(void);

#endif
