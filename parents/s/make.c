/* Commands that make the process that is described. */
#include "command.h"
#include "control.h"
#include "describe.h"
#include "family.h"

static bool loads, starts; /* what the line does beside creating it */

/* There must be something described that does not exist yet. */
static bool is_described(void)
{
    const char *name = s.description.name;
    if (s.chosen != NULL) { return control_refuse_state(s.chosen); }
    if (name[0] == '\0') {
        return refuse("process unknown: `%s` needs a name first: new NAME %s",
                      s.command, s.command);
    }
    return describe_name_is_usable(name);
}

/* The one that failed under this name goes, even if the new one is then
 * refused: what that lacks may be the old one's.  It is said, because nobody
 * can look at it any more.  So does a name for a store further out. */
static bool make_way(const char *name)
{
    struct child *old = child_named(&s.parent.children, name);
    if (old == NULL) { return true; }
    tell(old == s.catalog.outer ? "%s is not the one further out any more"
                                : "the old %s is removed",
         name);
    return family_remove(old);
}

static bool start_it(void)
{
    return !starts || child_start(&s.parent, s.chosen);
}

static bool load_it(void)
{
    return !loads || catalog_load(&s.catalog, s.chosen, start_it);
}

/* What cannot be loaded is not left behind. */
static bool create_it(void)
{
    struct child_order order = describe_order(&s.description);
    struct child *child;
    if (!make_way(order.name) || !child_create(&s.parent, &order, &child)) {
        return false;
    }
    *made_of(child) = s.description;
    s.chosen = s.making = child;
    return catalog_give(&s.catalog, child, s.description.entries,
                        s.description.segments, load_it);
}

bool do_create(void)
{
    loads = false;
    return is_described() && done(create_it());
}

static bool find(bool (*found)(void))
{
    const char *program = s.description.program;
    loads = true;
    if (program[strspn(program, " ")] == '\0') {
        return refuse("name unknown: the description names no file; `prog FILE`"
                      " does");
    }
    return done(catalog_find_program(&s.catalog, program, found));
}

bool do_load(void)
{
    struct child *child = control_changeable();
    if (child == NULL) { return false; }
    if (child->state != CHILD_CREATED) {
        return refuse("not allowed: load %s: it is %s; remove it, and create "
                      "it anew",
                      child->name, control_state(child));
    }
    starts = false;
    return find(load_it);
}

bool do_init(void)
{
    starts = false;
    return is_described() && find(create_it);
}

bool do_run(void)
{
    starts = true;
    return is_described() && find(create_it);
}
