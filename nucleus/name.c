/*
 * Names and addresses, block-structured as in ALGOL.  The rules are in
 * process.h.
 */
#include "hart.h"

/* The child with this name; null: none.  Those being removed, which stand at
 * the end, have none.  Cost: grows with the children, of which a process has at
 * most KERNE_CHILDREN. */
struct process *name_child(struct process *parent, const uint64_t name[2])
{
    const struct link *head = &parent->children;
    for (struct link *l = head->next; l != head; l = l->next) {
        struct process *c = link_record(l, process, sibling);
        if ((c->suspended & KERNE_SUSPENDED_DYING) != 0) { break; }
        if (c->name[0] == name[0] && c->name[1] == name[1]) { return c; }
    }
    return NULL;
}

/* 4.  The nearest declaration of a name, from the inside outwards.  One level
 * in each step; a0 counts the levels done. */
enum kerne_result name_look_up(struct process *p)
{
    const uint64_t *name = &p->x[R_A1];
    uint64_t up = p->x[R_A0], number = 0;
    REFUSE(!kerne_name_is_good(name), name_ill_formed);
    if (up > p->horizon) {
        p->x[R_A0] = 0; /* which does not tell where it ended */
        return KERNE_r_name_unknown;
    }
    struct process *a = process_at(p->display[p->depth - up]);
    const struct process *found = name_child(a, name);
    if (found != NULL) {
        number = found->number;
    } else if (a->parent != NULL || !external_look_up(name, &number)) {
        p->x[R_A0]++;
        return AGAIN;
    }
    p->x[R_A0] = KERNE_ADDRESS(up, number);
    return KERNE_r_normal;
}

/* 134.  The names below the child or sibling that sent a message, down to the
 * sender or to the first system that is closed; there are none above, nor of
 * oneself.  Cost: grows with the level. */
enum kerne_result name_sender_path(struct process *p)
{
    const struct buffer *b = message_find(p->x[R_A0]);
    uint64_t level = p->x[R_A1];
    REFUSE(b == NULL || b->state == KERNE_ANSWERED || b->receiver != p ||
           b->regretted, gone);
    uint64_t up = KERNE_SENDER_ADDRESS(b->from) >> 16;
    uint64_t depth = p->depth + 1u - up; /* of whom p sees */
    REFUSE(up > 1, no_more);
    const struct process *seen = process_at(b->sender->display[depth]);
    for (; level > 0; level--) {
        REFUSE(seen->closed || seen == b->sender, no_more);
        seen = process_at(b->sender->display[++depth]);
    }
    p->x[R_A1] = seen->name[0];
    p->x[R_A2] = seen->name[1];
    return KERNE_r_normal;
}
