# SPDX-License-Identifier: BSD-2-Clause
# The kiosk's server with sign-ins that the test plays, and its PAM application with a helper that the test plays.

CHECKS += $(addprefix tests/kiosk/run\ ,requests held visits screens traces sign_ins)
CHECK_NEEDS += $(O)/pam_frontdesk.so
