/* Commands that show what there is. */
#include "command.h"
#include "control.h"
#include "describe.h"

#include <inspect.h>

bool do_list(void)
{
    inspect_list(&s.parent, words_skip(&s.line, "short"));
    catalog_list_claims(&s.catalog);
    return true;
}

bool do_files(void)
{
    inspect_files(&s.parent);
    return !catalog_has_store(&s.catalog) || done(catalog_files(&s.catalog));
}

bool do_area(void)
{
    const char *name = words_look(&s.line);
    bool is_new = strcmp(s.command, "use") == 0 && name != NULL;
    return (!is_new || describe_name_is_free(name)) &&
           done(catalog_command(&s.catalog, s.command, &s.line));
}

bool do_devices(void)
{
    inspect_devices(&s.parent);
    return true;
}

bool do_max(void)
{
    inspect_own_claims(&s.parent);
    return done(catalog_show_claims(&s.catalog, NULL));
}

bool do_claims(void)
{
    const struct child *child = control_process();
    if (child == NULL) { return false; }
    inspect_claims(&s.parent, child);
    return done(catalog_show_claims(&s.catalog, child));
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
