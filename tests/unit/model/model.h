/*
 * A plain model of the nucleus: what a call must do, by arrays and searches.
 *
 * It shares nothing with nucleus/ but the interface.  Every list is found by
 * looking through all records for the next serial number, every count by
 * counting, every page by asking one parent after another.  Long functions are
 * done at once.
 *
 * What the interface leaves open the model is told (see seen_*): identities,
 * and whether a process whose wait has ended has carried its call out already
 * or will repeat it when it next runs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kerne.h>

#define MODEL_PROCESSES 40
#define MODEL_BUFFERS 100
#define MODEL_WINDOWS 160
#define MODEL_PAGES 24
#define MODEL_PAGE_LIMIT (UINT64_C(1) << 26)
#define MODEL_ROOT (&model.process[0])
#define MODEL_NO_EXTERNAL (-1)

enum { PC = 0, RA = 1, T0 = 5, T1 = 6, T2 = 7, A0 = 10, A7 = 17, T3 = 28 };

/* In the order in which describe tells of them. */
enum model_claim { OF_BUFFERS, OF_PROCESSES, OF_TABLES, MODEL_CLAIMS };

struct model_window {
    uint64_t page, onto, rights;
    bool touched; /* since it was opened, by the process or from below */
};

/* The windows of a process, or of several. */
struct model_set {
    struct model_window window[MODEL_WINDOWS];
    unsigned windows;
    const struct model_process *maker; /* whose own table is the highest one */
};

struct model_process {
    bool alive, stopped, is_pseudo, closed;
    bool repeats; /* its call is carried out when it next runs */
    struct model_process *parent;
    int depth;
    uint64_t born; /* serial */
    uint64_t reference, name[2], number, horizon, mask, share, server, area;
    uint64_t x[32], f[32], fcsr, floats;
    enum kerne_wait wait;
    uint64_t wait_for;
    struct model_buffer *serving;
    uint64_t received[MODEL_CLAIMS];
    uint64_t spare; /* `claimed` of the buffer that is kept for the next one */
    struct model_set *set; /* its own, or with others */
    /* In a break: whose window is missing, what it touched; or it is one for
     * a page of the sender, in general copy. */
    struct model_process *culprit;
    uint64_t fault;
    bool copying;
};

struct model_buffer {
    bool in_use, is_break, regretted;
    enum kerne_state state;
    uint64_t identity, words[KERNE_WORDS], from, deadline;
    enum kerne_result result;
    struct model_process *sender, *receiver, *owner, *account;
    int external; /* that holds it */
    uint64_t account_born;
    uint64_t claimed, arrived, taken; /* serials */
};

/* A page of the root's that the tests use. */
struct model_page {
    uint64_t page, rights;
    bool is_device;
    uint8_t *bytes;
};

struct model {
    struct model_process process[MODEL_PROCESSES];
    struct model_set set[MODEL_PROCESSES];
    struct model_buffer buffer[MODEL_BUFFERS];
    struct model_page page[MODEL_PAGES];
    unsigned pages;
    uint64_t root_tables; /* of the root's own storage */
    uint64_t now, serial;
    struct model_process *user[KERNE_LINES];
};
extern struct model model;

/* ---- what the model is told -------------------------------------------- */

/* Has this process, whose wait has just ended, gone on behind its call? */
bool seen_completed(const struct model_process *p);
/* The buffer of this process's break. */
uint64_t seen_break(const struct model_process *p);
/* Does p, on another's account, pay for what it does, and so for this? */
bool seen_pays_itself(const struct model_process *p, uint64_t identity);
/* A register, where it brings something that only the nucleus knows. */
uint64_t seen_register(const struct model_process *p, int number);

/* How a call ends: with a result; with an event, as MODEL_EVENT and its kind,
 * + 4 if the last one is gone, + 8 if what was to be answered is; or so. */
enum {
    MODEL_EVENT = 32,
    MODEL_WAITS = 60,
    MODEL_BREAKS = 61,
    MODEL_REFUSED = 62,
    MODEL_ENDS = 64
};
/* A function of a process has come to that: for those who count. */
void seen_end(uint64_t function, unsigned how);

/* The nucleus has done what the model does not allow. */
_Noreturn void model_disagrees(const char *what);

/* ---- calls and other steps --------------------------------------------- */

/* The call in p's registers, to its end or its wait. */
void model_call(struct model_process *p);
/* p's program touches an address: true if it may; else p breaks. */
bool model_touch(struct model_process *p, uint64_t address, uint64_t access,
                 uint64_t *ret_physical);
/* The clock has come to model.now; line n interrupts. */
void model_clock(void);
void model_line(uint32_t number);

/* ---- questions --------------------------------------------------------- */

bool model_is_function(uint64_t number);
bool model_is_within(const struct model_process *p,
                     const struct model_process *ancestor);
bool model_is_suspended(const struct model_process *p);
struct model_process *model_account(struct model_process *p);
struct model_process *model_by_reference(uint64_t reference);
struct model_buffer *model_by_identity(uint64_t identity);
/* Of a claim: what p uses itself, and what it neither uses nor has given. */
uint64_t model_used(const struct model_process *p, enum model_claim claim);
uint64_t model_free(const struct model_process *p, enum model_claim claim);

/* Lists: the next one after `last`; null: the first; or there is no more.
 * Buffers are p's events, messages that it holds, or buffers of its claim in
 * use, as describe tells of them. */
struct model_process *model_next_child(const struct model_process *p,
                                       const struct model_process *last);
struct model_buffer *model_next(const struct model_process *p, uint64_t list,
                                const struct model_buffer *last);
bool model_is_in(const struct model_process *p, uint64_t list,
                 const struct model_buffer *b);
/* Those that have p's windows, the oldest first. */
struct model_process *model_next_sharer(const struct model_process *p,
                                        const struct model_process *last);

struct model_window *model_window(const struct model_process *p, uint64_t page);
/* Where a page of p is: which page of the root; or, if p may not access it so,
 * whose window is missing, and where.  With an access other than 0, it is
 * touched. */
struct model_way {
    bool is_open;
    uint64_t page, rights;
    struct model_process *culprit;
};
struct model_way model_way(struct model_process *p, uint64_t page,
                           uint64_t access);
struct model_page *model_page(uint64_t page);

/* ---- among the model's own files --------------------------------------- */

/* Each function, done by p: how it ends, of MODEL_... above. */
#define KERNE_FUNCTION(number, name, handler) \
    unsigned model_##name(struct model_process *p);
#include <functions.def>
#undef KERNE_FUNCTION
void model_carry_out(struct model_process *p);

extern const uint64_t model_none[KERNE_WORDS]; /* zeros */
void model_tell(struct model_process *p, const uint64_t words[KERNE_WORDS]);
/* The descendant that a reference means to the caller; the same if it is none
 * but an internal process. */
enum kerne_result model_find(const struct model_process *caller,
                             uint64_t reference, struct model_process **ret_p);
enum kerne_result model_internal(const struct model_process *caller,
                                 uint64_t reference,
                                 struct model_process **ret_p);

struct model_set *model_new_set(const struct model_process *p);
bool model_is_name(const uint64_t name[2]);
struct model_process *model_child(const struct model_process *p,
                                  uint64_t number);
struct model_process *model_named(const struct model_process *p,
                                  const uint64_t name[2]);
uint64_t model_sender(const struct model_process *sender,
                      const struct model_process *receiver);
struct model_process *model_receiver(struct model_process *p, uint64_t address,
                                     int *ret_external, uint64_t *ret_pseudo);

struct model_buffer *model_take_buffer(struct model_process *p,
                                       uint64_t identity);
void model_deliver(struct model_buffer *b, struct model_process *receiver);
void model_answer(struct model_buffer *b, enum kerne_result result,
                  const uint64_t words[KERNE_WORDS]);
void model_withdraw(struct model_buffer *b);
void model_give_back(struct model_buffer *b);
void model_external_receive(struct model_buffer *b);
void model_external_leave(const struct model_process *p);
struct model_buffer *model_waiting_at(int line);

void model_raise(struct model_process *p, struct model_process *culprit,
                 const uint64_t words[KERNE_WORDS]);
/* p may not touch this address of its own, or one of the sender's whose page
 * `culprit` lacks; the call is repeated. */
unsigned model_page_fault(struct model_process *p, uint64_t fault,
                          uint64_t access, bool copies);
enum kerne_result model_break_answer(struct model_buffer *b,
                                     enum kerne_result result,
                                     const uint64_t words[KERNE_WORDS]);
/* The byte of p at an address; null: it may not be accessed so. */
uint8_t *model_byte(struct model_process *p, uint64_t address, uint64_t access);
bool model_is_device(struct model_process *p, uint64_t address);
