# SPDX-License-Identifier: BSD-2-Clause
# make mutants: each condition of verifier, policy, protocol, device grant and the two modules is removed and inverted,
# and a test must fail. ROOM= and FILE= limit it. Not a part of make check: it takes 20 minutes on two processors.

.PHONY: mutants
mutants:
	$(Q)tools/install-deps mutants
	$(Q)tests/mutants/run --defines '$(subst ','\'',$(DEFINES))' $(ROOM:%=--room %) $(FILE:%=--file %) $(abspath $(O))/mutants
