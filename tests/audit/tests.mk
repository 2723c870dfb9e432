# SPDX-License-Identifier: BSD-2-Clause
# What is kept of each decision, by the keeper and by the modules, and how it is read back.
CHECKS += $(addprefix tests/audit/run\ ,records command modules canaries)
