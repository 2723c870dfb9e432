# SPDX-License-Identifier: BSD-2-Clause
# Each vendor's preset against that vendor's dialect, a hub, and the pages of docs/ walked word by word.
DIALECTS = sign_in refusals domains hub pages docs_walk\ okta docs_walk\ keycloak \
           docs_walk\ auth0\ entra\ google\ dex\ authentik\ authelia\ zitadel
CHECKS += $(DIALECTS:%=tests/dialects/run\ %)
