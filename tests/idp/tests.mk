# SPDX-License-Identifier: BSD-2-Clause
# The throw-away OpenID provider: its packages are installed into the build folder, never into the tree.

IDP = $(O)/idp

.PHONY: idp
idp: $(IDP)/provider.mjs $(IDP)/pages.mjs $(IDP)/hub.mjs $(IDP)/node_modules/.package-lock.json

$(IDP)/%.mjs: tests/idp/%.mjs
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(IDP)/node_modules/.package-lock.json: tests/idp/package.json tests/idp/package-lock.json tests/idp/.npmrc
	@mkdir -p $(IDP)
	$(call say,NPM,$(IDP))
	$(Q)cp $^ $(IDP)
	$(Q)cd $(IDP) && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || { cat npm.log; exit 1; }
	$(Q)touch $@
