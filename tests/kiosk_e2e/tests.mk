# SPDX-License-Identifier: BSD-2-Clause
# The check-in screen as a visitor has it: browser, server, PAM, helper, keeper and provider, all of them real.

CHECKS      += $(addprefix tests/kiosk_e2e/run\ ,visits outages strangers languages)
CHECK_NEEDS += stage idp kiosk_page $(O)/tests/faults/clock_shift.so
