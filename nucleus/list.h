/* Lists: rings of records, and a head that is in none. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A member of a record, or the list's head. */
struct link {
    struct link *next, *previous;
};

static inline void link_begin(struct link *head)
{
    head->next = head->previous = head;
}

static inline bool link_is_empty(const struct link *head)
{
    return head->next == head;
}

/* Puts a record before another; before the head is at the end. */
static inline void link_insert(struct link *before, struct link *l)
{
    struct link *previous = before->previous;
    l->next = before;
    l->previous = previous;
    previous->next = before->previous = l;
}

static inline void link_remove(const struct link *l)
{
    struct link *next = l->next, *previous = l->previous;
    next->previous = previous;
    previous->next = next;
}

/* The record whose member this is. */
#define link_record(link, type, member) \
    ((struct type *)((char *)(link)-offsetof(struct type, member)))
