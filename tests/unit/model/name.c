/* Names and addresses in the model. */
#include <stdio.h>
#include <string.h>

#include "model.h"

#define PSEUDO_LIMIT 40

struct model_process *model_child(const struct model_process *p,
                                  uint64_t number)
{
    struct model_process *c = model_next_child(p, NULL);
    while (c != NULL && c->number != number) { c = model_next_child(p, c); }
    return c;
}

static bool is_same(const uint64_t a[2], const uint64_t b[2])
{
    return a[0] == b[0] && a[1] == b[1];
}

struct model_process *model_named(const struct model_process *p,
                                  const uint64_t name[2])
{
    struct model_process *c = model_next_child(p, NULL);
    while (c != NULL && !is_same(c->name, name)) { c = model_next_child(p, c); }
    return c;
}

/* The ancestor so many levels up, if p may look so far. */
static struct model_process *outwards(struct model_process *p, uint64_t up)
{
    if (up > p->horizon) { return NULL; }
    while (up-- > 0 && p != NULL) { p = p->parent; }
    return p;
}

static struct model_process *one_step(struct model_process *p, uint64_t address,
                                      int *ret_external)
{
    *ret_external = MODEL_NO_EXTERNAL;
    if (address == KERNE_SELF) { return p; }
    if (address == KERNE_PARENT) { return p->parent; }
    struct model_process *declarer = outwards(p, address >> 16);
    uint64_t number = address & 0xffff;
    if (declarer == NULL) { return NULL; }
    if (declarer == MODEL_ROOT && number >= KERNE_EXTERNAL &&
        number < KERNE_EXTERNAL + KERNE_LINES) {
        *ret_external = (int)(number - KERNE_EXTERNAL);
    }
    return number < KERNE_CHILDREN ? model_child(declarer, number) : NULL;
}

/* Who gets a message of p's to this address, an internal process or an external
 * one; and the flags that tell it of the last pseudo process on the way. */
struct model_process *model_receiver(struct model_process *p, uint64_t address,
                                     int *ret_external, uint64_t *ret_pseudo)
{
    struct model_process *to = one_step(p, address, ret_external);
    *ret_pseudo = 0;
    for (int i = 0; to != NULL && to->is_pseudo; i++) {
        if (i == PSEUDO_LIMIT) { return NULL; } /* they go round in a circle */
        *ret_pseudo = KERNE_SENDER_PSEUDO | to->number << 32;
        to = one_step(to->parent, to->server, ret_external);
    }
    return to;
}

/* The sender as the receiver sees it: itself, or who has it inside. */
static const struct model_process *seen_by(const struct model_process *sender,
                                           const struct model_process *receiver)
{
    for (; sender->parent != NULL; sender = sender->parent) {
        if (sender->parent == receiver || sender->parent == receiver->parent) {
            return sender;
        }
    }
    model_disagrees("a message comes from where its receiver cannot look");
}

/* What the receiver learns: whom it would address itself. */
uint64_t model_sender(const struct model_process *sender,
                      const struct model_process *receiver)
{
    if (sender == receiver) { return KERNE_SELF; }
    if (receiver->parent == sender) { return KERNE_PARENT; }
    const struct model_process *seen = seen_by(sender, receiver);
    return KERNE_ADDRESS(seen->parent == receiver ? 0u : 1u, seen->number) |
           (seen != sender ? KERNE_SENDER_INSIDE : 0);
}

/* ---- the functions ----------------------------------------------------- */

bool model_is_name(const uint64_t name[2])
{
    char text[17] = "";
    memcpy(text, name, 16);
    size_t length = strlen(text);
    for (size_t i = length; i < 16; i++) {
        if (text[i] != '\0') { return false; }
    }
    return length > 0 && length < 16 && text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

/* The external process with this name, or none. */
static int external_named(const uint64_t name[2])
{
    for (int number = 0; number < KERNE_LINES; number++) {
        char text[16] = "clock";
        if (number > 0) { snprintf(text, sizeof text, "line%d", number); }
        if (memcmp(text, name, sizeof text) == 0) { return number; }
    }
    return MODEL_NO_EXTERNAL;
}

unsigned model_process_description(struct model_process *p)
{
    uint64_t *x = p->x;
    const uint64_t name[2] = { x[A0 + 1], x[A0 + 2] };
    if (!model_is_name(name)) { return KERNE_r_name_ill_formed; }
    int external = external_named(name);
    for (uint64_t up = x[A0];; up++) {
        const struct model_process *level = outwards(p, up);
        if (level == NULL) {
            x[A0] = seen_register(p, A0); /* open */
            return KERNE_r_name_unknown;
        }
        const struct model_process *found = model_named(level, name);
        if (found != NULL) {
            x[A0] = KERNE_ADDRESS(up, found->number);
            return KERNE_r_normal;
        }
        if (level == MODEL_ROOT && external != MODEL_NO_EXTERNAL) {
            x[A0] = KERNE_ADDRESS(up, KERNE_EXTERNAL + external);
            return KERNE_r_normal;
        }
    }
}

/* The names from the sender as the receiver sees it down to itself, or to the
 * first that is closed. */
unsigned model_sender_path(struct model_process *p)
{
    uint64_t *x = p->x, level = x[A0 + 1];
    const struct model_buffer *b = model_by_identity(x[A0]);
    if (b == NULL || b->state == KERNE_ANSWERED || b->receiver != p ||
        b->sender == NULL || b->regretted) {
        return KERNE_r_gone;
    }
    const struct model_process *sender = b->sender;
    if (sender == p || p->parent == sender) { return KERNE_r_no_more; }
    const struct model_process *seen = seen_by(sender, p), *shown = sender;
    uint64_t below = (uint64_t)(sender->depth - seen->depth);
    if (level > below) { return KERNE_r_no_more; }
    for (; below > level; below--) { shown = shown->parent; }
    for (const struct model_process *a = shown; a != seen;) {
        a = a->parent;
        if (a->closed) { return KERNE_r_no_more; }
    }
    x[A0 + 1] = shown->name[0];
    x[A0 + 2] = shown->name[1];
    return KERNE_r_normal;
}
