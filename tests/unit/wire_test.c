/* SPDX-License-Identifier: BSD-2-Clause */
/* include/frontdesk/wire.h: what is written is read back, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frontdesk/wire.h"

static void numbers_are_big_endian(void **state)
{
    static const uint8_t expected[] = {0x12, 0xab, 0xcd, 0xde, 0xad, 0xbe, 0xef};
    uint8_t packet[sizeof expected];
    struct wire_writer w = wire_write(packet, sizeof packet);
    struct wire_reader r = wire_read(packet, sizeof packet);

    (void)state;
    wire_put_u8(&w, 0x12);
    wire_put_u16(&w, 0xabcd);
    wire_put_u32(&w, 0xdeadbeef);
    assert_int_equal(wire_written(&w), sizeof expected);
    assert_memory_equal(packet, expected, sizeof expected);
    assert_int_equal(wire_get_u8(&r), 0x12);
    assert_int_equal(wire_get_u16(&r), 0xabcd);
    assert_int_equal(wire_get_u32(&r), 0xdeadbeef);
    assert_true(wire_end(&r));
}

static void a_string_comes_back_as_it_went(void **state)
{
    uint8_t packet[64];
    char text[8];
    struct wire_writer w = wire_write(packet, sizeof packet);
    struct wire_reader r;

    (void)state;
    wire_put_string(&w, "alice");
    wire_put_string(&w, "");
    wire_put_string(&w, NULL);
    assert_int_equal(wire_written(&w), 2 + 5 + 2 + 2);
    r = wire_read(packet, wire_written(&w));
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, "alice");
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, "");
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, "");
    assert_true(wire_end(&r));
}

static void a_string_that_just_fits_is_read_and_one_byte_more_is_not(void **state)
{
    static const uint8_t packet[] = {0, 4, 'a', 'b', 'c', 'd'};
    struct wire_reader r = wire_read(packet, sizeof packet);
    char fits[5], small[4] = "old";

    (void)state;
    wire_get_string(&r, fits, sizeof fits);
    assert_string_equal(fits, "abcd");
    assert_true(wire_end(&r));
    r = wire_read(packet, sizeof packet);
    wire_get_string(&r, small, sizeof small);
    assert_string_equal(small, "");
    assert_false(wire_end(&r));
}

static void a_string_with_a_nul_is_refused(void **state)
{
    static const uint8_t packets[][5] = {{0, 3, 0, 'b', 'c'}, {0, 3, 'a', 0, 'c'}, {0, 3, 'a', 'b', 0}};
    char text[8];

    (void)state;
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        struct wire_reader r = wire_read(packets[i], sizeof packets[i]);

        wire_get_string(&r, text, sizeof text);
        assert_string_equal(text, "");
        assert_false(wire_end(&r));
    }
}

static void a_length_beyond_the_packet_is_refused(void **state)
{
    static const uint8_t string[] = {0, 3, 'a', 'b'}, blob[] = {0xff, 0xff, 0xff, 0xff, 'a'};
    struct wire_reader r = wire_read(string, sizeof string);
    char text[8];
    size_t size = 1;

    (void)state;
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, "");
    assert_false(wire_end(&r));
    r = wire_read(blob, sizeof blob);
    assert_null(wire_get_blob(&r, &size));
    assert_int_equal(size, 0);
    assert_false(wire_end(&r));
}

static void every_cut_of_a_packet_is_refused(void **state)
{
    uint8_t packet[64];
    struct wire_writer w = wire_write(packet, sizeof packet);
    size_t length;

    (void)state;
    wire_put_u8(&w, 1);
    wire_put_u16(&w, 2);
    wire_put_string(&w, "three");
    wire_put_blob(&w, "four", 4);
    length = wire_written(&w);
    for (size_t cut = 0; cut <= length; cut++) {
        struct wire_reader r = wire_read(packet, cut);
        char text[8];
        size_t size;

        (void)wire_get_u8(&r);
        (void)wire_get_u16(&r);
        wire_get_string(&r, text, sizeof text);
        (void)wire_get_blob(&r, &size);
        assert_int_equal(wire_end(&r), cut == length);
    }
}

static void what_is_left_over_is_no_end(void **state)
{
    static const uint8_t packet[] = {1, 2};
    struct wire_reader r = wire_read(packet, sizeof packet);

    (void)state;
    (void)wire_get_u8(&r);
    assert_false(wire_end(&r));
    (void)wire_get_u8(&r);
    assert_true(wire_end(&r));
}

static void a_reader_that_failed_stays_failed(void **state)
{
    static const uint8_t packet[] = {1};
    struct wire_reader r = wire_read(packet, sizeof packet);

    (void)state;
    assert_int_equal(wire_get_u16(&r), 0);
    assert_int_equal(wire_get_u8(&r), 0);
    assert_false(wire_end(&r));
}

static void a_writer_that_failed_stays_failed_and_writes_nothing_more(void **state)
{
    uint8_t packet[3] = {9, 9, 9};
    struct wire_writer w = wire_write(packet, 2);

    (void)state;
    wire_put_u32(&w, 1);
    wire_put_u8(&w, 1);
    assert_int_equal(wire_written(&w), 0);
    assert_int_equal(packet[0], 9);
    assert_int_equal(packet[2], 9);
}

static void a_string_too_long_for_its_length_is_not_written(void **state)
{
    static char text[UINT16_MAX + 2];
    static uint8_t packet[UINT16_MAX + 16];
    struct wire_writer w = wire_write(packet, sizeof packet);

    (void)state;
    memset(text, 'x', UINT16_MAX + 1);
    wire_put_string(&w, text);
    assert_int_equal(wire_written(&w), 0);
    text[UINT16_MAX] = '\0';
    w = wire_write(packet, sizeof packet);
    wire_put_string(&w, text);
    assert_int_equal(wire_written(&w), 2 + UINT16_MAX);
}

static void a_blob_may_hold_anything(void **state)
{
    uint8_t packet[16];
    struct wire_writer w = wire_write(packet, sizeof packet);
    struct wire_reader r;
    const uint8_t *blob;
    size_t size;

    (void)state;
    wire_put_blob(&w, "a\0b", 3);
    wire_put_blob(&w, NULL, 0);
    r = wire_read(packet, wire_written(&w));
    blob = wire_get_blob(&r, &size);
    assert_int_equal(size, 3);
    assert_memory_equal(blob, "a\0b", 3);
    (void)wire_get_blob(&r, &size);
    assert_int_equal(size, 0);
    assert_true(wire_end(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(a_string_comes_back_as_it_went),
        cmocka_unit_test(a_string_that_just_fits_is_read_and_one_byte_more_is_not),
        cmocka_unit_test(a_string_with_a_nul_is_refused),
        cmocka_unit_test(a_length_beyond_the_packet_is_refused),
        cmocka_unit_test(every_cut_of_a_packet_is_refused),
        cmocka_unit_test(what_is_left_over_is_no_end),
        cmocka_unit_test(a_reader_that_failed_stays_failed),
        cmocka_unit_test(a_writer_that_failed_stays_failed_and_writes_nothing_more),
        cmocka_unit_test(a_string_too_long_for_its_length_is_not_written),
        cmocka_unit_test(a_blob_may_hold_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
