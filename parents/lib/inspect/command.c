/* The commands of inspect.h. */
#include "inspect.h"

/* Whom a command is about; null: refused, in words. */
static const struct child *take_child(struct parent *parent,
                                      struct words *words)
{
    const char *name = words_wanted(words, "the name of a process");
    const struct child *child =
        name == NULL ? NULL : child_named(&parent->children, name);
    if (child != NULL && child->state != CHILD_PSEUDO) { return child; }
    if (name == NULL) {
        parent_say(parent, "syntax error: %s", words->wrong);
    } else {
        parent_say(parent, "process unknown: %s has no child `%s`",
                   parent->name, name);
    }
    return NULL;
}

bool inspect_command(struct parent *parent, struct words *words)
{
    const struct child *child;
    if (words_skip(words, "list")) {
        inspect_list(parent, words_skip(words, "short"));
    } else if (words_skip(words, "devices")) {
        inspect_devices(parent);
    } else if (words_skip(words, "claims")) {
        child = take_child(parent, words);
        if (child != NULL) { inspect_claims(parent, child); }
    } else if (words_skip(words, "registers")) {
        child = take_child(parent, words);
        if (child != NULL) { inspect_registers(parent, child); }
    } else if (words_skip(words, "print")) {
        child = take_child(parent, words);
        if (child != NULL && !inspect_storage(parent, child, words)) {
            parent_say(parent, "%s", parent->refusal);
        }
    } else {
        return false;
    }
    if (!words_at_end(words)) {
        parent_say(parent, "syntax error: %s", words->wrong);
    }
    return true;
}
