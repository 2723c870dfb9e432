# SPDX-License-Identifier: BSD-2-Clause
# What the tests reach, by gcov, in a build of its own: the unit tests, the fuzz targets with their failing calls, and
# both modules as hosts load them.

COVERAGE       := build-coverage
COVERAGE_FLAGS  = O=$(COVERAGE) OPT='-O0 -g --coverage' HARDENING= LDFLAGS=--coverage
COVERED         = $(addprefix $(O)/,pam_frontdesk.so libnss_frontdesk.so.2 tests/fuzz/replay tests/pam/client \
                  tests/pam/witness.so tests/nss/entry_points tests/nss/groups tests/nss/members)
NSS_COVERED     = $(abspath $(O))/libnss_frontdesk.so.2 $(abspath $(O))/tests/nss/members

.PHONY: coverage coverage-build covered
# Besides the programs, the list of them, the longest first; '-': its result does not count, for some of the module's
# tests look at the file as it is shipped.
covered: unit $(COVERED)
	@printf '%s\n' '-env O=$(abspath $(O)) tests/pam/run' '$(O)/tests/fuzz/replay tests/fuzz/corpus --mutations 4' \
		$(UNIT) '$(O)/tests/nss/entry_points $(NSS_COVERED)' '$(O)/tests/nss/groups $(NSS_COVERED)' \
		>$(O)/programs
coverage-build:
	$(Q)$(MAKE) --no-print-directory $(COVERAGE_FLAGS) covered
coverage: coverage-build
	$(Q)JOSE_VECTORS='$(JOSE_VECTORS)' tests/coverage/run $(COVERAGE)

CHECK_NEEDS += coverage-build
CHECKS      += 'tests/coverage/run $(COVERAGE)'
