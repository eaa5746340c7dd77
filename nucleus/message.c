/*
 * The calls for messages and answers.
 *
 * The four calls, wait event and get event are those of 1969; regret message
 * and test event come from the RC 8000.
 */
#include "hart.h"

/* The buffer with this identity; nobody's: stale, or guessed. */
struct buffer *message_find(uint64_t identity)
{
    uint64_t index = IDENTITY_INDEX(identity);
    struct buffer *b = &nucleus.buffers[index];
    bool good = index < nucleus.never_used_buffer && b->identity == identity &&
                b->state != KERNE_FREE;
    return good ? b : NOBODYS;
}

/* 16.  Cost: constant. */
enum kerne_result message_send(struct process *p)
{
    uint64_t pseudo, target = address_resolve(p, &pseudo);
    struct buffer *b = claim_take(p);
    REFUSE(b == NULL, no_buffers);
    call_words(p, b->words);
    b->account = time_payer(p)->identity;
    b->receiver = NULL;
    if (target >= TARGET_EXTERNAL) {
        b->state = KERNE_RECEIVED;
        external_receive(b, target - TARGET_EXTERNAL);
    } else if (target == 0) {
        queue_reply(b, KERNE_r_does_not_exist, 0, 0);
    } else {
        struct process *receiver = process_at(target);
        b->from = address_of_sender(p, receiver) | pseudo;
        p->far = receiver;
        p->far_address = p->x[R_A0];
        p->far_epoch = this_hart->quick;
        p->far_from = b->from;
        queue_deliver(b, receiver);
    }
    p->x[R_A0] = b->identity;
    return KERNE_r_normal;
}

/* 18.  Cost: constant. */
enum kerne_result message_wait_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b->sender != p || b->regretted, gone);
    if (b->state != KERNE_ANSWERED) {
        return queue_wait(p, KERNE_WAITS_ANSWER, p->x[R_A0],
                          b->account == time_account(p)->identity);
    }
    queue_remove(b);
    queue_take_answer(p, b);
    return RESULT_SET;
}

/* 128.  Send message and wait answer.  Once sent, a0 is the buffer in place of
 * the address, which is smaller than any buffer.  Cost: constant. */
enum kerne_result message_converse(struct process *p)
{
    if (p->x[R_A0] >> 32 == 0) { TRY(message_send(p)); }
    return message_wait_answer(p);
}

/* 20.  Cost: constant. */
enum kerne_result message_wait_message(struct process *p)
{
    struct buffer *b = link_record(p->messages.next, buffer, message);
    p->x[R_RESULT] = 0;
    return link_is_empty(&p->messages)
               ? queue_wait(p, KERNE_WAITS_MESSAGE, 0, p->serving == NULL)
               : queue_receive(p, b);
}

/* 24.  Cost: constant. */
enum kerne_result message_wait_event(struct process *p)
{
    return queue_show_next(p)
               ? RESULT_SET
               : queue_wait(p, KERNE_WAITS_EVENT, p->x[R_A0], false);
}

/* 66.  Cost: constant. */
enum kerne_result message_test_event(struct process *p)
{
    if (!queue_show_next(p)) {
        call_set_words(p, NOBODYS->words);
        p->x[R_FUNCTION] = p->x[R_A0] = 0;
    }
    return RESULT_SET;
}

/* 26.  Cost: constant. */
enum kerne_result message_get_event(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b->state == KERNE_RECEIVED || buffer_holder(b) != p, gone);
    queue_remove(b);
    queue_take(p, b);
    return KERNE_r_normal;
}

/* 22.  Cost: constant. */
enum kerne_result message_send_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    uint64_t result = p->x[R_RESULT];
    REFUSE(b->state != KERNE_RECEIVED || b->receiver != p, gone);
    REFUSE(result < KERNE_r_normal || result > KERNE_r_does_not_exist,
           bad_argument);
    if (b->is_break) {
        return break_answer(
            b, result == KERNE_r_normal ? p->x[R_A1] : KERNE_STAY, p->x[R_A2]);
    }
    bool wanted = !b->regretted;
    queue_remove(b);
    call_words(p, b->words);
    queue_answer(b, (enum kerne_result)result);
    return wanted ? KERNE_r_normal : KERNE_r_gone;
}

/* 129.  Send answer, if there is one to send, and work on no message then; wait
 * event; get event.  While it waits, a0 is 0 and t2 keeps what became of the
 * answer.  Cost: constant. */
enum kerne_result message_serve(struct process *p)
{
    bool gone = (p->x[R_RESULT] & KERNE_EVENT_ANSWER_GONE) != 0;
    if (p->x[R_A0] != 0) {
        gone = message_send_answer(p) != KERNE_r_normal;
        queue_work_on(p, NULL);
    }
    p->x[R_A0] = 0;
    p->x[R_RESULT] = gone ? KERNE_EVENT_ANSWER_GONE : 0;
    struct buffer *b = link_record(p->events.next, buffer, event);
    return link_is_empty(&p->events) ? queue_wait(p, KERNE_WAITS_EVENT, 0,
                                                  !gone && p->serving == NULL)
                                     : queue_receive(p, b);
}

/* 82.  Cost: constant. */
enum kerne_result message_regret(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b->sender != p || b->regretted == KERNE_REGRETTED || b->is_break,
           gone);
    queue_withdraw(b);
    return KERNE_r_normal;
}
