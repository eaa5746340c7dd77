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
    tap_print("# entry");
    for (unsigned i = 0; i < WORDS_EACH; i++) { tap_print(" %#lx", words[i]); }
    tap_print("\n");
}

void journal_end_round(uint64_t shown)
{
    for (unsigned i = 0; rounds == shown && i < length && i < JOURNAL_KEPT;
         i++) {
        print_entry(&kept[i]);
    }
    tap_print("# round %lu, entries %u, digest %#lx\n", rounds, length, digest);
    rounds++;
    length = 0;
}
