# SPDX-License-Identifier: BSD-2-Clause
# What `make check` runs. Test rooms add their TAP-speaking commands to CHECKS (see tests/*/tests.mk).

ASAN := build-asan

.PHONY: format format-check lint
C_FILES = $(shell git ls-files -co --exclude-standard '*.c' '*.h')

format:
	clang-format -i $(C_FILES)
