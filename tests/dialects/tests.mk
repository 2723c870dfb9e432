# SPDX-License-Identifier: BSD-2-Clause
# Each vendor's preset against that vendor's dialect, a hub, and the pages of docs/ walked word by word: two of them
# each on a machine of its own, the others one after the other on a third.
DIALECTS = sign_in refusals domains hub pages
CHECKS += $(DIALECTS:%=tests/dialects/run\ %) \
          tests/dialects/run\ docs_walk\ okta tests/dialects/run\ docs_walk\ keycloak \
          tests/dialects/run\ docs_walk\ auth0\ entra\ google\ dex\ authentik\ authelia\ zitadel
