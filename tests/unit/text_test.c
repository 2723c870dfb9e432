/* SPDX-License-Identifier: BSD-2-Clause */
/* What an identity provider or a host may make a terminal show: the allow-list, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "display/text.h"

#define URL_MAX 512

static bool url_is_safe(const char *url)
{
    return text_is_safe_https_url(url, strlen(url), URL_MAX);
}

static bool is_plain(const char *text)
{
    return text_is_plain(text, strlen(text), 1, 32);
}

static void only_printable_ascii_is_plain(void **state)
{
    (void)state;
    for (int byte = 0; byte <= 0xff; byte++) {
        const char text[] = {'A', (char)byte, 'B'};

        assert_int_equal(text_is_plain(text, sizeof text, 1, 32), byte >= 0x20 && byte <= 0x7e);
    }
}

static void plain_text_keeps_its_length(void **state)
{
    (void)state;
    assert_false(text_is_plain("", 0, 1, 32));
    assert_true(text_is_plain("", 0, 0, 32));
    assert_true(text_is_plain("abcd", 4, 4, 4));
    assert_false(text_is_plain("abcd", 4, 5, 8));
    assert_false(text_is_plain("abcd", 4, 1, 3));
}

static void plain_text_has_no_space_at_its_ends(void **state)
{
    (void)state;
    assert_true(is_plain("WDJB MJHT"));
    assert_false(is_plain(" WDJB"));
    assert_false(is_plain("WDJB "));
    assert_false(is_plain(" "));
}

/* Sequences that terminals and readers obey: OSC 52, CSI, DCS, 8-bit C1, overrides and zero widths. */
static const char *const hostile[] = {
    "\x1b]52;c;QQ==\x07",
    "\x1b[2J",
    "\x1bPq\x1b\\",
    "\xc2\x9b"
    "2J",
    "\x9b"
    "2J",
    "\xe2\x80\xaa",
    "\xe2\x80\xae",
    "\xe2\x81\xa6",
    "\xe2\x81\xa9",
    "\xe2\x80\x8b",
    "\xe2\x80\x8f",
    "\xef\xbb\xbf",
    "\r",
    "\n",
    "\t",
    "\b",
    "\x7f",
    "\xd0\xb0",
    "\xff",
};
#define HOSTILE_COUNT (sizeof hostile / sizeof hostile[0])

static void escapes_and_invisible_characters_are_refused_everywhere(void **state)
{
    char text[64];

    (void)state;
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        (void)snprintf(text, sizeof text, "AB%sCD", hostile[i]);
        assert_false(is_plain(text));
        (void)snprintf(text, sizeof text, "https://idp.example/%s/x", hostile[i]);
        assert_false(url_is_safe(text));
        (void)snprintf(text, sizeof text, "https://idp%s.example/x", hostile[i]);
        assert_false(url_is_safe(text));
    }
}

static void a_made_plain_string_shows_printable_ascii_only(void **state)
{
    char foreign[2] = {0}, plain[8];

    (void)state;
    for (int byte = 1; byte <= 0xff; byte++) {
        foreign[0] = (char)byte;
        text_make_plain(foreign, plain, sizeof plain);
        assert_string_equal(plain, byte >= 0x20 && byte <= 0x7e ? foreign : "?");
    }
    text_make_plain("a\x1b[2Jb", plain, sizeof plain);
    assert_string_equal(plain, "a?[2Jb");
}

static void a_made_plain_string_is_cut_where_one_can_see_it(void **state)
{
    char plain[8];

    (void)state;
    text_make_plain("1234567", plain, sizeof plain);
    assert_string_equal(plain, "1234567");
    text_make_plain("12345678", plain, sizeof plain);
    assert_string_equal(plain, "1234...");
    text_make_plain("", plain, sizeof plain);
    assert_string_equal(plain, "");
}

static void https_urls_of_real_providers_are_safe(void **state)
{
    static const char *const urls[] = {
        "https://www.google.com/device",
        "https://login.microsoftonline.com/common/oauth2/deviceauth",
        "https://acme.eu.auth0.com/activate?user_code=WDJB-MJHT",
        "https://sso.example.org:8443/realms/Staff/device?user_code=ABCD%20EFGH",
        "https://xn--bcher-kva.example/device",
        "https://127.0.0.1:9443/device",
        "https://[::1]:9443/device",
        "https://idp.example",
        "https://idp.example?x=1",
        "https://idp.example/#/device",
        "https://IDP.Example/@me",
        "https://localhost:65535/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_true(url_is_safe(urls[i]));
}

static void other_schemes_are_refused(void **state)
{
    static const char *const urls[] = {
        "http://idp.example/device",
        "javascript:alert(1)",
        "wifi:S:x;;",
        "otpauth://totp/x",
        "tel:+1",
        "intent://x#Intent;end",
        "data:text/html,x",
        "ftp://x/",
        "//idp.example/",
        "",
        "https:",
        "https://",
        "https:/x/",
        "https:idp.example",
        " https://x/",
        "file:///etc/passwd",
        "httpss://idp.example",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_false(url_is_safe(urls[i]));
}

static void hosts_that_could_deceive_are_refused(void **state)
{
    static const char *const urls[] = {
        "https://google.com@evil.example/",
        "https://user:password@idp.example/",
        "https://idp.example#@evil.example/",
        "https://idp.example\\@evil.example/",
        "https://b\xc3\xbcro.example/",
        "https://idp..example/",
        "https://.idp.example/",
        "https://idp.example./",
        "https://-idp.example/",
        "https://idp-.example/",
        "https://id_p.example/",
        "https://idp%2eexample/",
        "https:///device",
        "https://:443/device",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://[::1/",
        "https://[::g]/",
        "https://[]/",
        "https://[fe80::1%25eth0]/",
        "https://idp.example:/",
        "https://idp.example:0/",
        "https://idp.example:65536/",
        "https://idp.example:443443/",
        "https://idp.example:4a/",
        "https://idp.example;x/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_false(url_is_safe(urls[i]));
}

static void a_path_holds_only_bytes_that_urls_have(void **state)
{
    (void)state;
    for (int byte = 0; byte <= 0xff; byte++) {
        const char url[] = {'h', 't', 't', 'p', 's', ':', '/', '/', 'x', '/', (char)byte, 'y'};
        const bool wanted = byte > 0x20 && byte <= 0x7e && !strchr("\"<>\\^`{|}", byte);

        assert_int_equal(text_is_safe_https_url(url, sizeof url, URL_MAX), wanted);
    }
    assert_false(url_is_safe("https://idp.example/a#b#c"));
}

static void a_host_holds_only_bytes_that_hosts_have(void **state)
{
    (void)state;
    for (int byte = 0; byte <= 0xff; byte++) {
        const char url[] = {'h', 't', 't', 'p', 's', ':', '/', '/', 'a', (char)byte, 'b', '/'};
        const bool letter = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                            (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.';

        if (byte != '/' && byte != '?')
            assert_int_equal(text_is_safe_https_url(url, sizeof url, URL_MAX), letter);
    }
}

static void lengths_are_bounded(void **state)
{
    char url[URL_MAX + 2];

    (void)state;
    memset(url, 'a', sizeof url);
    memcpy(url, "https://x/", 10);
    assert_true(text_is_safe_https_url(url, URL_MAX, URL_MAX));
    assert_false(text_is_safe_https_url(url, URL_MAX + 1, URL_MAX));
    memcpy(url, "https://aa", 10);
    url[8 + 63] = '/';
    assert_true(text_is_safe_https_url(url, 100, URL_MAX));
    url[8 + 63] = 'a';
    url[8 + 64] = '/';
    assert_false(text_is_safe_https_url(url, 100, URL_MAX));
    for (size_t i = 8; i < 8 + 254; i++)
        url[i] = i % 2 ? '.' : 'a';
    url[8 + 253] = '/';
    assert_true(text_is_safe_https_url(url, 300, URL_MAX));
    memcpy(url + 8 + 253, ".a/", 3);
    assert_false(text_is_safe_https_url(url, 300, URL_MAX));
}

static void a_label_shows_characters_and_nothing_that_only_looks_like_one(void **state)
{
    static const char *const labels[][2] = {
        {"C\xc3\xb6rp \xe4\xb8\xad", "C\xc3\xb6rp \xe4\xb8\xad"},
        {"\xc0\xaf", "??"},           /* overlong */
        {"\xe0\x80\xaf", "???"},      /* likewise */
        {"\xed\xa0\x80", "???"},      /* a surrogate */
        {"\xf4\x90\x80\x80", "????"}, /* beyond Unicode */
        {"a\xe2\x80\xae"
         "b",
         "a???b"}, /* turns the direction of writing */
        {"a\xc2\x9b"
         "b",
         "a??b"},             /* CSI in one character */
        {"a\xe4\xb8", "a??"}, /* cut */
        {"a\x1b[2J", "a?[2J"},
    };
    char shown[64];

    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        text_make_label(labels[i][0], true, shown, sizeof shown);
        assert_string_equal(shown, labels[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_printable_ascii_is_plain),
        cmocka_unit_test(plain_text_keeps_its_length),
        cmocka_unit_test(plain_text_has_no_space_at_its_ends),
        cmocka_unit_test(escapes_and_invisible_characters_are_refused_everywhere),
        cmocka_unit_test(a_made_plain_string_shows_printable_ascii_only),
        cmocka_unit_test(a_made_plain_string_is_cut_where_one_can_see_it),
        cmocka_unit_test(a_label_shows_characters_and_nothing_that_only_looks_like_one),
        cmocka_unit_test(https_urls_of_real_providers_are_safe),
        cmocka_unit_test(other_schemes_are_refused),
        cmocka_unit_test(hosts_that_could_deceive_are_refused),
        cmocka_unit_test(a_path_holds_only_bytes_that_urls_have),
        cmocka_unit_test(a_host_holds_only_bytes_that_hosts_have),
        cmocka_unit_test(lengths_are_bounded),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
