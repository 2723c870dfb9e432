# SPDX-License-Identifier: BSD-2-Clause
# The drivers, built with sanitizers, against the providers of tests/idp.

OIDC_DRIVERS = $(addprefix $(O)/tests/oidc/,oidc_driver session_driver)

$(OIDC_DRIVERS): $(O)/tests/oidc/%: $(O)/obj/tests/oidc/%.o $(O)/obj/tests/oidc/driver_options.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^ $(HELPER_LIBS)

.PHONY: oidc-driver
oidc-driver:
	$(Q)$(MAKE) --no-print-directory O=$(ASAN) SAN=address,undefined \
		$(addprefix $(ASAN)/tests/oidc/,oidc_driver session_driver)

CHECK_NEEDS += oidc-driver idp
CHECKS      += tests/oidc/run\ $(ASAN)/tests/oidc/oidc_driver
CHECKS      += tests/oidc/certified\ $(ASAN)/tests/oidc/oidc_driver\ $(IDP)/provider.mjs
