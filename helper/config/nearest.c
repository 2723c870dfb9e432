/* SPDX-License-Identifier: BSD-2-Clause */
/* A typing mistake is told with what was meant, so that nobody has to look it up. */
#include "config/nearest.h"

#include <string.h>

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NEAREST_NAME_MAX + 1];
    const size_t a_length = strlen(a), b_length = strlen(b);

    if (a_length > NEAREST_NAME_MAX || b_length > NEAREST_NAME_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

void nearest_consider(struct nearest *nearest, const char *candidate, const char *name)
{
    const size_t far = distance(name, candidate);
    const size_t limit = strlen(candidate) < 6 ? 2 : strlen(candidate) / 3;

    if (far <= limit && far < nearest->distance)
        *nearest = (struct nearest){candidate, far};
}
