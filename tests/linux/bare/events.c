/* A number that is written up and read down: eventfd. */
#include "bare.h"

enum { EVENTFD2 = 19, PPOLL = 73 };
enum { SEMAPHORE = 1, POLLIN = 1, POLLOUT = 4 };

static long put(long file, unsigned long number)
{
    return call(WRITE, file, &number, sizeof number);
}

static long take(long file)
{
    long number = -1, result = call(READ, file, &number, sizeof number);
    return result < 0 ? result : number;
}

static short polled(long file)
{
    struct {
        int file;
        short events, found;
    } one = { (int)file, POLLIN | POLLOUT, 0 };
    long at_once[2] = { 0, 0 };
    call(PPOLL, &one, 1, at_once, 0, 8);
    return one.found;
}

void test(void)
{
    char two[16] = { 1 };
    long file = call(EVENTFD2, 3, O_NONBLOCK);
    expect(take(file), 3, "eventfd.begins");
    expect(take(file), -EAGAIN, "eventfd.is_empty");
    expect(polled(file), POLLOUT, "eventfd.can_be_written");
    put(file, 2);
    put(file, 5);
    expect(polled(file), POLLIN | POLLOUT, "eventfd.can_be_read");
    expect(take(file), 7, "eventfd.adds");
    expect(put(file, -1ul), -EINVAL, "eventfd.most");
    expect(put(file, -2ul), 8, "eventfd.almost_most");
    expect(put(file, 1), -EAGAIN, "eventfd.is_full");
    expect(put(file, 0), 8, "eventfd.nothing_more");
    expect(polled(file), POLLIN, "eventfd.cannot_be_written");
    expect(take(file), -2, "eventfd.all_is_read");
    expect(call(WRITE, file, two, 16), -EINVAL, "eventfd.two_numbers");
    expect(take(file), -EAGAIN, "eventfd.none_was_written");
    expect(call(READ, file, two, 7), -EINVAL, "eventfd.short_read");
    expect(call(WRITE, file, two, 7), -EINVAL, "eventfd.short_write");
    expect(call(WRITE, file, NOTHING_THERE, 8), -EFAULT, "eventfd.nowhere");
    call(CLOSE, file);
    file = call(EVENTFD2, 2, SEMAPHORE | O_NONBLOCK);
    expect(take(file), 1, "eventfd.semaphore");
    expect(take(file), 1, "eventfd.semaphore_again");
    expect(take(file), -EAGAIN, "eventfd.semaphore_is_empty");
    call(CLOSE, file);
    expect(call(EVENTFD2, 0, 2), -EINVAL, "eventfd.odd_flags");
    file = call(EVENTFD2, 0, 0);
    long child = fork_child();
    if (child == 0) { leave(take(file)); }
    put(file, 9);
    expect(status_of(child) >> 8, 9, "eventfd.waits");
    put(file, -2ul);
    child = fork_child();
    if (child == 0) { leave(put(file, 3)); }
    await_waiting(child);
    expect(take(file), -2, "eventfd.makes_room");
    expect(status_of(child) >> 8, 8, "eventfd.waits_for_room");
    expect(take(file), 3, "eventfd.has_what_waited");
    call(CLOSE, file);
}
