/* Bytes in several places, which are written or read at once. */
#include "bare.h"

enum { SOCKETPAIR = 199 };
enum { STREAM = 1, SINGLE, ROW = 5, NONBLOCK = O_NONBLOCK };
enum { PIPE_BYTES = 65536, MANY = 40 }; /* pages */

static char got[64];

static void packets(long type, const char *whole, const char *next)
{
    struct vector vector[2] = { { "one ", 4 }, { "packet", 6 } };
    struct vector to[2] = { { got, 2 }, { got + 2, 20 } };
    int both[2];
    call(SOCKETPAIR, 1, type | NONBLOCK, 0, both);
    expect(call(WRITEV, both[0], vector, 2), 10, whole);
    call(WRITE, both[0], "another", 7);
    memset(got, 0, sizeof got);
    call(READ, both[1], got, sizeof got);
    expect_text(got, "one packet", whole);
    call(WRITE, both[0], "last", 4);
    memset(got, 0, sizeof got);
    expect(call(READV, both[1], to, 2), 7, next);
    expect_text(got, "another", next);
    to[1].address = (void *)NOTHING_THERE;
    expect(call(READV, both[1], to, 2), -EFAULT, "packet.that_has_no_place");
    expect(call(READ, both[1], got, sizeof got), 4, "packet.is_still_there");
    expect(call(READ, both[1], got, sizeof got), -EAGAIN, "packet.no_more");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

static void pieces(char *many)
{
    struct vector vector[2] = { { many, 60 }, { many, 60 } };
    int both[2];
    call(PIPE2, both, NONBLOCK);
    call(WRITE, both[1], many, PIPE_BYTES - 100);
    expect(call(WRITEV, both[1], vector, 2), -EAGAIN, "pipe.whole_or_not_yet");
    vector[1].bytes = 40;
    expect(call(WRITEV, both[1], vector, 2), 100, "pipe.whole");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

/* Who writes more than there is room for waits until it is written. */
static void waits(char *many)
{
    struct vector vector[2] = { { many, MANY * PAGE }, { many, MANY * PAGE } };
    int both[2];
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        leave(call(WRITEV, both[1], vector, 2) == 2 * MANY * PAGE ? 7 : 8);
    }
    call(CLOSE, both[1]);
    long sum = 0, part;
    while ((part = call(READ, both[0], many, MANY * PAGE)) > 0) { sum += part; }
    expect(sum, 2 * MANY * PAGE, "pipe.all_of_it_arrives");
    expect(status_of(child), 7 << 8, "pipe.and_was_waited_for");
    call(CLOSE, both[0]);
}

void test(void)
{
    char *many = pages(MANY);
    packets(SINGLE, "single.one_of_two_parts", "single.the_next_alone");
    packets(ROW, "row.one_of_two_parts", "row.the_next_alone");
    pieces(many);
    waits(many);
    call(MUNMAP, many, MANY * PAGE);
}
