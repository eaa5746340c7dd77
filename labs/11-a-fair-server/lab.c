/* A server that is fair to its clients: yours to write. */
#include <program.h>
#include <work.h>

/* Which message is next: the first that came. */
static struct kerne_received next_message(void) { return kerne_wait_message(); }

int main(void)
{
    for (;;) {
        struct kerne_received r = next_message();
        struct kerne_words answer = r.words;
        if (kerne_operation_of(&r.words) == WORK_DO) {
            answer.w[1] = work_of(r.words.w[1]);
            kerne_send_answer(r.buffer, KERNE_r_normal, &answer);
        } else {
            kerne_send_answer(r.buffer, KERNE_r_unintelligible, &answer);
        }
    }
}
