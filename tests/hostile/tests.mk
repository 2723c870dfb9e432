# SPDX-License-Identifier: BSD-2-Clause
# A provider that lies in everything, seen through PAM. What is measured in memory runs the ordinary programs.
CHECK_NEEDS += stage
CHECKS += $(addprefix tests/hostile/run\ ,tokens keys answers clients transport issuers at_once)
CHECKS += 'env PROGRAMS=$(O) tests/hostile/run bombs'
