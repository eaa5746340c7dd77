/* breaker N: the grader's service.  It adds, and breaks at the N-th message,
 * with that in its hands.  N is 0: it finishes at once. */
#include <calling.h>
#include <program.h>
#include <stdlib.h>

static unsigned long left;

static void add_or_break(const struct kerne_received *message,
                         struct kerne_reply *reply)
{
    if (--left == 0) { __asm__ volatile(".4byte 0xffffffff"); }
    if (kerne_operation_of(&message->words) != CALLING_ADD) { return; }
    reply->result = KERNE_r_normal;
    reply->words.w[1] = message->words.w[1] + message->words.w[2];
}

int main(int argc, char **argv)
{
    left = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    if (left == 0) { return 0; }
    kerne_serve_all(add_or_break);
}
