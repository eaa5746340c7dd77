#include "rule.h"

#include <stdio.h>

/* ---- reading ------------------------------------------------------------ */

/* Behind `at`. */
static bool read_at(struct words *words, struct rule *rule)
{
    if (words_skip(words, "once")) {
        rule->at_once = true;
        return true;
    }
    if (!words_skip(words, "most")) {
        return words_wrong(words, "behind `at` comes `once`, or `most 3 in 1 "
                                  "s`");
    }
    if (!words_number(words, "how often", &rule->most)) { return false; }
    if (rule->most == 0) {
        return words_wrong(words, "at most 0 times is `never`");
    }
    if (!words_skip(words, "in")) {
        return words_wrong(words, "behind `at most %lu` comes `in` and a time",
                           (unsigned long)rule->most);
    }
    return words_time(words, "that time", &rule->within) &&
           (rule->within != 0 ||
            words_wrong(words, "in no time nothing is too often: at least 1 "
                               "us, or `at once`"));
}

/* Behind `after`. */
static bool read_after(struct words *words, struct rule *rule)
{
    if (!words_time(words, "the pause", &rule->pause)) { return false; }
    rule->growing = words_skip(words, "growing");
    return (rule->pause > 0 && rule->pause <= RULE_LONGEST_PAUSE) ||
           words_wrong(words, "a pause is at least 1 us, and at most 1 min; "
                              "without a pause it is `at once`");
}

/* False: what comes is no part of a rule, or a wrong one. */
static bool read_part(struct words *words, struct rule *rule)
{
    if (words_skip(words, "at")) { return read_at(words, rule); }
    if (words_skip(words, "after")) { return read_after(words, rule); }
    if (words_skip(words, "with")) {
        rule->with_storage = words_skip(words, "storage");
        return rule->with_storage ||
               words_wrong(words, "behind `with` comes `storage`");
    }
    bool *flag = words_skip(words, "never")     ? &rule->never
                 : words_skip(words, "quietly") ? &rule->quietly
                                                : NULL;
    if (flag != NULL) { *flag = true; }
    return flag != NULL;
}

bool rule_read(struct words *words, struct rule *ret_rule)
{
    struct rule rule = { .never = false };
    while (read_part(words, &rule)) {}
    bool pauses = rule.pause != 0;
    bool again = rule.at_once || pauses || rule.most != 0;
    if (words->wrong[0] != '\0') { return false; }
    if (!again && !rule.never) {
        return words_wrong(words, "a rule is wanted: at once, after 10 ms, "
                                  "after 10 ms growing, at most 3 in 1 s, or "
                                  "never");
    }
    if ((again && rule.never) || (rule.at_once && pauses)) {
        return words_wrong(words,
                           "the rule contradicts itself: `%s` and "
                           "something else",
                           rule.never ? "never" : "at once");
    }
    *ret_rule = rule;
    return true;
}

/* ---- writing ------------------------------------------------------------ */

void rule_text(const struct rule *rule, char ret_text[RULE_BYTES])
{
    char after[RULE_BYTES] = "";
    char at_most[RULE_BYTES] = "";
    if (rule->pause != 0) {
        (void)snprintf(after, sizeof after, " after %s%s",
                       words_of_time(rule->pause).is,
                       rule->growing ? " growing" : "");
    }
    if (rule->most != 0) {
        (void)snprintf(at_most, sizeof at_most, " at most %lu in %s",
                       (unsigned long)rule->most,
                       words_of_time(rule->within).is);
    }
    (void)snprintf(ret_text, RULE_BYTES, "%s%s%s%s%s%s",
                   rule->never ? " never" : "",
                   rule->at_once && rule->most == 0 ? " at once" : "", after,
                   at_most, rule->with_storage ? " with storage" : "",
                   rule->quietly ? " quietly" : "");
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
