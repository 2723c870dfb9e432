# SPDX-License-Identifier: BSD-2-Clause
# make demo: a sign-in on this machine; make demo-approve, in a second terminal, plays the person's phone.

.PHONY: demo demo-run demo-approve
demo:
	$(Q)tools/install-deps demo
	$(Q)$(MAKE) --no-print-directory demo-run

demo-run: stage idp
	$(Q)O='$(O)' AUTO='$(AUTO)' tools/demo

demo-approve:
	$(Q)O='$(O)' WHO='$(WHO)' tools/demo-approve
