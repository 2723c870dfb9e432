# SPDX-License-Identifier: BSD-2-Clause
# The demo that README promises, by itself and with a person in front.

CHECK_NEEDS += stage idp
CHECKS      += tests/demo/run
