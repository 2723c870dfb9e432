/* SPDX-License-Identifier: BSD-2-Clause */
/* application/x-www-form-urlencoded, as RFC 6749 appendix B has it, in buffers that leave no secret behind.
 */
#include "http/http.h"

#include <stdint.h>
#include <string.h>

#define FORM_SIZE_FIRST 512

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_' || c == '*';
}

/* Not realloc: it would leave an unerased copy. */
static bool reserve(struct http_form *form, size_t more)
{
    size_t size = form->size ? form->size : FORM_SIZE_FIRST;
    char *text;

    if (more >= SIZE_MAX / 4 || form->length >= SIZE_MAX / 4)
        return false;
    while (size < form->length + more + 1)
        size *= 2;
    if (size == form->size)
        return true;
    text = malloc(size);
    if (!text)
        return false;
    if (form->text)
        memcpy(text, form->text, form->length + 1);
    else
        text[0] = '\0';
    erase_and_free(form->text);
    form->text = text;
    form->size = size;
    return true;
}

static bool append_encoded(struct http_form *form, const char *value)
{
    static const char hex[] = "0123456789ABCDEF";
    const size_t length = strlen(value);

    if (length >= SIZE_MAX / 16 || !reserve(form, 3 * length))
        return false;
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)value[i];

        if (is_unreserved(c)) {
            form->text[form->length++] = (char)c;
        } else if (c == ' ') {
            form->text[form->length++] = '+';
        } else {
            form->text[form->length++] = '%';
            form->text[form->length++] = hex[c >> 4];
            form->text[form->length++] = hex[c & 15];
        }
    }
    form->text[form->length] = '\0';
    return true;
}

static bool append_byte(struct http_form *form, char byte)
{
    if (!reserve(form, 1))
        return false;
    form->text[form->length++] = byte;
    form->text[form->length] = '\0';
    return true;
}

bool http_form_add(struct http_form *form, const char *name, const char *value)
{
    if (form->length > 0 && !append_byte(form, '&'))
        return false;
    return append_encoded(form, name) && append_byte(form, '=') && append_encoded(form, value);
}

void http_form_erase(struct http_form *form)
{
    erase_and_free(form->text);
    *form = (struct http_form){0};
}

char *http_form_encode(const char *value)
{
    struct http_form form = {0};

    if (!append_encoded(&form, value)) {
        http_form_erase(&form);
        return NULL;
    }
    return form.text;
}
