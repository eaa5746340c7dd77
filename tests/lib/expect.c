#include "expect.h"

#include "tap.h"

#define NOTES 16

struct note {
    struct expect_place place;
    enum expectation kind;
    uint64_t actual;
    uint64_t expected;
};

/* Several processes may note at once, so a place is taken by one atomic
 * addition; notes beyond the last are counted only. */
static struct note notes[NOTES];
static unsigned noted;
static const char *skipped;

bool expect_note(struct expect_place place, enum expectation kind,
                 uint64_t actual, uint64_t expected)
{
    if (actual == expected) { return true; }
    unsigned index = __atomic_fetch_add(&noted, 1, __ATOMIC_SEQ_CST);
    if (index < NOTES) {
        notes[index] = (struct note){ place, kind, actual, expected };
    }
    return false;
}

bool expect_words_note(struct expect_place place,
                       const struct kerne_words *actual,
                       const struct kerne_words *expected)
{
    bool good = true;
    for (unsigned i = 0; i < KERNE_WORDS; i++) {
        good &= expect_note(place, EXPECT_NUMBER, actual->w[i], expected->w[i]);
    }
    return good;
}

void expect_skip(const char *reason) { skipped = reason; }

const char *expect_skipped(void) { return skipped; }

void expect_forget(void)
{
    noted = 0;
    skipped = NULL;
}

unsigned expect_failures(void) { return noted; }

const char *expect_result_name(uint64_t result)
{
    switch (result) {
#define KERNE_RESULT(number, name, sentence) \
    case number:                             \
        return #name;
#include <results.def>
#undef KERNE_RESULT
    }
    return "no result";
}

static void print_value(enum expectation kind, uint64_t value)
{
    switch (kind) {
    case EXPECT_TRUE: tap_print(value ? "true" : "false"); break;
    case EXPECT_NUMBER:
        tap_print("%lu", value);
        if (value > 9) { tap_print(" (%#lx)", value); }
        break;
    case EXPECT_RESULT:
        tap_print("%s (%lu)", expect_result_name(value), value);
        break;
    }
}

static void print_note(const struct note *note)
{
    tap_print("# %s:%u: %s: expected ", note->place.file,
              (unsigned)note->place.line, note->place.what);
    print_value(note->kind, note->expected);
    tap_print(", there was ");
    print_value(note->kind, note->actual);
    tap_print("\n");
}

void expect_print(void)
{
    for (unsigned i = 0; i < noted && i < NOTES; i++) { print_note(&notes[i]); }
    if (noted > NOTES) { tap_print("# and %u more\n", noted - NOTES); }
}
