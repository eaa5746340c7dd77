/*
 * area [of=STORE] COMMAND ...: areas of the backing store, for an operator.
 * Its commands have the names of the RC 8000's utilities where those had some.
 */
#include <backing.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER 5 /* of the area in use, among the children of this process */

static uint64_t store;
static char page[KERNE_PAGE];

_Noreturn static void fail(const char *what, const char *why)
{
    printf("%s: %s\n", what, why);
    exit(1);
}

static void print_area(const struct kerne_words *area)
{
    char name[KERNE_NAME_BYTES], owner[KERNE_NAME_BYTES];
    uint64_t flags = area->w[KERNE_WORD_AREA_FLAGS];
    memcpy(name, &area->w[KERNE_WORD_AREA_NAME], sizeof name);
    memcpy(owner, &area->w[KERNE_WORD_AREA_OWNER], sizeof owner);
    printf("%-15.15s %8lu  %-9s  %-15.15s%s%s\n", name,
           (unsigned long)area->w[KERNE_WORD_AREA_SIZE],
           flags & KERNE_AREA_PERMANENT ? "permanent" : "temporary", owner,
           flags & KERNE_AREA_RESERVED ? "  in use" : "",
           flags & KERNE_AREA_PRIVATE ? "  private" : "");
}

/* What was changed is there after the power was off. */
static void flush(const char *name)
{
    struct kerne_segments_done done;
    if (kerne_segments_flush(store, &done) != KERNE_r_normal) {
        fail(name, kerne_segments_text(&done));
    }
}

/* Of what there is too little, how much was wanted, and is there. */
static void fail_if_short(const char *name, const struct kerne_words *answer)
{
    static const struct {
        uint64_t status;
        const char *what, *where;
    } shortages[] = {
        { KERNE_BACKING_CATALOG_FULL, "entries", "free" },
        { KERNE_BACKING_DISK_FULL, "segments", "free" },
        { KERNE_BACKING_NO_ENTRY_LEFT, "entries", "left in its account" },
        { KERNE_BACKING_NO_SEGMENT_LEFT, "segments", "left in its account" },
    };
    for (size_t i = 0; i < sizeof shortages / sizeof *shortages; i++) {
        if (answer->w[KERNE_WORD_STATUS] == shortages[i].status) {
            printf("%s: %lu %s wanted, %lu %s\n", name,
                   (unsigned long)answer->w[1], shortages[i].what,
                   (unsigned long)answer->w[2], shortages[i].where);
            exit(1);
        }
    }
}

/* A command with a name, and up to two words. */
static struct kerne_words ask(uint64_t operation, const char *name,
                              uint64_t word_3, uint64_t word_4)
{
    struct kerne_words answer;
    uint64_t result =
        kerne_backing_ask(store, operation, name, word_3, word_4, &answer);
    uint64_t status = answer.w[KERNE_WORD_STATUS];
    if (result == KERNE_r_rejected) { fail_if_short(name, &answer); }
    if (result != KERNE_r_normal) {
        fail(name, kerne_backing_text(result, status));
    }
    if (operation != KERNE_BACKING_LOOK_UP) { flush(name); }
    return answer;
}

static void search(void)
{
    struct kerne_words answer;
    uint64_t cursor = 0;
    do {
        uint64_t result =
            kerne_ask(store, KERNE_BACKING_LIST, cursor, 0, &answer);
        if (result != KERNE_r_normal) {
            fail("store",
                 kerne_backing_text(result, answer.w[KERNE_WORD_STATUS]));
        }
        cursor = answer.w[KERNE_WORD_CURSOR];
        if (cursor != 0) { print_area(&answer); }
    } while (cursor != 0);
    printf("free: %lu of %lu segments, %lu of %lu entries\n",
           (unsigned long)answer.w[KERNE_WORD_FREE_SEGMENTS],
           (unsigned long)answer.w[KERNE_WORD_ALL_SEGMENTS],
           (unsigned long)answer.w[KERNE_WORD_FREE_ENTRIES],
           (unsigned long)answer.w[KERNE_WORD_ALL_ENTRIES]);
}

/* A command with two names. */
static void ask_of(uint64_t operation, const char *name, const char *other)
{
    uint64_t words[2];
    kerne_name(other, words);
    (void)ask(operation, name, words[0], words[1]);
}

static void mark(const char *name, uint64_t privacy)
{
    struct kerne_words area = ask(KERNE_BACKING_LOOK_UP, name, 0, 0);
    uint64_t flags = area.w[KERNE_WORD_AREA_FLAGS] & KERNE_AREA_PERMANENT;
    (void)ask(KERNE_BACKING_MARK, name, 0, flags | privacy);
}

/* Input or output of a page, from a segment on; then, of output, a flush. */
static void move(const char *name, uint64_t first, const char *text)
{
    struct kerne_use use;
    struct kerne_segments_done done;
    bool is_output = text != NULL;
    uint64_t result =
        kerne_use(store, name, NUMBER,
                  is_output ? KERNE_USE_WRITE : KERNE_USE_READ, &use);
    if (result != KERNE_r_normal) {
        fail(name, kerne_backing_text(result, use.status));
    }
    if (is_output) {
        (void)strncpy(page, text, KERNE_SEGMENT - 1);
        (void)kerne_segments_output(use.address, first, page, 1, &done);
        if (done.result == KERNE_r_normal) {
            (void)kerne_segments_flush(use.address, &done);
        }
    } else {
        (void)kerne_segments_input(use.address, first, page, 1, &done);
    }
    kerne_use_end(&use);
    if (done.result != KERNE_r_normal) {
        fail(name, kerne_segments_text(&done));
    }
    if (!is_output && page[0] != '\0') {
        printf("%.511s\n", page);
    } else if (!is_output) {
        printf("%s: there is no text in segment %lu\n", name,
               (unsigned long)first);
    }
}

static uint64_t number(const char *word) { return strtoull(word, NULL, 0); }

/* False: there is no such command. */
static bool perform(int words, char **word)
{
    const char *command = words > 1 ? word[1] : "";
    const char *name = words > 2 ? word[2] : "";
    bool is_all = words == 2 && strcmp(command, "search") == 0;
    if (is_all) {
        search();
    } else if (words == 3 && strcmp(command, "lookup") == 0) {
        struct kerne_words area = ask(KERNE_BACKING_LOOK_UP, name, 0, 0);
        print_area(&area);
    } else if (words == 4 && strcmp(command, "set") == 0) {
        (void)ask(KERNE_BACKING_CREATE, name, number(word[3]),
                  KERNE_AREA_PERMANENT);
    } else if (words == 4 && strcmp(command, "rename") == 0) {
        ask_of(KERNE_BACKING_RENAME, name, word[3]);
    } else if (words == 4 && strcmp(command, "include") == 0) {
        ask_of(KERNE_BACKING_INCLUDE, name, word[3]);
    } else if (words == 4 && strcmp(command, "exclude") == 0) {
        ask_of(KERNE_BACKING_EXCLUDE, name, word[3]);
    } else if (words == 3 && strcmp(command, "close") == 0) {
        mark(name, KERNE_AREA_PRIVATE);
    } else if (words == 3 && strcmp(command, "open") == 0) {
        mark(name, 0);
    } else if (words == 4 && strcmp(command, "size") == 0) {
        (void)ask(KERNE_BACKING_SIZE, name, number(word[3]), 0);
    } else if (words == 3 && strcmp(command, "clear") == 0) {
        (void)ask(KERNE_BACKING_REMOVE, name, 0, 0);
    } else if (words == 5 && strcmp(command, "write") == 0) {
        move(name, number(word[3]), word[4]);
    } else if (words == 4 && strcmp(command, "read") == 0) {
        move(name, number(word[3]), NULL);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    bool is_other = argc > 1 && strncmp(argv[1], "of=", 3) == 0;
    store = kerne_find(is_other ? argv[1] + 3 : "store");
    if (!perform(argc - is_other, argv + is_other)) {
        printf("area [of=STORE] search | lookup NAME | set NAME SEGMENTS | "
               "rename NAME NEW | size NAME SEGMENTS | clear NAME | read NAME "
               "SEGMENT | write NAME SEGMENT WORD | include NAME USER | "
               "exclude NAME USER | close NAME | open NAME\n");
        return 1;
    }
    return 0;
}
