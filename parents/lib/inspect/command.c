/* The commands of inspect.h. */
#include "inspect.h"

static bool storage(struct parent *parent, struct words *words,
                    const struct child *child)
{
    uint64_t first, count = INSPECT_USUAL_BYTES;
    bool has_first = words_look(words) != NULL;
    if ((has_first && !words_number(words, "an address", &first)) ||
        (words_look(words) != NULL &&
         !words_number(words, "how many bytes", &count))) {
        return parent_refuse(parent, REFUSED_NUCLEUS, "%s", words->wrong);
    }
    return inspect_storage(parent, child, has_first ? &first : NULL, count);
}

/* What wants the name of a child. */
static bool of_child(struct parent *parent, struct words *words,
                     const char *command)
{
    const char *name = words_wanted(words, "the name of a process");
    if (name == NULL) {
        return parent_refuse(parent, REFUSED_NUCLEUS, "%s", words->wrong);
    }
    const struct child *child = child_named(&parent->children, name);
    if (child == NULL || child->state == CHILD_PSEUDO) {
        return parent_refuse(parent, REFUSED_NUCLEUS,
                             "process unknown: %s has no child `%s`",
                             parent->name, name);
    }
    switch (command[0]) {
    case 'c': return inspect_claims(parent, child);
    case 'p': return storage(parent, words, child);
    default: inspect_registers(parent, child); return true;
    }
}

bool inspect_command(struct parent *parent, struct words *words)
{
    static const char *const commands[] = { "claims", "registers", "print" };
    if (words_skip(words, "list")) {
        inspect_list(parent, words_skip(words, "short"));
        return true;
    }
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (words_skip(words, commands[i])) {
            if (!of_child(parent, words, commands[i])) {
                parent_say(parent, "%s", parent->refusal);
            }
            return true;
        }
    }
    return false;
}
