# SPDX-License-Identifier: BSD-2-Clause
# The driver, built with sanitizers, against the scripted provider of tests/idp.

OIDC_DRIVER = $(addprefix $(O)/obj/tests/oidc/,oidc_driver.o driver_options.o)

$(O)/tests/oidc/oidc_driver: $(OIDC_DRIVER) $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $(OIDC_DRIVER) $(O)/libfrontdesk.a $(HELPER_LIBS)

.PHONY: oidc-driver
oidc-driver:
	$(Q)$(MAKE) --no-print-directory O=$(ASAN) SAN=address,undefined $(ASAN)/tests/oidc/oidc_driver

CHECK_NEEDS += oidc-driver
CHECKS      += tests/oidc/run\ $(ASAN)/tests/oidc/oidc_driver
