#include "journal.h"

#include <tap.h>

#define WORDS_EACH (sizeof(struct journal_entry) / 8)

static struct journal_entry kept[JOURNAL_KEPT];
static unsigned length;
static uint64_t digest;
static uint64_t rounds;

void journal_add(const struct journal_entry *entry)
{
    const uint64_t *words = (const uint64_t *)entry;
    for (unsigned i = 0; i < WORDS_EACH; i++) {
        digest = journal_mix(digest, words[i]);
    }
    if (length < JOURNAL_KEPT) { kept[length] = *entry; }
    length++;
}

unsigned journal_length(void) { return length; }

uint64_t journal_rounds(void) { return rounds; }

static void print_entry(const struct journal_entry *entry)
{
    const uint64_t *words = (const uint64_t *)entry;
    tap_remark();
    tap_text("entry");
    for (unsigned i = 0; i < WORDS_EACH; i++) {
        tap_text(" ");
        tap_hexadecimal(words[i]);
    }
    tap_text("\n");
}

void journal_end_round(uint64_t shown)
{
    for (unsigned i = 0; rounds == shown && i < length && i < JOURNAL_KEPT;
         i++) {
        print_entry(&kept[i]);
    }
    tap_remark();
    tap_text("round ");
    tap_number(rounds);
    tap_text(", entries ");
    tap_number(length);
    tap_text(", digest ");
    tap_hexadecimal(digest);
    tap_text("\n");
    rounds++;
    length = 0;
}
