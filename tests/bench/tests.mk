# SPDX-License-Identifier: BSD-2-Clause
# make bench: measures, asserts nothing. Results stand in docs/benchmarks.md.

$(O)/tests/bench/pam_host: $(call object,tests/bench/pam_host.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^ -lpam

.PHONY: bench
bench: stage idp $(O)/tests/bench/pam_host
	$(Q)O='$(O)' PROGRAMS='$(O)' tests/e2e/run ../bench/bench
