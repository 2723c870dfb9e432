# SPDX-License-Identifier: BSD-2-Clause
# Load and abuse. What 500 pending sign-ins cost is measured with the ordinary programs: a sanitizer's memory is its own.

ABUSE = limits listener flood busy prompts
CHECKS += $(ABUSE:%=tests/e2e/run\ ../abuse/%) 'env PROGRAMS=$(O) tests/e2e/run ../abuse/held'
