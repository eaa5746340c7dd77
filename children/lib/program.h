/*
 * What makes a program short: on top of the calls of the nucleus (calls.h)
 * and the contract with the parent (parent.h).
 *
 *     #include <program.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         struct kerne_words answer;
 *         uint64_t clock = kerne_find("clock");
 *         kerne_ask(clock, KERNE_CLOCK_DELAY, 10000000, 0, &answer);
 *         puts("a second has passed");
 *     }
 *
 * Standard C comes from picolibc: stdout and stderr are the console, a line
 * at a time; stdin gives the lines that the operator types to this program;
 * malloc takes from the storage behind the start record.  main gets the words
 * of the start record's arguments from argv[1] on; argv[0] is empty.
 *
 * "Costs" counts calls of the nucleus and conversations; what is not said
 * costs no call.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <calls.h>
#include <describe.h>
#include <parent.h>

#include <stdbool.h>
#include <stddef.h>

/* The start record: storage, ticks a second, arguments as they came. */
extern const struct kerne_start *kerne_start_record;

/* Where this program lies, from program.ld: pages [first, last). */
extern char kerne_text_first[], kerne_text_last[];         /* READ EXECUTE */
extern char kerne_constant_first[], kerne_constant_last[]; /* READ */
extern char kerne_stack_first[], kerne_stack_last[];       /* WRITE */
extern char kerne_data_first[], kerne_program_last[];      /* WRITE */

/* ---- to the operator and the parent -------------------------------------- */

/*
 * The program cannot go on: tells the parent why, and ends here.  The parent
 * leaves the process as it is, to be looked at, until it is removed.
 * `format` as for printf; at most KERNE_TEXT_BYTES - 1 characters.
 * Standard output that waits for its newline is written first.
 */
_Noreturn void kerne_give_up(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* ---- asking -------------------------------------------------------------- */

/*
 * The address under which this process sees `name`.  If it sees none, or
 * `name` is none, the program gives up and says so.  Costs one call.
 */
uint64_t kerne_find(const char *name);

/*
 * Sends a message without a grant, and waits for the answer.
 * Result: of the answer (1 to 5), or no_buffers (*ret_answer is then zero),
 * bad_address (`address` is none).  Costs one conversation.
 */
uint64_t kerne_ask(uint64_t address, uint64_t operation, uint64_t word_1,
                   uint64_t word_2, struct kerne_words *ret_answer);

/* A message that grants `bytes` bytes from `first` on: words 0, 1 and 2. */
static inline struct kerne_words kerne_area(uint64_t operation, uint64_t grant,
                                            const void *first, size_t bytes)
{
    return (struct kerne_words){ { KERNE_OPERATION(operation, grant),
                                   (uint64_t)first, (uint64_t)first + bytes } };
}

/*
 * Output to a process that understands it (console, parent, stand-in): asks
 * as often as it takes until all `bytes` bytes are taken.  Pages that the
 * receiver found missing are touched and asked for again.
 * Result: normal; of the answer if it is another one; malfunction also if the
 * receiver takes nothing eight times in a row; otherwise as kerne_ask.
 * *ret_bytes is how much was taken, always.  Costs one conversation for each
 * part that the receiver takes (the console: 1,024 bytes).
 */
uint64_t kerne_output(uint64_t address, const void *text, size_t bytes,
                      size_t *ret_bytes);

/*
 * Input: waits for one line, or what else the receiver gives as one.
 * Results as kerne_output; *ret_bytes is how much came, at most `bytes`; 0 is
 * the end of input.
 * Costs one conversation.
 */
uint64_t kerne_input(uint64_t address, void *ret_text, size_t bytes,
                     size_t *ret_bytes);

/* Waits so many ticks by a message to `clock`.  Results as kerne_ask; gives
 * up if there is no clock.  Costs one conversation; the first time a look-up
 * more. */
uint64_t kerne_delay(uint64_t ticks);

/* Ticks in so many microseconds, rounded up. */
uint64_t kerne_ticks(uint64_t microseconds);

/* Microseconds in so many ticks. */
uint64_t kerne_microseconds(uint64_t ticks);

/* ---- serving ------------------------------------------------------------- */

struct kerne_reply {
    uint64_t result; /* 1 to 5 */
    struct kerne_words words;
};

/*
 * Serves for ever: for each message, in order of arrival, `handle` fills in
 * the reply, which is then sent.  It begins as unintelligible with all words
 * zero, so a handler leaves alone what it does not know.  Answers (to what
 * the handler may have sent) and breaks of children are passed over: a
 * program that awaits those has a loop of its own around kerne_serve.
 * Costs one call for each message.
 */
_Noreturn void
kerne_serve_all(void (*handle)(const struct kerne_received *message,
                               struct kerne_reply *reply));

/* One answer at a time is held, for the call that waits for the next event to
 * send it: with a partner that waits for it, a direct switch.  The one that was
 * held before is sent at once. */
void kerne_hold_answer(uint64_t buffer, uint64_t result,
                       const struct kerne_words *words);
void kerne_send_held(void);

/* kerne_serve() with what is held; costs that one call. */
struct kerne_received kerne_serve_held(void);

/*
 * From here on at its own expense, though it holds messages: so a server that
 * waits for several at once does not let the last one pay for what comes next.
 * It copies nothing for a message to itself, which the first such call sends
 * and takes, before there is any other that it works for.  Costs one call, and
 * a message buffer.
 */
void kerne_work_for_oneself(void);

/* The operation of a message. */
static inline uint64_t kerne_operation_of(const struct kerne_words *message)
{
    return message->w[KERNE_WORD_OPERATION] >> 2;
}

/* The bytes of the area that a message names; 0 if it grants none so. */
uint64_t kerne_area_bytes(const struct kerne_words *message, uint64_t grant);

/*
 * The sender of a received message as people write it, for example
 * `boss/job3`: the child or sibling, and below it down to the first system
 * that is closed.  Cut to `bytes` (at least 1), and ends in 0; "parent" and
 * "myself" for those two, "?" if the buffer is not the caller's.
 * Costs one call for each part of the path.
 */
void kerne_sender_text(const struct kerne_received *message, char *ret_text,
                       size_t bytes);

/* How many of these bytes of UTF-8 are whole characters: all, but for one that
 * is cut off at their end. */
size_t kerne_whole_text(const char *text, size_t bytes);

/* ---- in words ------------------------------------------------------------ */

/* "no_buffers" and "the claim of message buffers is used up". */
const char *kerne_result_name(uint64_t result);
const char *kerne_result_text(uint64_t result);

/* "send_message"; "function" and no more if there is none of this number. */
const char *kerne_function_name(uint64_t number);
