/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every way a sign-in can end, in one table: the code for the log and for scripts, and the verdict it makes.
 * What the person reads for each is in display/text.c; a test holds the two tables together.
 * Codes are an interface: never renamed, only added.
 */
#ifndef HELPER_REASON_H
#define HELPER_REASON_H

#include "frontdesk/protocol.h"

#define REASON_TABLE(R)                                                                                      \
    R(REASON_NONE, "none", VERDICT_UNAVAILABLE) /* no decision yet: fails closed */                          \
    R(REASON_OK, "ok", VERDICT_ALLOW)                                                                        \
    R(REASON_INTERNAL, "internal", VERDICT_UNAVAILABLE)                                                      \
    R(REASON_PROTOCOL, "protocol", VERDICT_UNAVAILABLE)                                                      \
    R(REASON_VERSION, "version", VERDICT_UNAVAILABLE)                                                        \
    R(REASON_CANCELLED, "cancelled", VERDICT_UNAVAILABLE)                                                    \
    R(REASON_TIMEOUT, "timeout", VERDICT_EXPIRED)                                                            \
    /* who may ask, and how many at once */                                                                  \
    R(REASON_PEER_NOT_ALLOWED, "peer_not_allowed", VERDICT_DENY)                                             \
    R(REASON_TOO_MANY_SIGN_INS, "too_many_sign_ins", VERDICT_UNAVAILABLE)                                    \
    R(REASON_TOO_MANY_FOR_USER, "too_many_for_user", VERDICT_UNAVAILABLE)                                    \
    R(REASON_TOO_MANY_FOR_HOST, "too_many_for_host", VERDICT_UNAVAILABLE)                                    \
    R(REASON_TOO_MANY_UNPRIVILEGED, "too_many_unprivileged", VERDICT_UNAVAILABLE)                            \
    R(REASON_TOO_OFTEN, "too_often", VERDICT_UNAVAILABLE)                                                    \
    R(REASON_TOO_OFTEN_FOR_USER, "too_often_for_user", VERDICT_UNAVAILABLE)                                  \
    R(REASON_TOO_OFTEN_FOR_HOST, "too_often_for_host", VERDICT_UNAVAILABLE)                                  \
    R(REASON_TOO_OFTEN_FOR_PEER, "too_often_for_peer", VERDICT_UNAVAILABLE)                                  \
    R(REASON_KEY_REQUIRED, "key_required", VERDICT_DENY)                                                     \
    R(REASON_PASSWORD_TYPED, "password_typed", VERDICT_IGNORE)                                               \
    /* configuration */                                                                                      \
    R(REASON_CONFIG_BROKEN, "config_broken", VERDICT_UNAVAILABLE)                                            \
    R(REASON_CONNECTION_BROKEN, "connection_broken", VERDICT_UNAVAILABLE)                                    \
    R(REASON_CONNECTION_UNKNOWN, "connection_unknown", VERDICT_UNAVAILABLE)                                  \
    R(REASON_CONNECTION_UNDECIDED, "connection_undecided", VERDICT_UNAVAILABLE)                              \
    R(REASON_SECRET_UNREADABLE, "secret_unreadable", VERDICT_UNAVAILABLE)                                    \
    R(REASON_CLIENT_KEY_UNUSABLE, "client_key_unusable", VERDICT_UNAVAILABLE)                                \
    R(REASON_USER_MAP_BROKEN, "user_map_broken", VERDICT_UNAVAILABLE)                                        \
    R(REASON_CLOCK, "clock", VERDICT_UNAVAILABLE)                                                            \
    R(REASON_NO_CONNECTION, "no_connection", VERDICT_IGNORE)                                                 \
    R(REASON_CONNECTION_DISABLED, "connection_disabled", VERDICT_DENY)                                       \
    /* talking to the IdP */                                                                                 \
    R(REASON_IDP_UNREACHABLE, "idp_unreachable", VERDICT_UNAVAILABLE)                                        \
    R(REASON_IDP_TLS, "idp_tls", VERDICT_UNAVAILABLE)                                                        \
    R(REASON_IDP_TIMEOUT, "idp_timeout", VERDICT_UNAVAILABLE)                                                \
    R(REASON_IDP_REDIRECT, "idp_redirect", VERDICT_UNAVAILABLE)                                              \
    R(REASON_IDP_TOO_LARGE, "idp_too_large", VERDICT_UNAVAILABLE)                                            \
    R(REASON_IDP_STATUS, "idp_status", VERDICT_UNAVAILABLE)                                                  \
    R(REASON_IDP_BUSY, "idp_busy", VERDICT_UNAVAILABLE)                                                      \
    R(REASON_IDP_BAD_JSON, "idp_bad_json", VERDICT_UNAVAILABLE)                                              \
    R(REASON_DISCOVERY_INVALID, "discovery_invalid", VERDICT_UNAVAILABLE)                                    \
    R(REASON_ISSUER_MISMATCH, "issuer_mismatch", VERDICT_UNAVAILABLE)                                        \
    R(REASON_NO_DEVICE_ENDPOINT, "no_device_endpoint", VERDICT_UNAVAILABLE)                                  \
    R(REASON_ENDPOINT_NOT_HTTPS, "endpoint_not_https", VERDICT_UNAVAILABLE)                                  \
    R(REASON_ENDPOINT_NOT_ALLOWED, "endpoint_not_allowed", VERDICT_UNAVAILABLE)                              \
    R(REASON_NO_SIGNING_ALG, "no_signing_alg", VERDICT_UNAVAILABLE)                                          \
    R(REASON_NO_CLIENT_AUTH, "no_client_auth", VERDICT_UNAVAILABLE)                                          \
    R(REASON_DEVICE_ANSWER_INVALID, "device_answer_invalid", VERDICT_UNAVAILABLE)                            \
    R(REASON_CLIENT_REFUSED, "client_refused", VERDICT_UNAVAILABLE)                                          \
    R(REASON_TOKEN_ANSWER_INVALID, "token_answer_invalid", VERDICT_UNAVAILABLE)                              \
    R(REASON_TOKEN_ERROR, "token_error", VERDICT_DENY)                                                       \
    R(REASON_ACCESS_DENIED, "access_denied", VERDICT_DENY)                                                   \
    R(REASON_CODE_EXPIRED, "code_expired", VERDICT_EXPIRED)                                                  \
    R(REASON_UNSAFE_TEXT, "unsafe_text", VERDICT_UNAVAILABLE)                                                \
    R(REASON_VERIFICATION_HOST, "verification_host", VERDICT_UNAVAILABLE)                                    \
    R(REASON_CANNOT_SHOW, "cannot_show", VERDICT_UNAVAILABLE)                                                \
    /* the ID token */                                                                                       \
    R(REASON_ID_TOKEN_MISSING, "id_token_missing", VERDICT_DENY)                                             \
    R(REASON_JWS_MALFORMED, "jws_malformed", VERDICT_DENY)                                                   \
    R(REASON_JWE_UNSUPPORTED, "jwe_unsupported", VERDICT_DENY)                                               \
    R(REASON_JWS_HEADER, "jws_header", VERDICT_DENY)                                                         \
    R(REASON_JWS_CRIT, "jws_crit", VERDICT_DENY)                                                             \
    R(REASON_JWS_TYPE, "jws_type", VERDICT_DENY)                                                             \
    R(REASON_ALG_NOT_ALLOWED, "alg_not_allowed", VERDICT_DENY)                                               \
    R(REASON_KEYS_UNAVAILABLE, "keys_unavailable", VERDICT_UNAVAILABLE)                                      \
    R(REASON_KEYS_INVALID, "keys_invalid", VERDICT_UNAVAILABLE)                                              \
    R(REASON_KEY_UNKNOWN, "key_unknown", VERDICT_DENY)                                                       \
    R(REASON_KEY_UNFIT, "key_unfit", VERDICT_DENY)                                                           \
    R(REASON_SIGNATURE, "signature", VERDICT_DENY)                                                           \
    R(REASON_CLAIMS_MALFORMED, "claims_malformed", VERDICT_DENY)                                             \
    R(REASON_CLAIM_ISS, "claim_iss", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_SUB, "claim_sub", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_AUD, "claim_aud", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_AZP, "claim_azp", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_EXP, "claim_exp", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_IAT, "claim_iat", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_NBF, "claim_nbf", VERDICT_DENY)                                                           \
    R(REASON_CLAIM_NONCE, "claim_nonce", VERDICT_DENY)                                                       \
    R(REASON_CLAIM_AT_HASH, "claim_at_hash", VERDICT_DENY)                                                   \
    R(REASON_USERINFO_FAILED, "userinfo_failed", VERDICT_UNAVAILABLE)                                        \
    R(REASON_USERINFO_SUB, "userinfo_sub", VERDICT_DENY)                                                     \
    /* policy and members */                                                                                 \
    R(REASON_NOT_ALLOWED, "not_allowed", VERDICT_DENY)                                                       \
    R(REASON_EMAIL_UNVERIFIED, "email_unverified", VERDICT_DENY)                                             \
    R(REASON_EMAIL_NOT_VOUCHED, "email_not_vouched", VERDICT_DENY)                                           \
    R(REASON_TENANT_NOT_ALLOWED, "tenant_not_allowed", VERDICT_DENY)                                         \
    R(REASON_REQUIRED_CLAIM, "required_claim", VERDICT_DENY)                                                 \
    R(REASON_REQUIRED_ACR, "required_acr", VERDICT_DENY)                                                     \
    R(REASON_REQUIRED_AMR, "required_amr", VERDICT_DENY)                                                     \
    R(REASON_AUTH_TOO_OLD, "auth_too_old", VERDICT_DENY)                                                     \
    R(REASON_LOCATION_NOT_ALLOWED, "location_not_allowed", VERDICT_DENY)                                     \
    R(REASON_USERNAME_CLAIM_MISSING, "username_claim_missing", VERDICT_DENY)                                 \
    R(REASON_USERNAME_REGEX, "username_regex", VERDICT_DENY)                                                 \
    R(REASON_NAME_INVALID, "name_invalid", VERDICT_DENY)                                                     \
    R(REASON_NAME_RESERVED, "name_reserved", VERDICT_DENY)                                                   \
    R(REASON_NAME_TAKEN, "name_taken", VERDICT_DENY)                                                         \
    R(REASON_EMAIL_TAKEN, "email_taken", VERDICT_DENY)                                                       \
    R(REASON_WRONG_USER, "wrong_user", VERDICT_DENY)                                                         \
    R(REASON_CREATE_OFF, "create_off", VERDICT_UNKNOWN_USER)                                                 \
    R(REASON_FIRST_SIGN_IN_REFUSED, "first_sign_in_refused", VERDICT_UNKNOWN_USER)                           \
    R(REASON_CONNECT_AGAIN, "connect_again", VERDICT_DENY)                                                   \
    R(REASON_NOT_A_MEMBER, "not_a_member", VERDICT_UNKNOWN_USER)                                             \
    R(REASON_INVITED_NOT_BOUND, "invited_not_bound", VERDICT_DENY)                                           \
    R(REASON_MEMBER_DISABLED, "member_disabled", VERDICT_DENY)                                               \
    R(REASON_MEMBER_REMOVED, "member_removed", VERDICT_DENY)                                                 \
    R(REASON_LOCAL_USER_UNFIT, "local_user_unfit", VERDICT_DENY)                                             \
    R(REASON_SESSION_UNKNOWN, "session_unknown", VERDICT_DENY)                                               \
    R(REASON_ALREADY_CHECKED_IN, "already_checked_in", VERDICT_DENY)                                         \
    R(REASON_NOT_CHECKED_IN, "not_checked_in", VERDICT_DENY)                                                 \
    R(REASON_RANGE_FULL, "range_full", VERDICT_UNAVAILABLE)                                                  \
    R(REASON_STORE_FAILED, "store_failed", VERDICT_UNAVAILABLE)                                              \
    R(REASON_STORE_CORRUPT, "store_corrupt", VERDICT_UNAVAILABLE)                                            \
    R(REASON_AUDIT_FAILED, "audit_failed", VERDICT_UNAVAILABLE)                                              \
    R(REASON_PUBLISH_FAILED, "publish_failed", VERDICT_UNAVAILABLE)

enum reason {
#define REASON_MEMBER(name, code, verdict) name,
    REASON_TABLE(REASON_MEMBER)
#undef REASON_MEMBER
        REASON_COUNT
};

/* "idp_timeout"; never NULL. */
const char *reason_code(enum reason reason);

/* Fails closed: VERDICT_UNAVAILABLE for anything out of the table. */
enum verdict reason_verdict(enum reason reason);

/* The reason with this code, or REASON_INTERNAL. */
enum reason reason_from_code(const char *code);

/* "allow", "deny", "unknown_user", ...; for JSON and logs. */
const char *verdict_name(enum verdict verdict);

#endif
