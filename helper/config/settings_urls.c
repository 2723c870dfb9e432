/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are addresses: what a server must be asked for is judged before anybody waits for it. */
#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "cleanup.h"
#include "config/settings.h"
#include "connection/connection.h"
#include "display/text.h"

#define HTTPS            "https://"
#define HTTP             "http://"
#define OKTA_SERVER_MAX  64  /* bytes */
#define HOST_MAX         253 /* bytes */
#define LOOPBACK_ADDRESS "127."

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* "host", "host:port", "[v6]:port" up to the path; what is wrong, or NULL. */
static const char *fault_of_authority(const char *authority, size_t length)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";

    if (length == 0 || authority[0] == ':')
        return "it names no host";
    if (memchr(authority, '@', length))
        return "it must not hold a user name";
    if (strspn(authority, alphabet) < length)
        return "its host has a character that host names do not have (write it in punycode)";
    return NULL;
}

/* What is wrong with an https URL, or NULL. */
static const char *fault_of_url(const char *url)
{
    const char *why;

    if (!begins_with(url, HTTPS))
        return "it must begin with https://";
    if (strlen(url) > SETTING_URL_MAX)
        return "it is too long";
    why = fault_of_authority(url + strlen(HTTPS), strcspn(url + strlen(HTTPS), "/?#"));
    if (why)
        return why;
    return text_is_safe_https_url(url, strlen(url), SETTING_URL_MAX)
               ? NULL
               : "it holds a character, a host or a port that a URL does not have";
}

bool setting_https_url(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *why = strchr(value, '#') ? "it must not have a fragment" : fault_of_url(value);

    (void)setting;
    if (why) {
        *ret_why = setting_sentence("`%s` is no URL of an endpoint: %s", value, why);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

static const char *fault_of_issuer(const char *value)
{
    if (strstr(value, "{tenantid}") || strstr(value, "{tenant}"))
        return "write `organizations` in place of the {tenant}, and the tenants into `allowed_tenants`";
    if (strpbrk(value, "?#"))
        return "it must not have a query or a fragment";
    return fault_of_url(value);
}

bool setting_issuer(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    static const char suffix[] = "/.well-known/openid-configuration";
    struct connection *connection = field;
    const char *why = fault_of_issuer(value);
    size_t length = strlen(value);

    (void)setting;
    if (why) {
        *ret_why = setting_sentence("`%s` is no issuer: %s", value, why);
        return false;
    }
    connection->issuer_by_url =
        length > sizeof suffix - 1 && strcmp(value + length - (sizeof suffix - 1), suffix) == 0;
    if (connection->issuer_by_url)
        length -= sizeof suffix - 1;
    return setting_store_text(value, length, &connection->issuer, ret_why);
}

/* Decimal digits only, 1 to 65535. */
static bool is_port(const char *text)
{
    const size_t length = strlen(text);

    if (length < 1 || length > 5 || strspn(text, "0123456789") != length)
        return false;
    return atoi(text) >= 1 && atoi(text) <= 65535;
}

/* The proxy is a plain one: what goes through it is TLS to the server all the same. */
static const char *fault_of_proxy(const char *value)
{
    AUTO_FREE char *as_https = NULL;
    const char *port = strrchr(value, ':');

    if (!begins_with(value, HTTP))
        return "it must begin with http://, and what goes through it is encrypted all the same";
    if (strchr(value, '@'))
        return "it must not hold a name and a password: everybody may read this file";
    if (!port || !is_port(port + 1))
        return "it must end in a port and nothing behind";
    as_https = setting_sentence(HTTPS "%s", value + strlen(HTTP));
    if (strpbrk(value + strlen(HTTP), "/?#") || !as_https ||
        !text_is_safe_https_url(as_https, strlen(as_https), SETTING_URL_MAX))
        return "write http://HOST:PORT";
    return NULL;
}

bool setting_proxy(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *why = fault_of_proxy(value);

    (void)setting;
    if (why) {
        *ret_why = setting_sentence("`%s` is no proxy: %s", strchr(value, '@') ? HTTP "..." : value, why);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

/* As a browser writes it, which asks for the page by this name: no number begins with a zero. */
static bool is_loopback(const char *text, size_t length)
{
    unsigned parts[4];
    char again[sizeof "127.255.255.255"];

    if (length == 5 && memcmp(text, "[::1]", 5) == 0)
        return true;
    if (length >= sizeof again ||
        sscanf(text, "%3u.%3u.%3u.%3u", &parts[0], &parts[1], &parts[2], &parts[3]) != 4 || parts[0] != 127 ||
        parts[1] > 255 || parts[2] > 255 || parts[3] > 255)
        return false;
    (void)snprintf(again, sizeof again, "%u.%u.%u.%u", parts[0], parts[1], parts[2], parts[3]);
    return strlen(again) == length && memcmp(again, text, length) == 0;
}

/* Nobody else's machine may show this one's codes. */
bool setting_listen(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *port = strrchr(value, ':');

    (void)setting;
    if (!port || !is_port(port + 1) || port[1] == '0' || !is_loopback(value, (size_t)(port - value))) {
        *ret_why = setting_sentence(
            "`%s` is no ADDRESS:PORT of this machine's loopback (127.0.0.1:8080, [::1]:8080)", value);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

/* What is wrong with a domain and perhaps a port, or NULL. */
static const char *fault_of_okta_domain(const char *domain, size_t length)
{
    AUTO_FREE char *url = setting_sentence(HTTPS "%.*s", (int)length, domain);

    if (!url || length > HOST_MAX || memchr(domain, '/', length) || !memchr(domain, '.', length) ||
        strpbrk(domain, "[]?#") || !text_is_safe_https_url(url, strlen(url), SETTING_URL_MAX))
        return "write it like acme.okta.com";
    if (strstr(domain, "-admin.okta"))
        return "this is the address of the admin console: leave out `-admin`";
    return NULL;
}

bool setting_okta_domain(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *domain = begins_with(value, HTTPS) ? value + strlen(HTTPS) : value, *why;
    size_t length = strlen(domain);
    char **text = field;

    (void)setting;
    if (length > 0 && domain[length - 1] == '/')
        length--;
    why = fault_of_okta_domain(domain, length);
    if (why) {
        *ret_why = setting_sentence("`%s` is no domain: %s", value, why);
        return false;
    }
    if (!setting_store_text(domain, length, field, ret_why))
        return false;
    /* Host names have no case, issuers do: Okta's are in lower case. */
    for (char *at = *text; *at != '\0'; at++)
        *at = ascii_lower(*at);
    if (length != strlen(value))
        *ret_why = setting_sentence("is taken as `%s`", *text);
    return true;
}

bool setting_okta_auth_server(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

    (void)setting;
    if (strlen(value) > OKTA_SERVER_MAX || strspn(value, alphabet) != strlen(value)) {
        *ret_why = setting_sentence("`%s` is no id of an authorization server, and not `default`", value);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}
