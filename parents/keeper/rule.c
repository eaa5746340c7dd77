#include "rule.h"

#include <stdio.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------ */

/* Which of its parts a rule has. */
struct parts {
    bool at_once, after, at_most, never;
};

static bool read_at(struct words *words, struct rule *rule, struct parts *parts)
{
    if (words_skip(words, "once")) {
        parts->at_once = true;
        return true;
    }
    if (!words_skip(words, "most")) {
        return words_wrong(words, "behind `at` comes `once`, or `most 3 in 1 "
                                  "s`");
    }
    parts->at_most = true;
    if (!words_number(words, "how often", &rule->most)) { return false; }
    if (rule->most == 0) {
        return words_wrong(words, "at most 0 times is `never`");
    }
    if (!words_skip(words, "in")) {
        return words_wrong(words, "behind `at most %lu` comes `in` and a time",
                           (unsigned long)rule->most);
    }
    if (!words_time(words, "that time", &rule->within)) { return false; }
    return rule->within != 0 ||
           words_wrong(words, "in no time nothing is too often: at least 1 us, "
                              "or `at once`");
}

static bool read_after(struct words *words, struct rule *rule,
                       struct parts *parts)
{
    parts->after = true;
    if (!words_time(words, "the pause", &rule->pause)) { return false; }
    if (rule->pause == 0 || rule->pause > RULE_LONGEST_PAUSE) {
        return words_wrong(words, "a pause is at least 1 us, and at most 1 "
                                  "min; without a pause it is `at once`");
    }
    rule->growing = words_skip(words, "growing");
    return true;
}

/* A part of a rule; *ret_read false: what comes is none. */
static bool read_part(struct words *words, struct rule *rule,
                      struct parts *parts, bool *ret_read)
{
    *ret_read = true;
    if (words_skip(words, "at")) { return read_at(words, rule, parts); }
    if (words_skip(words, "after")) { return read_after(words, rule, parts); }
    if (words_skip(words, "never")) {
        parts->never = true;
    } else if (words_skip(words, "quietly")) {
        rule->quietly = true;
    } else if (words_skip(words, "with")) {
        rule->with_storage = words_skip(words, "storage");
        return rule->with_storage ||
               words_wrong(words, "behind `with` comes `storage`");
    } else {
        *ret_read = false;
    }
    return true;
}

bool rule_read(struct words *words, struct rule *ret_rule)
{
    struct rule rule = { .never = false };
    struct parts parts = { .never = false };
    bool there_was_one = true;
    while (there_was_one) {
        if (!read_part(words, &rule, &parts, &there_was_one)) { return false; }
    }
    bool again = parts.at_once || parts.after || parts.at_most;
    if (!again && !parts.never) {
        return words_wrong(words, "a rule is wanted: at once, after 10 ms, "
                                  "after 10 ms growing, at most 3 in 1 s, or "
                                  "never");
    }
    if ((again && parts.never) || (parts.at_once && parts.after)) {
        return words_wrong(words,
                           "the rule contradicts itself: `%s` and "
                           "something else",
                           parts.never ? "never" : "at once");
    }
    rule.never = parts.never;
    *ret_rule = rule;
    return true;
}

/* ---- writing ------------------------------------------------------------ */

/* A time with the greatest unit in which it is a whole number. */
static void append_time(char *text, const char *before, uint64_t time)
{
    static const struct {
        uint64_t of;
        const char *name;
    } units[] = { { 60000000, "min" }, { 1000000, "s" }, { 1000, "ms" } };
    uint64_t unit = 1;
    const char *name = "us";
    for (unsigned i = 0; i < 3; i++) {
        if (time % units[i].of == 0) {
            unit = units[i].of;
            name = units[i].name;
            break;
        }
    }
    size_t used = strlen(text);
    (void)snprintf(text + used, RULE_BYTES - used, "%s%lu %s", before,
                   (unsigned long)(time / unit), name);
}

void rule_pause_text(uint64_t pause, char ret_text[RULE_BYTES])
{
    ret_text[0] = '\0';
    append_time(ret_text, "", pause);
}

void rule_text(const struct rule *rule, char ret_text[RULE_BYTES])
{
    ret_text[0] = '\0';
    if (rule->never) {
        strcpy(ret_text, "never");
    } else if (rule->pause != 0) {
        append_time(ret_text, "after ", rule->pause);
        strcat(ret_text, rule->growing ? " growing" : "");
    } else if (rule->most == 0) {
        strcpy(ret_text, "at once");
    }
    if (rule->most != 0) {
        size_t used = strlen(ret_text);
        (void)snprintf(ret_text + used, RULE_BYTES - used, "%sat most %lu",
                       used > 0 ? " " : "", (unsigned long)rule->most);
        append_time(ret_text, " in ", rule->within);
    }
    strcat(ret_text, rule->with_storage ? " with storage" : "");
    strcat(ret_text, rule->quietly ? " quietly" : "");
}

/* ---- deciding ----------------------------------------------------------- */

static bool too_often(const struct rule *rule, struct rule_history *history,
                      uint64_t now)
{
    if (history->counted == 0 || now - history->counted_from >= rule->within) {
        history->counted = 0;
        history->counted_from = now;
    }
    return history->counted >= rule->most;
}

bool rule_decide(const struct rule *rule, struct rule_history *history,
                 uint64_t now, uint64_t life, uint64_t *ret_pause)
{
    if (rule->never || (rule->most != 0 && too_often(rule, history, now))) {
        return false;
    }
    history->counted++;
    if (history->pause == 0 || life > RULE_LONGEST_PAUSE) {
        history->pause = rule->pause;
    }
    *ret_pause = history->pause;
    if (rule->growing) {
        history->pause = history->pause < RULE_LONGEST_PAUSE / 2
                             ? history->pause * 2
                             : RULE_LONGEST_PAUSE;
    }
    return true;
}
