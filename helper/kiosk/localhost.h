/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second name for the page. A browser gives each site a process of its own, and ends it when the last page
 * of that site has gone: so the page goes from one name to the other after each visitor, and what the process
 * remembered of them goes back to the kernel.
 */
#ifndef HELPER_KIOSK_LOCALHOST_H
#define HELPER_KIOSK_LOCALHOST_H

#include <stdbool.h>

/*
 * Does "localhost" with the port of `listen` lead to us and to nobody else, as long as this process lives?
 * Browsers try both addresses of that name, so the other one's port is taken here and never answered.
 */
bool localhost_take(const char *listen);

#endif
