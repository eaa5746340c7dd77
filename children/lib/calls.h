/*
 * The functions of the nucleus as C functions.
 *
 * Each is one `ecall`; what it does, and every result, stands in kerne.h and
 * in docs/man.  A result is an enum kerne_result as uint64_t; outputs named
 * ret_* are written always, and mean something only with a result that says
 * so.  No pointer argument may be null, unless its comment says so, not even of
 * an output that is not wanted: the compiler removes what is not used.
 */
#pragma once

#include <kerne.h>
#include <string.h>

/* A message or an answer. */
struct kerne_words {
    uint64_t w[KERNE_WORDS];
};

/* An event, or a message received. */
struct kerne_received {
    uint64_t event;  /* KERNE_EVENT_KIND(), KERNE_EVENT_RESULT(), bits */
    uint64_t sender; /* of a message: KERNE_SENDER_ADDRESS(), bits */
    uint64_t buffer;
    struct kerne_words words;
};

/* The registers of a call, both ways. */
struct kerne_registers {
    uint64_t a7, a0, a1, a2, a3, a4, a5, a6, t0, t1, t2;
};

/* Calls the nucleus with all registers of the interface. */
static inline void kerne_call(struct kerne_registers *r)
{
    register uint64_t a7 __asm__("a7") = r->a7;
    register uint64_t a0 __asm__("a0") = r->a0;
    register uint64_t a1 __asm__("a1") = r->a1;
    register uint64_t a2 __asm__("a2") = r->a2;
    register uint64_t a3 __asm__("a3") = r->a3;
    register uint64_t a4 __asm__("a4") = r->a4;
    register uint64_t a5 __asm__("a5") = r->a5;
    register uint64_t a6 __asm__("a6") = r->a6;
    register uint64_t t0 __asm__("t0") = r->t0;
    register uint64_t t1 __asm__("t1") = r->t1;
    register uint64_t t2 __asm__("t2") = r->t2;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3),
                       "+r"(a4), "+r"(a5), "+r"(a6), "+r"(t0), "+r"(t1),
                       "+r"(t2)
                     :
                     : "t3", "t4", "t5", "t6", "ra", "memory");
    *r = (struct kerne_registers){ a7, a0, a1, a2, a3, a4, a5, a6, t0, t1, t2 };
}

/* For what a call does not look at: whatever the register holds. */
static inline uint64_t kerne_any(void)
{
    uint64_t any;
    __asm__ volatile("" : "=r"(any));
    return any;
}

/* A call with nothing but a0 as yet. */
static inline struct kerne_registers kerne_registers_for(uint64_t function,
                                                         uint64_t a0)
{
    return (struct kerne_registers){
        .a7 = function,
        .a0 = a0,
        .a1 = kerne_any(),
        .a2 = kerne_any(),
        .a3 = kerne_any(),
        .a4 = kerne_any(),
        .a5 = kerne_any(),
        .a6 = kerne_any(),
        .t0 = kerne_any(),
        .t1 = kerne_any(),
        .t2 = kerne_any(),
    };
}

/* And with the words of a message. */
static inline struct kerne_registers
kerne_registers_of(uint64_t function, uint64_t a0, const struct kerne_words *m)
{
    return (struct kerne_registers){
        .a7 = function,
        .a0 = a0,
        .a1 = m->w[0],
        .a2 = m->w[1],
        .a3 = m->w[2],
        .a4 = m->w[3],
        .a5 = m->w[4],
        .a6 = m->w[5],
        .t0 = m->w[6],
        .t1 = m->w[7],
        .t2 = kerne_any(),
    };
}

static inline struct kerne_words kerne_words_of(const struct kerne_registers *r)
{
    return (struct kerne_words){ { r->a1, r->a2, r->a3, r->a4, r->a5, r->a6,
                                   r->t0, r->t1 } };
}

static inline struct kerne_received
kerne_received_of(const struct kerne_registers *r)
{
    return (struct kerne_received){ r->t2, r->a7, r->a0, kerne_words_of(r) };
}

/* ---- names ------------------------------------------------------------- */

/* A name as two words; of more than fifteen characters, one that no process
 * can have. */
static inline void kerne_name(const char *name, uint64_t ret_name[2])
{
    size_t length = strlen(name);
    ret_name[0] = ret_name[1] = 0;
    memcpy(ret_name, length < KERNE_NAME_BYTES ? name : "?",
           length < KERNE_NAME_BYTES ? length : 1);
}

/* process description: the address under which `name` is seen from here. */
static inline uint64_t kerne_look_up(const char *name, uint64_t *ret_address)
{
    struct kerne_registers r = { .a7 = KERNE_process_description };
    uint64_t words[2];
    kerne_name(name, words);
    r.a1 = words[0];
    r.a2 = words[1];
    kerne_call(&r);
    *ret_address = r.a0;
    return r.t2;
}

/* sender path: the name `level` levels below the child or sibling that sent
 * the message in `buffer` (0: that child or sibling itself). */
static inline uint64_t kerne_sender_path(uint64_t buffer, uint64_t level,
                                         char ret_name[KERNE_NAME_BYTES])
{
    struct kerne_registers r = {
        .a7 = KERNE_sender_path,
        .a0 = buffer,
        .a1 = level,
    };
    kerne_call(&r);
    memcpy(ret_name, &r.a1, 8);
    memcpy(ret_name + 8, &r.a2, 8);
    return r.t2;
}

/* ---- messages ---------------------------------------------------------- */

/* With any result but normal, *ret_buffer is no buffer, and not what it was. */
static inline uint64_t kerne_send_message(uint64_t address,
                                          const struct kerne_words *message,
                                          uint64_t *ret_buffer)
{
    struct kerne_registers r =
        kerne_registers_of(KERNE_send_message, address, message);
    kerne_call(&r);
    *ret_buffer = r.a0;
    return r.t2;
}

/* The result of the answer, 1 to 5, or KERNE_r_gone. */
static inline uint64_t kerne_wait_answer(uint64_t buffer,
                                         struct kerne_words *ret_answer)
{
    struct kerne_registers r = kerne_registers_for(KERNE_wait_answer, buffer);
    kerne_call(&r);
    *ret_answer = kerne_words_of(&r);
    return r.t2;
}

static inline struct kerne_received kerne_wait_message(void)
{
    struct kerne_registers r =
        kerne_registers_for(KERNE_wait_message, kerne_any());
    kerne_call(&r);
    return kerne_received_of(&r);
}

static inline uint64_t kerne_send_answer(uint64_t buffer, uint64_t result,
                                         const struct kerne_words *answer)
{
    struct kerne_registers r =
        kerne_registers_of(KERNE_send_answer, buffer, answer);
    r.t2 = result;
    kerne_call(&r);
    return r.t2;
}

static inline struct kerne_received kerne_wait_event(uint64_t last)
{
    struct kerne_registers r = kerne_registers_for(KERNE_wait_event, last);
    kerne_call(&r);
    return kerne_received_of(&r);
}

static inline struct kerne_received kerne_test_event(uint64_t last)
{
    struct kerne_registers r = kerne_registers_for(KERNE_test_event, last);
    kerne_call(&r);
    return kerne_received_of(&r);
}

static inline uint64_t kerne_get_event(uint64_t buffer)
{
    struct kerne_registers r = kerne_registers_for(KERNE_get_event, buffer);
    kerne_call(&r);
    return r.t2;
}

static inline uint64_t kerne_regret_message(uint64_t buffer)
{
    struct kerne_registers r =
        kerne_registers_for(KERNE_regret_message, buffer);
    kerne_call(&r);
    return r.t2;
}

/* converse: send message and wait answer in one. */
static inline uint64_t kerne_converse(uint64_t address,
                                      const struct kerne_words *message,
                                      struct kerne_words *ret_answer)
{
    struct kerne_registers r =
        kerne_registers_of(KERNE_converse, address, message);
    kerne_call(&r);
    *ret_answer = kerne_words_of(&r);
    return r.t2;
}

/* serve: send answer (buffer 0: none), wait event and get event in one. */
static inline struct kerne_received
kerne_serve(uint64_t buffer, uint64_t result, const struct kerne_words *answer)
{
    struct kerne_registers r = kerne_registers_of(KERNE_serve, buffer, answer);
    r.t2 = result;
    kerne_call(&r);
    return kerne_received_of(&r);
}

/* general copy: `length` bytes between `own` and the sender's area, from
 * `offset` on.  *ret_bytes is how far it came, also with KERNE_r_missing. */
static inline uint64_t kerne_general_copy(uint64_t buffer,
                                          enum kerne_direction direction,
                                          uint64_t offset, const void *own,
                                          uint64_t length, uint64_t *ret_bytes)
{
    struct kerne_registers r = {
        .a7 = KERNE_general_copy,
        .a0 = buffer,
        .a1 = direction,
        .a2 = offset,
        .a3 = (uint64_t)own,
        .a4 = length,
    };
    kerne_call(&r);
    *ret_bytes = r.a0;
    return r.t2;
}

/* ---- processes --------------------------------------------------------- */

/* What create gives the new process, out of what its parent to be has. */
struct kerne_creation {
    uint64_t parent; /* reference; 0: the caller */
    const char *name;
    uint64_t number;    /* its child number, below KERNE_CHILDREN */
    uint64_t buffers;   /* message buffers */
    uint64_t processes; /* children and all below, pseudo processes too */
    uint64_t tables;    /* window tables, at least 1 */
    uint64_t mask;      /* KERNE_MASK_* */
    uint64_t horizon;
    uint64_t closed;
    uint64_t share;   /* 0: KERNE_SHARE */
    uint64_t windows; /* reference of a child of that parent: its windows, for
                       * both; 0: its own */
};

static inline uint64_t kerne_create(const struct kerne_creation *c,
                                    uint64_t *ret_reference)
{
    uint64_t name[2];
    kerne_name(c->name, name);
    struct kerne_registers r = {
        .a7 = KERNE_create_internal_process,
        .a0 = c->parent,
        .a1 = name[0],
        .a2 = name[1],
        .a3 = c->number,
        .a4 = c->buffers,
        .a5 = c->processes,
        .a6 = c->tables,
        .t0 = c->mask,
        .t1 = kerne_create_how(c->horizon, c->closed, c->share),
        .t2 = c->windows,
    };
    kerne_call(&r);
    *ret_reference = r.a0;
    return r.t2;
}

/* create pseudo process: messages to it go to `server`, an address as the
 * declarer (reference; 0: the caller) sees it, or KERNE_VACANT. */
static inline uint64_t kerne_create_pseudo(uint64_t declarer, const char *name,
                                           uint64_t number, uint64_t server,
                                           uint64_t *ret_reference)
{
    uint64_t words[2];
    kerne_name(name, words);
    struct kerne_registers r = {
        .a7 = KERNE_create_pseudo_process,
        .a0 = declarer,
        .a1 = words[0],
        .a2 = words[1],
        .a3 = number,
        .a4 = server,
    };
    kerne_call(&r);
    *ret_reference = r.a0;
    return r.t2;
}

static inline uint64_t kerne_call_2(uint64_t function, uint64_t a0, uint64_t a1)
{
    struct kerne_registers r = kerne_registers_for(function, a0);
    r.a1 = a1;
    kerne_call(&r);
    return r.t2;
}

static inline uint64_t kerne_start(uint64_t child)
{
    return kerne_call_2(KERNE_start_internal_process, child, 0);
}

static inline uint64_t kerne_stop(uint64_t child)
{
    return kerne_call_2(KERNE_stop_internal_process, child, 0);
}

static inline uint64_t kerne_remove(uint64_t child)
{
    return kerne_call_2(KERNE_remove_process, child, 0);
}

static inline uint64_t kerne_include_user(uint64_t child, uint64_t line)
{
    return kerne_call_2(KERNE_include_user, child, line);
}

static inline uint64_t kerne_exclude_user(uint64_t child, uint64_t line)
{
    return kerne_call_2(KERNE_exclude_user, child, line);
}

static inline uint64_t kerne_set_share(uint64_t child, uint64_t share)
{
    return kerne_call_2(KERNE_set_share, child, share);
}

/* set claims: what a descendant has of its parent's, from now on. */
static inline uint64_t kerne_set_claims(uint64_t child, uint64_t buffers,
                                        uint64_t processes, uint64_t tables)
{
    struct kerne_registers r = {
        .a7 = KERNE_set_claims,
        .a0 = child,
        .a1 = buffers,
        .a2 = processes,
        .a3 = tables,
    };
    kerne_call(&r);
    return r.t2;
}

/* `area` may be null: breaks go to the parent again. */
static inline uint64_t kerne_set_interrupt(void *area)
{
    return kerne_call_2(KERNE_set_interrupt, (uint64_t)area, 0);
}

/* modify: all registers of a descendant, read or set. */
static inline uint64_t
kerne_read_registers(uint64_t child, struct kerne_register_file *ret_file)
{
    struct kerne_registers r = {
        .a7 = KERNE_modify_internal_process,
        .a0 = child,
        .a1 = (uint64_t)ret_file,
        .a2 = KERNE_FETCH,
    };
    kerne_call(&r);
    return r.t2;
}

static inline uint64_t kerne_modify(uint64_t child,
                                    const struct kerne_register_file *file)
{
    struct kerne_registers r = {
        .a7 = KERNE_modify_internal_process,
        .a0 = child,
        .a1 = (uint64_t)file,
        .a2 = KERNE_STORE,
    };
    kerne_call(&r);
    return r.t2;
}

/* describe: *ret_next is the next cursor, or the buffer or value found. */
static inline uint64_t kerne_describe(uint64_t reference,
                                      enum kerne_describe what, uint64_t cursor,
                                      uint64_t *ret_next,
                                      struct kerne_words *ret_words)
{
    struct kerne_registers r = kerne_registers_for(KERNE_describe, reference);
    r.a1 = what;
    r.a2 = cursor;
    kerne_call(&r);
    *ret_next = r.a0;
    *ret_words = kerne_words_of(&r);
    return r.t2;
}

/* ---- storage and time -------------------------------------------------- */

/* map: the child's `pages` pages from `child_address` on become windows onto
 * the caller's pages from `own_address` on.  *ret_left: pages not done. */
static inline uint64_t kerne_map(uint64_t child, uint64_t child_address,
                                 uint64_t own_address, uint64_t pages,
                                 uint64_t rights, uint64_t *ret_left)
{
    struct kerne_registers r = kerne_registers_for(KERNE_map, child);
    r.a1 = child_address;
    r.a2 = own_address;
    r.a3 = pages;
    r.a4 = rights;
    kerne_call(&r);
    *ret_left = r.a3;
    return r.t2;
}

static inline uint64_t kerne_unmap(uint64_t child, uint64_t child_address,
                                   uint64_t pages, uint64_t *ret_left)
{
    struct kerne_registers r = kerne_registers_for(KERNE_unmap, child);
    r.a1 = child_address;
    r.a3 = pages;
    kerne_call(&r);
    *ret_left = r.a3;
    return r.t2;
}

static inline uint64_t kerne_physical_address(const volatile void *own,
                                              uint64_t *ret_physical)
{
    struct kerne_registers r =
        kerne_registers_for(KERNE_physical_address, (uint64_t)own);
    kerne_call(&r);
    *ret_physical = r.a0;
    return r.t2;
}

/* get clock, which has no arguments, and one value. */
static inline uint64_t kerne_get_clock(void)
{
    register uint64_t a7 __asm__("a7") = KERNE_get_clock;
    register uint64_t a0 __asm__("a0");
    __asm__ volatile("ecall"
                     : "=r"(a0)
                     : "r"(a7)
                     : "t2", "t3", "t4", "t5", "t6", "ra", "memory");
    return a0;
}
