/* Commands that show what there is. */
#include "command.h"
#include "control.h"

#include <inspect.h>

bool do_list(void)
{
    inspect_list(&s.parent, words_skip(&s.line, "short"));
    return true;
}

bool do_files(void)
{
    inspect_files(&s.parent);
    return true;
}

bool do_max(void) { return done(inspect_own_claims(&s.parent)); }

bool do_claims(void)
{
    const struct child *child = control_chosen();
    return child != NULL && control_is_process(child) &&
           done(inspect_claims(&s.parent, child));
}

bool do_registers(void)
{
    const struct child *child = control_chosen();
    if (child == NULL || !control_is_process(child) ||
        !control_has_program(child)) {
        return false;
    }
    say("%s is %s", child->name, control_state(child));
    inspect_registers(&s.parent, child);
    return true;
}

/* A number that may be left out: a word that does not begin with a digit is
 * the next command. */
static bool comes_number(void)
{
    const char *word = words_look(&s.line);
    return word != NULL && word[0] >= '0' && word[0] <= '9';
}

bool do_print(void)
{
    const char *what = "an address, or how many bytes";
    uint64_t first, count = INSPECT_USUAL_BYTES;
    bool has_first = comes_number();
    if ((has_first && !take_number(what, &first)) ||
        (has_first && comes_number() && !take_number(what, &count))) {
        return false;
    }
    const struct child *child = control_chosen();
    return child != NULL && control_is_process(child) &&
           control_has_program(child) &&
           done(inspect_storage(&s.parent, child, has_first ? &first : NULL,
                                count));
}
