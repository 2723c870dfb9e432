# SPDX-License-Identifier: BSD-2-Clause
# make demo: a sign-in on this machine, with KIOSK=1 the check-in screen; make demo-approve, in a second terminal, plays
# the person's phone.

.PHONY: demo demo-run demo-approve
demo:
	$(Q)tools/install-deps demo
	$(Q)$(MAKE) --no-print-directory demo-run

# The kiosk's desk has a clock that can be set: nobody has to wait two minutes to be checked out. No shell stands between,
# so that whoever ends make ends the demo.
demo-run: stage idp $(if $(KIOSK),$(O)/tests/faults/clock_shift.so)
	$(Q)exec env O='$(O)' AUTO='$(AUTO)' KIOSK='$(KIOSK)' tools/demo

demo-approve:
	$(Q)O='$(O)' WHO='$(WHO)' tools/demo-approve
