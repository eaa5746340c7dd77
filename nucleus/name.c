/*
 * Names and addresses, block-structured as in ALGOL.
 *
 * N1  A process's display holds its ancestors by depth, itself last.
 * N2  The slot of child number k holds the child with that number, 0 if there
 *     is none; a process being removed has no slot any more.
 * N3  No two children of one parent have the same name.
 *
 * An address (n, k) is child k of the ancestor n levels up, which the display
 * gives at once: the cost does not grow with depth.
 */
#include "nucleus.h"

/* So many levels up from p; null: out of its sight. */
static struct process *ancestor(const struct process *p, uint64_t up)
{
    bool in_sight = up <= p->horizon && up <= p->depth;
    return in_sight ? process_at(p->display[p->depth - up]) : NULL;
}

/* One step: an address that p uses, not looking behind pseudo processes. */
static uint32_t resolve_once(const struct process *p, uint64_t address)
{
    uint32_t number = address & 0xffff;
    if (address == KERNE_PARENT) { return p->parent; }
    if (address == KERNE_SELF) { return process_index(p); }
    const struct process *a = ancestor(p, address >> 16);
    if (a == NULL) { return TARGET_NONE; }
    if (number < KERNE_CHILDREN) { return process_children(a)[number]; }
    return a->depth == 0 && number < KERNE_EXTERNAL + KERNE_LINES
               ? TARGET_EXTERNAL + number - KERNE_EXTERNAL
               : TARGET_NONE;
}

/* Whom an address means to p at this moment.  Pseudo processes are followed,
 * each seen from its declarer, and the last one is told; a circle of them
 * means nobody.  Cost: constant, and as much for each of them on the way. */
uint32_t name_resolve(struct process *p, uint64_t address, uint64_t *ret_pseudo)
{
    uint32_t target = resolve_once(p, address);
    for (int i = 0; i <= DEPTH_LIMIT; i++) {
        if (target >= TARGET_EXTERNAL) { return target; }
        const struct process *to = process_at(target);
        if (!to->is_pseudo) { return target; }
        target = resolve_once(process_parent(to), to->server);
        *ret_pseudo = KERNE_SENDER_PSEUDO | (uint64_t)to->number << 32;
    }
    return TARGET_NONE;
}

static bool is_name_character(char c, bool first)
{
    return (c >= 'a' && c <= 'z') ||
           (!first && ((c >= '0' && c <= '9') || c == '_' || c == '-'));
}

/* [a-z][a-z0-9_-]*, at most 15 characters, the rest zero. */
bool name_is_well_formed(const uint64_t name[2])
{
    const char *text = (const char *)name;
    int length = 0, i;
    while (length < 15 && is_name_character(text[length], length == 0)) {
        length++;
    }
    for (i = length; i < KERNE_NAME_BYTES && text[i] == '\0';) { i++; }
    return length > 0 && i == KERNE_NAME_BYTES;
}

/* The child with this name; null: none.  Cost: grows with the children, of
 * which a process has at most KERNE_CHILDREN. */
struct process *name_child(struct process *parent, const uint64_t name[2])
{
    struct process *c;
    for (uint16_t i = parent->first_child; i != 0; i = c->next_sibling) {
        c = process_at(i);
        if (c->name[0] == name[0] && c->name[1] == name[1] &&
            (c->held_out & KERNE_HELD_DYING) == 0) { return c; }
    }
    return NULL;
}

/* 4.  The nearest declaration of a name, from the inside outwards.  One level
 * in each step; a0 counts the levels done. */
enum kerne_result name_look_up(struct process *p)
{
    const uint64_t name[2] = { p->x[R_A1], p->x[R_A2] };
    uint64_t up = p->x[R_A0], number = 0;
    struct process *a = ancestor(p, up);
    REFUSE(!name_is_well_formed(name), name_ill_formed);
    if (a == NULL) { p->x[R_A0] = 0; } /* neither tells where it ended */
    REFUSE(a == NULL, name_unknown);
    const struct process *found = name_child(a, name);
    if (found != NULL) {
        number = found->number;
    } else if (a->depth != 0 || !external_look_up(name, &number)) {
        p->x[R_A0]++;
        return AGAIN;
    }
    p->x[R_A0] = KERNE_ADDRESS(up, number);
    return KERNE_r_normal;
}

/* 134.  The names below the child or sibling that sent a message, down to the
 * sender or to the first system that is closed.  Cost: grows with the level. */
enum kerne_result name_sender_path(struct process *p)
{
    const struct buffer *b = message_find(p->x[R_A0]);
    uint64_t level = p->x[R_A1];
    REFUSE(b == NULL || b->sender == 0 || b->state == KERNE_ANSWERED ||
           b->receiver != process_index(p) || b->regretted, gone);
    const struct process *sender = process_at(b->sender);
    bool own = sender == p || p->parent == b->sender; /* itself, its parent */
    uint64_t first = process_is_within(sender, p) ? p->depth + 1u : p->depth;
    REFUSE(own || level > sender->depth - first, no_more);
    for (uint64_t depth = first; depth < first + level; depth++) {
        REFUSE(process_at(sender->display[depth])->closed, no_more);
    }
    const struct process *seen = process_at(sender->display[first + level]);
    p->x[R_A1] = seen->name[0];
    p->x[R_A2] = seen->name[1];
    return KERNE_r_normal;
}
