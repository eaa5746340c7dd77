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
#define NOBODY (-1)
#define MODEL_ROOT 0

enum { PC = 0, RA = 1, T0 = 5, T1 = 6, T2 = 7, A0 = 10, A7 = 17, T3 = 28 };

struct model_window {
    uint64_t page, onto, rights;
    bool touched; /* since it was opened, by the process or from below */
};

/* The windows of a process, or of several. */
struct model_set {
    struct model_window window[MODEL_WINDOWS];
    unsigned windows;
    int maker; /* whose own table is the highest one; NOBODY: gone */
};

struct model_process {
    bool alive, stopped, is_pseudo, closed;
    bool repeats; /* its call is carried out when it next runs */
    int parent, depth;
    uint64_t born; /* serial */
    uint64_t reference, name[2], number, horizon, mask, share, server, area;
    uint64_t lines;
    uint64_t x[32], f[32], fcsr, floats;
    enum kerne_wait wait;
    uint64_t wait_for;
    int serving;                         /* buffer */
    uint64_t buffers, processes, tables; /* received */
    uint64_t spare; /* `claimed` of the buffer that is kept for the next one */
    int set; /* of windows: its own, or with others */
    /* In a break: whose window is missing, what it touched; or it is one for
     * a page of the sender, in general copy. */
    int culprit;
    uint64_t fault;
    bool copying;
};

struct model_buffer {
    bool in_use, is_break, regretted;
    enum kerne_state state;
    uint64_t identity, words[KERNE_WORDS], from, deadline;
    enum kerne_result result;
    int sender, receiver, owner, external, account;
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
    int user[KERNE_LINES];
};
extern struct model model;

/* ---- what the model is told -------------------------------------------- */

/* Has this process, whose wait has just ended, gone on behind its call? */
bool seen_completed(int p);
/* The buffer of this process's break. */
uint64_t seen_break(int p);
/* Does p, on another's account, pay for what it does, and so for this? */
bool seen_pays_itself(int p, uint64_t identity);
/* A register, where it brings something that only the nucleus knows. */
uint64_t seen_register(int p, int number);
/* How many of its pages are in the machine's tables. */

/* A function has ended in p, or waits, or broke: for those who count. */
enum { SEEN_WAITS = 60, SEEN_BREAKS = 61, SEEN_REFUSED = 62, SEEN_KINDS = 64 };
void seen_end(uint64_t function, unsigned how);

/* The nucleus has done what the model does not allow. */
_Noreturn void model_disagrees(const char *what);

/* ---- calls and other steps --------------------------------------------- */

/* The call in p's registers, to its end or its wait. */
void model_call(int p);
/* p's program touches an address: true if it may; else p breaks. */
bool model_touch(int p, uint64_t address, uint64_t access,
                 uint64_t *ret_physical);
/* The clock has come to model.now; line n interrupts. */
void model_clock(void);
void model_line(uint32_t number);

/* ---- questions --------------------------------------------------------- */

bool model_is_within(int p, int ancestor);
bool model_is_suspended(int p);
int model_account(int p);
void model_set_account(struct model_buffer *b, int p);
int model_by_reference(uint64_t reference);
int model_by_identity(uint64_t identity);
uint64_t model_free_buffers(int p);
uint64_t model_used_buffers(int p);
uint64_t model_free_processes(int p);
uint64_t model_used_processes(int p);
uint64_t model_free_tables(int p);
uint64_t model_used_tables(int p);
/* The next of a list: after `last`, NOBODY: the first; NOBODY: no more. */
int model_next_child(int p, int last);
int model_next_event(int p, int last);
int model_next_held(int p, int last);
int model_next_used(int p, int last);
struct model_set *model_set(int p);
/* The oldest of those that have p's windows and are younger than `last`. */
int model_next_sharer(int p, int last);
struct model_window *model_window(int p, uint64_t page);
/* Where a page of p is: the page of the root and rights; or whose window is
 * missing, and which.  With an access other than 0, it is touched. */
bool model_resolve(int p, uint64_t page, uint64_t access, uint64_t *ret_page,
                   uint64_t *ret_rights, int *ret_culprit);
struct model_page *model_page(uint64_t page);

/* ---- among the model's own files --------------------------------------- */

enum model_outcome { ENDS, WAITS_IN_CALL, BROKE };

void model_result(int p, enum kerne_result result);
void model_words(int p, const uint64_t words[KERNE_WORDS]);
enum kerne_result model_find(int caller, uint64_t reference, int *ret_p);
int model_new_set(int p);
int model_child(int p, uint64_t number);
int model_named(int p, const uint64_t name[2]);

bool model_message_function(int p, enum model_outcome *ret_outcome);
bool model_process_function(int p, enum model_outcome *ret_outcome);
bool model_registers_function(int p, enum model_outcome *ret_outcome);
bool model_name_function(int p, enum model_outcome *ret_outcome);
bool model_storage_function(int p, enum model_outcome *ret_outcome);
bool model_external_function(int p, enum model_outcome *ret_outcome);
bool model_break_function(int p, enum model_outcome *ret_outcome);
bool model_describe_function(int p, enum model_outcome *ret_outcome);
enum model_outcome model_copy(int p);

void model_carry_out(int p);
void model_deliver(int b, int receiver);
void model_answer(int b, enum kerne_result result, uint64_t word0,
                  uint64_t word1);
void model_answer_words(int b, enum kerne_result result,
                        const uint64_t words[KERNE_WORDS]);
void model_withdraw(int b);
void model_free(int b);
uint64_t model_sender(int sender, int receiver);
int model_receiver(int p, uint64_t address, int *ret_external, int *ret_pseudo);
void model_external_receive(int b);
void model_external_leave(int p);
void model_raise(int p, int culprit, const uint64_t words[KERNE_WORDS]);
void model_page_fault(int p, uint64_t fault, uint64_t access, bool copies);
enum kerne_result model_break_answer(int b, enum kerne_result result,
                                     const uint64_t words[KERNE_WORDS]);
/* A byte of p's storage; null: p may not so. */
uint8_t *model_byte(int p, uint64_t address, uint64_t access);
bool model_is_device(int p, uint64_t address);
void model_end_copy(int p, enum kerne_result result);
