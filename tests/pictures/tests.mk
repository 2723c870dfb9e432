# SPDX-License-Identifier: BSD-2-Clause
# The pictures of README and docs: `make screenshots` makes them anew from the running product.

.PHONY: screenshots screenshots-run
screenshots:
	$(Q)tools/install-deps check
	$(Q)$(MAKE) --no-print-directory screenshots-run

screenshots-run: stage idp kiosk_page $(O)/tests/faults/clock_shift.so
	$(Q)O='$(O)' tools/screenshots

CHECK_NEEDS += stage
CHECKS += tests/pictures/run
