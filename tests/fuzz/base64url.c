/* SPDX-License-Identifier: BSD-2-Clause */
/* base64url: one text for one value, both ways. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "jose/base64url.h"

static void judge_decoded(const char *text, size_t length, const unsigned char *bytes, size_t count)
{
    char *again = fuzz_text((const uint8_t *)"", 0);

    free(again);
    again = fuzz_text(bytes, count);
    FUZZ_CHECK(memcmp(again, bytes, count) == 0 && bytes[count] == '\0');
    free(again);
    again = (char *)fuzz_copy((const uint8_t *)text, length);
    FUZZ_CHECK(!base64url_encode(bytes, count, again, length)); /* no room for the NUL */
    free(again);
    again = fuzz_text((const uint8_t *)text, length);
    memset(again, 'x', length);
    FUZZ_CHECK(base64url_encode(bytes, count, again, length + 1));
    FUZZ_CHECK(memcmp(again, text, length) == 0);
    free(again);
}

static void judge_decoding(const char *text, size_t length)
{
    unsigned char small[8] = "untouch";
    size_t count = 77, small_count = 77;
    unsigned char *bytes = base64url_decode_new(text, length, &count);

    if (bytes) {
        fuzz_note_good();
        FUZZ_CHECK(count == length * 3 / 4);
        judge_decoded(text, length, bytes, count);
    }
    if (base64url_decode(text, length, small, sizeof small, &small_count))
        FUZZ_CHECK(small_count <= sizeof small && (!bytes || memcmp(small, bytes, small_count) == 0));
    else
        FUZZ_CHECK(small_count == 77 && (!bytes || count > sizeof small));
    free(bytes);
}

static void judge(const uint8_t *data, size_t size)
{
    const size_t room = 4 * (size + 2) / 3 + 1;
    char *text = fuzz_text(data, room > size ? size : 0);
    char *encoded;
    unsigned char *bytes;
    size_t count = 0;

    judge_decoding(text, size);
    free(text);
    faults_pause();
    encoded = malloc(room);
    FUZZ_CHECK(encoded && base64url_encode(data, size, encoded, room));
    bytes = base64url_decode_new(encoded, strlen(encoded), &count);
    FUZZ_CHECK(bytes && count == size && memcmp(bytes, data, size) == 0);
    faults_resume();
    free(bytes);
    free(encoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
