# SPDX-License-Identifier: BSD-2-Clause
# The kiosk's page in a real browser. What drives it is installed into the build folder, never into the tree.

KIOSK_PAGE = $(O)/kiosk_page

.PHONY: kiosk_page
kiosk_page: $(patsubst tests/kiosk_page/%,$(KIOSK_PAGE)/%,$(wildcard tests/kiosk_page/*.mjs)) \
            $(KIOSK_PAGE)/node_modules/.package-lock.json $(KIOSK_PAGE)/words catalogues

$(KIOSK_PAGE)/%.mjs: tests/kiosk_page/%.mjs
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(KIOSK_PAGE)/words: $(O)/obj/tests/kiosk_page/words.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^ $(HELPER_LIBS)

$(KIOSK_PAGE)/node_modules/.package-lock.json: tests/kiosk_page/package.json tests/kiosk_page/package-lock.json \
                                               tests/kiosk_page/.npmrc
	@mkdir -p $(KIOSK_PAGE)
	$(call say,NPM,$(KIOSK_PAGE))
	$(Q)cp $^ $(KIOSK_PAGE)
	$(Q)cd $(KIOSK_PAGE) && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || { cat npm.log; exit 1; }
	$(Q)touch $@

CHECK_NEEDS += kiosk_page
CHECKS += tests/kiosk_page/run
