# SPDX-License-Identifier: BSD-2-Clause
# The whole flow in namespaces. The programs come from $(ASAN) where `make check` built them; what the tests install
# is laid down once, by `make install` itself.

STAGE = $(abspath $(O))/stage
E2E   = bad_input first_sign_in ssh elevation refusals parity helper_absent configuration storage packaging secrecy \
        toggles offer break_glass profile groups accounts choices endings lockers greeters languages

.PHONY: stage e2e
stage: all
	$(Q)rm -rf $(STAGE)
	$(Q)$(MAKE) --no-print-directory install DESTDIR=$(STAGE) PREFIX=/usr >/dev/null

# One test by hand: make e2e TEST=ssh
e2e: stage idp
	O=$(O) PROGRAMS=$(or $(PROGRAMS_FROM),$(O)) tests/e2e/run $(TEST)

CHECK_NEEDS += stage idp
CHECKS += $(E2E:%=tests/e2e/run\ %)
