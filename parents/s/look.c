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

bool do_devices(void)
{
    inspect_devices(&s.parent);
    return true;
}

bool do_max(void)
{
    inspect_own_claims(&s.parent);
    return true;
}

bool do_claims(void)
{
    const struct child *child = control_process();
    if (child == NULL) { return false; }
    inspect_claims(&s.parent, child);
    return true;
}

bool do_registers(void)
{
    const struct child *child = control_process();
    if (child == NULL || !control_has_program(child)) { return false; }
    say("%s is %s", child->name, control_state(child));
    inspect_registers(&s.parent, child);
    return true;
}

bool do_print(void)
{
    const struct child *child = control_process();
    return child != NULL && control_has_program(child) &&
           done(inspect_storage(&s.parent, child, &s.line));
}
