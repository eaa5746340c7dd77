/* Futexes between processes, in storage that they share: who is woken, who
 * waits elsewhere from then on, and whose owner ended. */
#include "bare.h"

enum { WAIT, WAKE, REQUEUE = 3, CMP_REQUEUE, WAKE_OP };
enum { WAIT_BITSET = 9, WAKE_BITSET };
enum { SET_ROBUST_LIST = 99, OWNER_DIED = 0x40000000, WAITERS = 1 << 31 };

static int *word; /* several, shared */

/* A child that waits there, as a futex of 0. */
static long waiter(long at, long how, long bits)
{
    long child = fork_child();
    if (child == 0) {
        leave(call(FUTEX, word + at, how, 0, 0, 0, bits) == 0 ? 7 : 1);
    }
    await_waiting(child);
    return child;
}

static void bits(void)
{
    long one = waiter(0, WAIT_BITSET, 1), six = waiter(0, WAIT_BITSET, 6);
    expect(call(FUTEX, word, WAKE_BITSET, 9, 0, 0, 8), 0, "bits.nobody's");
    expect(call(FUTEX, word, WAKE_BITSET, 9, 0, 0, 4), 1, "bits.one_of_two");
    expect(status_of(six), 7 << 8, "bits.who_waits_for_it");
    expect(call(FUTEX, word, WAKE, 9), 1, "bits.all");
    expect(status_of(one), 7 << 8, "bits.the_other");
    expect(call(FUTEX, word, WAKE_BITSET, 1, 0, 0, 0), -EINVAL, "bits.none");
}

static void numbers(void)
{
    long child[3];
    for (int i = 0; i < 3; i++) { child[i] = waiter(1, WAIT, 0); }
    expect(call(FUTEX, word, WAKE, 9), 0, "wake.of_another_word");
    expect(call(FUTEX, word + 1, WAKE, 2), 2, "wake.two");
    expect(status_of(child[0]), 7 << 8, "wake.the_first");
    expect(status_of(child[1]), 7 << 8, "wake.and_the_second");
    expect(call(FUTEX, word + 1, WAKE, 2), 1, "wake.the_last");
    expect(status_of(child[2]), 7 << 8, "wake.each_once");
}

static void moves(void)
{
    long child[3];
    for (int i = 0; i < 3; i++) { child[i] = waiter(2, WAIT, 0); }
    expect(call(FUTEX, word + 2, CMP_REQUEUE, 1, 1, word + 3, 5), -EAGAIN,
           "requeue.another_value");
    expect(call(FUTEX, word + 2, CMP_REQUEUE, 1, 1, word + 3, 0), 2,
           "requeue.one_wakes_and_one_moves");
    expect(status_of(child[0]), 7 << 8, "requeue.the_first_wakes");
    expect(call(FUTEX, word + 3, WAKE, 9), 1, "requeue.waits_there");
    expect(status_of(child[1]), 7 << 8, "requeue.is_woken_there");
    expect(call(FUTEX, word + 2, WAKE, 9), 1, "requeue.one_has_stayed");
    expect(status_of(child[2]), 7 << 8, "requeue.is_woken_here");
}

/* Adds 3 to the second word, and wakes there if it was below 5. */
static void operates(void)
{
    long how = 1l << 28 | 2l << 24 | 3l << 12 | 5;
    long first = waiter(4, WAIT, 0), second = waiter(5, WAIT, 0);
    expect(call(FUTEX, word + 4, WAKE_OP, 1, 1, word + 5, how), 2,
           "operation.wakes_both");
    expect(word[5], 3, "operation.is_done");
    expect(status_of(first) + status_of(second), 14 << 8, "operation.are_told");
    word[5] = 5;
    expect(call(FUTEX, word + 4, WAKE_OP, 1, 1, word + 5, how), 0,
           "operation.not_below");
    expect(word[5], 8, "operation.is_done_again");
}

/* Its lock is told to be nobody's, and still that others wait. */
static void owners(void)
{
    struct {
        void *next;
        long offset;
        void *pending;
    } head;
    struct {
        void *next;
        int lock;
    } *lock = (void *)(word + 8);
    int both[2];
    char byte;
    call(PIPE2, both, 0);
    long owner = fork_child();
    if (owner == 0) {
        head.next = lock;
        head.offset = (char *)&lock->lock - (char *)lock;
        head.pending = 0;
        lock->next = &head;
        lock->lock = (int)(call(GETTID) | (long)WAITERS);
        call(SET_ROBUST_LIST, &head, sizeof head);
        call(WRITE, both[1], "x", 1);
        long rest[2] = { 0, 20000000 };
        call(NANOSLEEP, rest, 0);
        leave(3);
    }
    call(READ, both[0], &byte, 1);
    long held = lock->lock;
    expect(call(FUTEX, &lock->lock, WAIT, held, 0), 0, "owner.wakes_us");
    expect(lock->lock, (int)((long)WAITERS | OWNER_DIED), "owner.has_ended");
    expect(status_of(owner), 3 << 8, "owner.by_itself");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

void test(void)
{
    word =
        (int *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bits();
    numbers();
    moves();
    operates();
    owners();
    expect(call(MUNMAP, word, PAGE), 0, "futex.is_unmapped");
}
