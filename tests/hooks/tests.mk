# SPDX-License-Identifier: BSD-2-Clause
# Programs after a check-in: that each event is told, in order, whatever dies; and the two ready-made ones.
CHECKS += $(addprefix tests/hooks/run\ ,telling programs peers service webhook nexudus)
