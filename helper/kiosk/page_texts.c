/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of the full-screen page, kept beside all others of the product so that one catalogue has them.
 * Short ones: they are read standing, from an arm's length and more.
 */
#include "kiosk/page_texts.h"

#include <libintl.h>
#include <string.h>

#include "display/text.h"

/* Marks a sentence for xgettext; translated when it is asked for. */
#define N_(sentence) sentence

static const struct page_text sentences[] = {
    {"page_title", N_("Check-in")},
    {"cancel", N_("Cancel")},
    {"time_left", N_("Time left: {time}")},

    {"idle_title", N_("Check in with your phone")},
    {"idle_touch", N_("Touch the screen to begin")},
    {"idle_always", N_("Your code will be here in a moment")},

    {"starting_title", N_("One moment, please")},
    {"starting_text", N_("Your code is on its way.")},

    {"code_title", N_("Scan this with your phone")},
    {"code_open", N_("or open this address on it:")},
    {"code_compare", N_("Your phone must show this code:")},
    {"code_warning", N_("Approve only if you are standing here yourself.")},
    {"code_label", N_("Code: {code}")},
    {"qr_label", N_("QR code that opens {uri}")},

    {"approved_title", N_("Welcome, {name}")},
    {"approved_title_unnamed", N_("Welcome")},
    {"approved_text", N_("Is this you? Then press the button.")},
    {"approved_confirm", N_("Yes, that is me")},
    {"approved_cancel", N_("No, cancel")},

    {"checked_in_title", N_("You are checked in")},
    {"checked_in_text", N_("Have a good day, {name}.")},
    {"checked_in_text_unnamed", N_("Have a good day.")},
    {"checked_in_since", N_("Since {time}")},
    {"checked_out_title", N_("You are checked out")},
    {"checked_out_text", N_("Goodbye, {name}. See you soon.")},
    {"checked_out_text_unnamed", N_("Goodbye. See you soon.")},
    {"checked_out_since", N_("You had been here since {time}")},
    {"already_title", N_("You are already checked in")},
    {"already_text", N_("{name}, to check out scan again in two minutes.")},
    {"already_text_unnamed", N_("To check out, scan again in two minutes.")},
    {"already_since", N_("Since {time}")},

    {"denied_title", N_("Not approved")},
    {"expired_title", N_("The code has expired")},
    {"expired_text", N_("To get a new one, please start again.")},
    {"not_member_title", N_("Please ask at the front desk")},
    {"busy_title", N_("Very busy right now")},
    {"busy_text", N_("This screen tries again by itself.")},
    {"refused_title", N_("That did not work")},
    {"unreachable_title", N_("Sign-in cannot be reached")},
    {"unreachable_text", N_("If this takes long, please ask at the front desk.")},
    {"unreachable_since", N_("Since {time}. This screen keeps trying.")},
    {"out_of_order_title", N_("Out of order")},
    {"lost_title", N_("No connection")},
    {"lost_text", N_("This screen has lost its connection and keeps trying by itself.")},
};

bool page_text(size_t number, struct page_text *ret_text)
{
    if (number >= sizeof sentences / sizeof sentences[0])
        return false;
    ret_text->key = sentences[number].key;
    ret_text->sentence = dgettext(TEXT_DOMAIN, sentences[number].sentence);
    return true;
}

const char *page_texts_language(void)
{
    /* Translators: the code of your own language, as in the name of this file. */
    return dgettext(TEXT_DOMAIN, "en");
}

const char *page_texts_direction(void)
{
    /* Translators: rtl where your language is written from right to left, else ltr. */
    return strcmp(dgettext(TEXT_DOMAIN, "ltr"), "rtl") == 0 ? "rtl" : "ltr";
}
