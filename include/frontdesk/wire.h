/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields within a packet: u8; u16 and u32 big-endian; a string is a u16 length and that many bytes, without
 * NUL. blob (child <-> keeper only) is a u32 length and that many bytes of anything.
 *
 * A writer or reader that failed once stays failed and does nothing more, so a caller may check once, at the
 * end, with wire_written() or wire_end().
 */
#ifndef FRONTDESK_WIRE_H
#define FRONTDESK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wire_writer {
    uint8_t *buffer;
    size_t size, used;
    bool failed;
};

struct wire_reader {
    const uint8_t *at;
    size_t left;
    bool failed;
};

static inline struct wire_writer wire_write(void *buffer, size_t size)
{
    return (struct wire_writer){.buffer = buffer, .size = size};
}

static inline struct wire_reader wire_read(const void *packet, size_t size)
{
    return (struct wire_reader){.at = packet, .left = size};
}

static inline void wire_put_bytes(struct wire_writer *w, const void *bytes, size_t n)
{
    if (w->failed || n > w->size - w->used) {
        w->failed = true;
        return;
    }
    if (n > 0)
        memcpy(w->buffer + w->used, bytes, n);
    w->used += n;
}

static inline void wire_put_u8(struct wire_writer *w, unsigned value)
{
    const uint8_t byte = (uint8_t)value;

    wire_put_bytes(w, &byte, 1);
}

static inline void wire_put_u16(struct wire_writer *w, unsigned value)
{
    const uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

    wire_put_bytes(w, bytes, sizeof bytes);
}

static inline void wire_put_u32(struct wire_writer *w, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};

    wire_put_bytes(w, bytes, sizeof bytes);
}

/* NULL is written as the empty string. */
static inline void wire_put_string(struct wire_writer *w, const char *string)
{
    const size_t n = string ? strlen(string) : 0;

    if (n > UINT16_MAX) {
        w->failed = true;
        return;
    }
    wire_put_u16(w, (unsigned)n);
    wire_put_bytes(w, string, n);
}

static inline void wire_put_blob(struct wire_writer *w, const void *bytes, size_t n)
{
    wire_put_u32(w, (uint32_t)n); /* where that is less than n, n bytes do not fit either */
    wire_put_bytes(w, bytes, n);
}

/* Bytes written, or 0 when anything did not fit. */
static inline size_t wire_written(const struct wire_writer *w)
{
    return w->failed ? 0 : w->used;
}

/* Points into the packet; NULL when fewer than n bytes are left. */
static inline const uint8_t *wire_get_bytes(struct wire_reader *r, size_t n)
{
    const uint8_t *bytes = r->at;

    if (r->failed || n > r->left) {
        r->failed = true;
        return NULL;
    }
    r->at += n;
    r->left -= n;
    return bytes;
}

static inline uint8_t wire_get_u8(struct wire_reader *r)
{
    const uint8_t *b = wire_get_bytes(r, 1);

    return b ? b[0] : 0;
}

static inline uint16_t wire_get_u16(struct wire_reader *r)
{
    const uint8_t *b = wire_get_bytes(r, 2);

    return b ? (uint16_t)((unsigned)b[0] << 8 | b[1]) : 0;
}

static inline uint32_t wire_get_u32(struct wire_reader *r)
{
    const uint8_t *b = wire_get_bytes(r, 4);

    return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3] : 0;
}

/*
 * Copies a string and its NUL into ret_string, whose size bounds the field: a longer one, or one with a NUL
 * inside, fails the reader. ret_string is the empty string on failure.
 */
static inline void wire_get_string(struct wire_reader *r, char *ret_string, size_t size)
{
    const size_t n = wire_get_u16(r);
    const uint8_t *b;

    ret_string[0] = '\0';
    if (n >= size) {
        r->failed = true;
        return;
    }
    b = wire_get_bytes(r, n);
    if (!b)
        return;
    if (memchr(b, '\0', n)) {
        r->failed = true;
        return;
    }
    memcpy(ret_string, b, n);
    ret_string[n] = '\0';
}

/* Points into the packet; *ret_size is 0 on failure. */
static inline const uint8_t *wire_get_blob(struct wire_reader *r, size_t *ret_size)
{
    const size_t n = wire_get_u32(r);
    const uint8_t *b = wire_get_bytes(r, n);

    *ret_size = b ? n : 0;
    return b;
}

/* True when every field was there and nothing is left over. */
static inline bool wire_end(const struct wire_reader *r)
{
    return !r->failed && r->left == 0;
}

#endif
