/* Moves a running program to another system: yours to write. */
#include <move.h>

/* May the child be moved now, while it is stopped? */
static bool may_go(void) { return true; }

/* Notes in the record what the child is. */
static void pack(void)
{
    memcpy(record.name, child->name, sizeof record.name);
    record.pages = child->run.pages;
}

/* Moves the child, if it may go; true: there is no more to be done. */
bool move(void)
{
    if (!child_stop(&mine, child)) { return true; }
    if (!may_go()) {
        child_start(&mine, child);
        return false;
    }
    pack();
    if (hand_over()) {
        child_remove(&mine, child);
    } else {
        child_start(&mine, child);
    }
    return true;
}

/* Makes the child what the record says; its storage has come already.  False:
 * that cannot be. */
bool unpack(void) { return false; }
