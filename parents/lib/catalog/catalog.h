/*
 * What a parent asks of a store: the one among its children, or else the one in
 * sight.  A line of its operator, or what else it does, asks one thing after
 * another, and goes on by each answer:
 *
 *     static bool answered(uint64_t result, const struct kerne_words *answer);
 *     ...
 *     catalog_ask(&catalog, &message, answered);
 *
 * and from the hook `event` catalog_event() calls `answered`, which may ask
 * again.  Both return false for what is refused; why stands in the parent's
 * `refusal`.
 *
 * A store may be a child, and may stand still.  So the parent waits for its
 * answers as for every other event; if one takes long the question is `late`,
 * and whatever the operator says then may give it up.
 *
 *   K1  no function here waits
 *   K2  one message is under way, and one that was given up; while the store
 *       still has that, it is asked nothing else
 *   K3  what was given up grants nothing any more
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <fetch.h>
#include <skeleton.h>
#include <words.h>

typedef bool catalog_then(uint64_t result, const struct kerne_words *answer);

struct catalog {
    struct parent *parent;
    const char *command; /* what is being done: it stands in refusals */
    struct child *outer; /* a name for a store further out; null: none */
    struct child *using; /* a name of an area that is not in use yet; or null */
    uint64_t use_result; /* of its message, if that has come back; else 0 */
    struct kerne_words use_answer;

    uint64_t address; /* of the store that is asked */
    struct kerne_words message;
    catalog_then *then; /* null: nothing is asked */
    uint64_t buffer;    /* 0: it is not under way */
    uint64_t given_up;  /* one that the store may still have; 0: none */
    uint64_t alarm;     /* the clock's; 0: none is under way */
    bool is_late;

    /* What is told to a store among the children beside that: of children that
     * are gone, and of those that it knows nothing of. */
    uint64_t store;       /* its reference; 0: there is none */
    uint64_t chore;       /* a message; 0: none is under way */
    struct child *opened; /* it has an account that wants more; or null: */
    uint64_t more_entries, more_segments;
    struct child *unmet; /* to whom it gives; null: it takes back */
    char gone_name[CHILDREN_MAX][KERNE_NAME_BYTES];
    uint64_t gone;

    struct fetch fetch;       /* what is read, */
    uint8_t head[KERNE_PAGE]; /* and the first page of a program */
};

/* ---- asking ------------------------------------------------------------ */

/* Is there a store?  One further out is presented to the children, under this
 * name.  The second refuses, if there is none. */
bool catalog_has_store(struct catalog *catalog);
bool catalog_must_have_store(struct catalog *catalog);

/* Asks the store, or who is at an address; catalog_send() sends it. */
bool catalog_ask(struct catalog *catalog, const struct kerne_words *message,
                 catalog_then *then);
bool catalog_ask_at(struct catalog *catalog, uint64_t address,
                    const struct kerne_words *message, catalog_then *then);

/* Is something asked, and not answered? */
static inline bool catalog_is_open(const struct catalog *catalog)
{
    return catalog->then != NULL;
}

/* Sends what is asked, if it is not under way. */
bool catalog_send(struct catalog *catalog);

/* It is late after so many microseconds; at once, if no clock can tell. */
void catalog_set_alarm(struct catalog *catalog, uint64_t microseconds);

/* Nobody waits for the answer any more. */
void catalog_give_up(struct catalog *catalog);

enum catalog_event {
    CATALOG_OTHER,   /* it is none of the store's */
    CATALOG_LATE,    /* the answer takes long */
    CATALOG_DONE,    /* it has come, and led to no refusal */
    CATALOG_REFUSED, /* it has led to one */
    CATALOG_ENDED, /* the use of an area has ended, and `refusal` says why; its
                      * name is to be removed */
};

/* Handles an answer; *ret_ended is that name. */
enum catalog_event catalog_event(struct catalog *catalog,
                                 const struct kerne_received *received,
                                 struct child **ret_ended);

/* Notes why the store has not done something with an area; always false. */
bool catalog_refuse(struct catalog *catalog, const char *name, uint64_t result,
                    const struct kerne_words *answer);

/* ---- of an operator ------------------------------------------------------ */

/* What the words behind one of these say: search, lookup NAME, set NAME
 * SEGMENTS, resize NAME SEGMENTS, rename NAME NEW, clear NAME, or
 * use NAME [read]. */
bool catalog_command(struct catalog *catalog, const char *command,
                     struct words *words);

/* Says what can be loaded from the store. */
bool catalog_files(struct catalog *catalog);

/* ---- programs ------------------------------------------------------------ */

/* Finds the program that a command names: a file of the image, or, if that has
 * none, an area of the store; store/NAME is one in any case.  Its head is
 * looked at; then `found` is called. */
bool catalog_find_program(struct catalog *catalog, const char *command,
                          bool (*found)(void));

/* Loads what was found into a child that was created; then `loaded` is called.
 * A program is read from the store straight to where it lies in the child. */
bool catalog_load(struct catalog *catalog, struct child *child,
                  bool (*loaded)(void));

/* ---- claims -------------------------------------------------------------- */

/* Gives a child claims on a store that is a child, too, and notes them there;
 * then calls `then`: at once, if they are nothing. */
bool catalog_give(struct catalog *catalog, struct child *child,
                  uint64_t entries, uint64_t segments, bool (*then)(void));

/* The child is about to be removed: what it was given will be taken back. */
void catalog_removed(struct catalog *catalog, const struct child *child);

/* Tells the store what it is to be told, one message after another; true: there
 * is no more.  To be called before each event is waited for. */
bool catalog_chores(struct catalog *catalog);
void catalog_chore_done(struct catalog *catalog,
                        const struct kerne_received *received);

/* Says what each child was given, if it was; the store is not asked. */
void catalog_list_claims(const struct catalog *catalog);

/* Says what a child, or the parent (null), has of the store's. */
bool catalog_show_claims(struct catalog *catalog, const struct child *child);
