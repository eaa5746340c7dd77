#include "command.h"

#include "ward.h"

#include <program.h>
#include <stdio.h>

#define WARD_BYTES (256 * 1024)
#define WARD_BUFFERS 8

/* ---- which ward --------------------------------------------------------- */

static struct ward *take_ward(struct keeper *keeper, struct words *words)
{
    const char *name = words_take(words);
    if (name == NULL) {
        words_wrong(words, "the name of a program that is kept is wanted");
        return NULL;
    }
    struct ward *ward = ward_named(keeper, name);
    if (ward == NULL) {
        words_wrong(words, "%.40s is not kept; `list` shows who is", name);
    }
    return ward;
}

static bool at_end(struct words *words)
{
    const char *word = words_take(words);
    return word == NULL ||
           words_wrong(words, "%.40s is not understood there", word);
}

/* ---- keep --------------------------------------------------------------- */

static bool take_new_name(struct keeper *keeper, struct words *words,
                          struct ward *ward)
{
    const char *name = words_take(words);
    uint64_t packed[2];
    if (name == NULL) {
        return words_wrong(words, "keep whom? keep NAME RULE");
    }
    kerne_name(name, packed);
    if (!kerne_name_is_good(packed)) {
        return words_wrong(words,
                           "%.40s is no name: a letter a to z, then "
                           "letters, digits, - or _, at most 15",
                           name);
    }
    if (ward_named(keeper, name) != NULL) {
        return words_wrong(words, "%s is kept already; `forget %s` first", name,
                           name);
    }
    if (child_named(&keeper->small.children, name) != NULL) {
        return words_wrong(words, "%s is a name that the keeper presents",
                           name);
    }
    strcpy(ward->name, name);
    return true;
}

/* What stands between the rule and `run`. */
static bool take_sizes(struct words *words, struct ward *ward)
{
    for (;;) {
        bool sound = true;
        if (words_skip(words, "size")) {
            sound = words_number(words, "bytes of storage", &ward->bytes);
        } else if (words_skip(words, "buf")) {
            sound = words_number(words, "message buffers", &ward->buffers);
        } else if (words_skip(words, "internal")) {
            sound = words_number(words, "processes", &ward->processes);
        } else {
            return true;
        }
        if (!sound) { return false; }
    }
}

static bool take_program(struct words *words, struct ward *ward)
{
    if (words_skip(words, "run")) {
        strcpy(ward->program, words_rest(words));
        return ward->program[0] != '\0' ||
               words_wrong(words, "behind `run` comes the name of a file");
    }
    strcpy(ward->program, ward->name);
    return at_end(words);
}

static bool keep(struct keeper *keeper, struct words *words)
{
    struct ward new = { .bytes = WARD_BYTES, .buffers = WARD_BUFFERS };
    struct ward *ward = ward_free(keeper);
    if (ward == NULL) {
        return words_wrong(words,
                           "%d programs are kept, and no more can be; "
                           "`forget` one first",
                           WARDS);
    }
    if (!take_new_name(keeper, words, &new) || !rule_read(words, &new.rule) ||
        !take_sizes(words, &new) || !take_program(words, &new)) {
        return false;
    }
    *ward = new;
    if (!ward_begin(keeper, ward)) {
        ward_forget(keeper, ward);
        return words_wrong(words, "so %s is not kept", new.name);
    }
    return true;
}

/* ---- the others --------------------------------------------------------- */

static bool forget(struct keeper *keeper, struct words *words)
{
    struct ward *ward = take_ward(keeper, words);
    if (ward == NULL || !at_end(words)) { return false; }
    ward_forget(keeper, ward);
    return true;
}

static bool print(struct keeper *keeper, struct words *words)
{
    struct ward *ward = take_ward(keeper, words);
    uint64_t address = 0;
    uint64_t bytes = 0;
    if (ward == NULL) { return false; }
    if (words_rest(words)[0] != '\0') {
        bytes = 16;
        if (!words_number(words, "an address", &address) ||
            (words_rest(words)[0] != '\0' &&
             !words_number(words, "how many bytes", &bytes))) {
            return false;
        }
    }
    if (!at_end(words)) { return false; }
    remains_print(&keeper->small, &ward->remains, ward->name, address, bytes);
    return true;
}

static bool door(struct keeper *keeper, struct words *words)
{
    struct ward *ward = take_ward(keeper, words);
    if (ward == NULL || !at_end(words)) { return false; }
    keeper->door = ward;
    return true;
}

static bool list(struct keeper *keeper, struct words *words)
{
    struct accounts own;
    if (!at_end(words) || !accounts_read(0, &own)) { return false; }
    small_say(&keeper->small, "name            state     deaths    left  rule");
    for (unsigned i = 0; i < WARDS; i++) {
        const struct ward *ward = &keeper->ward[i];
        char rule[RULE_BYTES];
        if (ward->state != WARD_NONE) {
            rule_text(&ward->rule, rule);
            small_say(
                &keeper->small, "%-15s %-8s %7lu %5lu k  %s%s", ward->name,
                ward_state_text(ward), (unsigned long)ward->deaths,
                (unsigned long)(ward->remains.run.pages * KERNE_PAGE / 1024),
                rule, keeper->door == ward ? ", behind the door" : "");
        }
    }
    small_say(&keeper->small,
              "free: %lu buffers, %lu processes, %lu tables, %lu k of storage",
              (unsigned long)own.claim[ACCOUNT_BUFFERS].free,
              (unsigned long)own.claim[ACCOUNT_PROCESSES].free,
              (unsigned long)own.claim[ACCOUNT_TABLES].free,
              (unsigned long)(storage_free(&keeper->small.storage) *
                              KERNE_PAGE / 1024));
    return true;
}

static bool end(struct keeper *keeper, struct words *words)
{
    keeper->ending = at_end(words);
    return keeper->ending;
}

static bool help(struct keeper *keeper, struct words *words)
{
    static const char *const lines[] = {
        "keep NAME RULE [size N] [buf N] [internal N] [run FILE ARGUMENTS]",
        "  RULE: at once; after 10 ms [growing]; at most 3 in 1 s; never;",
        "  behind it: with storage; quietly",
        "list               who is kept, and what is free",
        "print NAME [ADDRESS [BYTES]]   how it died, and what it has left",
        "forget NAME        it is removed, with what it has left",
        "door NAME          it gets what is sent to the keeper from outside",
        "end                all are removed, and the keeper finishes",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        small_say(&keeper->small, "%s", lines[i]);
    }
    return at_end(words);
}

/* ---- all of them -------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*perform)(struct keeper *keeper, struct words *words);
    bool speaks; /* by itself */
} commands[] = {
    { "keep", keep, false },  { "list", list, true },
    { "print", print, true }, { "forget", forget, false },
    { "door", door, false },  { "end", end, true },
    { "help", help, true },
};

void command_perform(struct keeper *keeper, const char *line, size_t bytes,
                     bool says_ready)
{
    struct words words;
    words_begin(&words, line, bytes);
    if (words_rest(&words)[0] == '\0') { return; }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (words_skip(&words, commands[i].name)) {
            bool done = commands[i].perform(keeper, &words);
            if (!done) {
                small_say(&keeper->small, "%s", words.wrong);
            } else if (says_ready && !commands[i].speaks) {
                small_say(&keeper->small, "ready");
            }
            return;
        }
    }
    small_say(&keeper->small, "%.40s is no command; `help` lists them",
              words_take(&words));
}
