# SPDX-License-Identifier: BSD-2-Clause
# What the product says in other languages.

CHECKS += tests/texts/catalogues
