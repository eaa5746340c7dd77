/*
 * Names and addresses, block-structured as in ALGOL.  The rules are in
 * process.h.
 */
#include "hart.h"

#define STEP 256 /* of a search: links followed, and 8 for each level */

/* Where the chain begins that a child of this name would stand in. */
static struct process **chain(const struct process *parent,
                              const uint64_t name[2])
{
    uint64_t hash = (name[0] ^ name[1]) * UINT64_C(0x9e3779b97f4a7c15);
    return &parent->table->named[hash / (UINT64_MAX / NAME_CHAINS + 1)];
}

/* The child with this name; null: none.  Counts the links followed: there are
 * few, unless the names of the children have been chosen to stand in one chain.
 */
struct process *name_child(const struct process *parent, const uint64_t name[2],
                           unsigned *links)
{
    struct process *c = *chain(parent, name);
    for (; c != NULL; c = c->next_named, ++*links) {
        if (c->name[0] == name[0] && c->name[1] == name[1]) { break; }
    }
    return c;
}

/* p is its parent's child now, by name and number. */
void name_enter(struct process *p)
{
    struct process **first = chain(p->parent, p->name), *next = *first;
    p->next_named = next;
    p->named_by = first;
    if (next != NULL) { next->named_by = &p->next_named; }
    *first = p;
    p->parent->table->child[p->number] = process_index(p);
}

/* And is it no more. */
void name_vacate(struct process *p)
{
    struct process *next = p->next_named;
    if (next != NULL) { next->named_by = p->named_by; }
    *p->named_by = next;
    p->parent->table->child[p->number] = 0;
}

/* 4.  The nearest declaration of a name, from the inside outwards.  a0 counts
 * the levels done, if it takes more than one step.  Cost: a constant for each
 * level. */
enum kerne_result name_look_up(struct process *p)
{
    const uint64_t *name = &p->x[R_A1];
    uint64_t *up = &p->x[R_A0], number = 0;
    REFUSE(!kerne_name_is_good(name), name_ill_formed);
    for (unsigned links = 0; *up <= p->horizon; ++*up, links += 8) {
        if (links >= STEP) { return AGAIN; }
        const struct process *a = process_at(p->display[p->depth - *up]);
        const struct process *found = name_child(a, name, &links);
        if (found != NULL) { number = found->number; }
        if (found != NULL ||
            (a->parent == NULL && external_look_up(name, &number))) {
            *up = KERNE_ADDRESS(*up, number);
            return KERNE_r_normal;
        }
    }
    *up = 0; /* which does not tell where it ended */
    return KERNE_r_name_unknown;
}

/* 134.  The names below the child or sibling that sent a message, down to the
 * sender or to the first system that is closed; there are none above, nor of
 * oneself.  Cost: grows with the level. */
enum kerne_result name_sender_path(struct process *p)
{
    const struct buffer *b = message_find(p->x[R_A0]);
    uint64_t level = p->x[R_A1];
    REFUSE(b->state == KERNE_ANSWERED || b->receiver != p || b->regretted,
           gone);
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
