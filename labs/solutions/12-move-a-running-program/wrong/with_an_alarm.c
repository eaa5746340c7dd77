/* Moves a running program to another system, and leaves its alarm behind. */
#include <move.h>

/* May the child be moved now, while it is stopped?  Nobody waits for it, and it
 * waits for nobody. */
static bool may_go(void)
{
    struct kerne_process_record process;
    struct kerne_sent_record sent;
    struct kerne_tree_record tree;
    uint64_t buffer = 0;
    return kerne_describe_process(child->reference, &process) ==
               KERNE_r_normal &&
           process.waits == KERNE_WAITS_NOT && buffer == 0 && sizeof sent > 0 &&
           kerne_describe_tree(child->reference, &tree) == KERNE_r_normal &&
           tree.first_child == 0;
}

/* Notes in the record what the child is. */
static void pack(void)
{
    struct kerne_window_record window;
    uint64_t page = 0;
    memcpy(record.name, child->name, sizeof record.name);
    record.pages = child->run.pages;
    record.windows = 0;
    while (record.windows < MOVE_WINDOWS &&
           kerne_describe_window(child->reference, &page, &window) ==
               KERNE_r_normal) {
        if (window.pages > 0) {
            record.window[record.windows++] =
                (struct move_window){ window.address,
                                      window.in_parent - child->run.first,
                                      window.pages, window.rights };
        }
    }
    (void)kerne_read_registers(child->reference, &record.registers);
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
bool unpack(void)
{
    for (uint64_t i = 0; i < record.windows && i < MOVE_WINDOWS; i++) {
        const struct move_window *w = &record.window[i];
        uint64_t left;
        if (w->offset / KERNE_PAGE > child->run.pages ||
            w->pages > child->run.pages - w->offset / KERNE_PAGE ||
            kerne_map(child->reference, w->address,
                      child->run.first + w->offset, w->pages, w->rights,
                      &left) != KERNE_r_normal) {
            return false;
        }
    }
    return kerne_modify(child->reference, &record.registers) == KERNE_r_normal;
}
