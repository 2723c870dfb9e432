# SPDX-License-Identifier: BSD-2-Clause
# make check: everything that must hold. Test rooms add their TAP-speaking commands to CHECKS and what these need built
# to CHECK_NEEDS (see tests/*/tests.mk). make check-all adds the second compiler, other optimizations and valgrind.
#
# The unit tests and the programs of the end-to-end tests are those of a sanitizer build; the modules, which live in
# setuid programs and sshd, are the ordinary ones.

ASAN  := build-asan
CLANG := build-clang
LINT   = tests/lint/house tests/lint/format tests/lint/tidy
C_FILES = $(shell find . -name 'build*' -prune -o -name '*.[ch]' -print)

# Use of what was never written, which the sanitizers do not see. Seccomp filters do not know what valgrind itself calls.
VALGRIND_TESTS = $(filter-out %/sandbox_test,$(UNIT))

.PHONY: check check-all run-checks format
format:
	clang-format -i $(C_FILES)

check:
	$(Q)tools/install-deps check
	$(Q)$(MAKE) --no-print-directory run-checks

run-checks: all $(CHECK_NEEDS)
	$(Q)$(MAKE) --no-print-directory O=$(ASAN) SAN=address,undefined programs unit
	$(Q)O='$(O)' PROGRAMS='$(ASAN)' CC='$(CC)' JOSE_VECTORS='$(JOSE_VECTORS)' \
		tests/run --log $(O)/logs $(LINT) $(UNIT:$(O)/%=$(ASAN)/%) $(CHECKS)

check-all: check
	$(Q)tools/install-deps all
	$(Q)$(MAKE) --no-print-directory O=$(CLANG) CC=clang all unit
	$(Q)$(MAKE) --no-print-directory pam-builds
	$(Q)$(MAKE) --no-print-directory unit
	$(Q)JOSE_VECTORS='$(JOSE_VECTORS)' tests/run --log $(CLANG)/logs $(UNIT:$(O)/%=$(CLANG)/%)
	$(Q)JOSE_VECTORS='$(JOSE_VECTORS)' tests/run --log $(O)/logs --timeout 900 \
		$(VALGRIND_TESTS:%='valgrind -q --error-exitcode=1 %')
