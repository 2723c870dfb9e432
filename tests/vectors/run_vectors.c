/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the public vectors of a folder through our verifier: run_vectors [FOLDER], else the one that
 * JOSE_VECTORS names, else all are skipped. Ours is stricter than some of them say; where, and why, stands
 * beside the tables.
 */
#include <stdlib.h>

#include "vectors/vectors.h"

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : getenv("JOSE_VECTORS");

    vectors_in(folder && *folder ? folder : NULL);
    run_wycheproof();
    run_rfc_examples();
    return vectors_end();
}
