/* Many areas: more than a few hundred, and as many as there may be. */
#include "accounts.h"
#include "bare.h"

enum { MANY = 5000, MOST = 65530, MAP_NORESERVE = 0x4000 };

/* Every other page may be written: each is an area of its own. */
static long divide(char *all, long count)
{
    for (long i = 0; i < count; i++) {
        long result = call(MPROTECT, all + 2 * i * PAGE, PAGE, PROT_RW);
        if (result != 0) { return result; }
        *(long *)(all + 2 * i * PAGE) = i;
    }
    return 0;
}

static long count_wrong(const char *all, long count)
{
    long wrong = 0;
    for (long i = 0; i < count; i++) {
        wrong += *(const long *)(all + 2 * i * PAGE) != i;
    }
    return wrong;
}

static char *reserve(long count)
{
    return (char *)call(MMAP, 0, count * PAGE, 0, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
}

static void five_thousand(void)
{
    struct accounts before, now;
    accounts_read(&before);
    char *all = reserve(2 * MANY);
    expect(divide(all, MANY), 0, "many.can_be");
    expect(count_wrong(all, MANY), 0, "many.have_what_they_had");
    accounts_read(&now);
    expect(now.of[AREAS] - before.of[AREAS], 2 * MANY, "many.are_areas");
    long child = fork_child();
    if (child == 0) {
        long wrong = count_wrong(all, MANY);
        for (long i = 0; i < MANY; i += 3) {
            wrong += call(MUNMAP, all + 2 * i * PAGE, PAGE) != 0;
        }
        *(volatile long *)(all + PAGE * 2 * 3) = 1;
        leave(wrong != 0);
    }
    expect(status_of(child), SIGSEGV, "many.a_child_unmaps_some");
    expect(count_wrong(all, MANY), 0, "many.its_parent_has_all");
    call(MPROTECT, all, 2 * MANY * PAGE, PROT_RW);
    accounts_read(&now);
    expect(now.of[AREAS] - before.of[AREAS] <= 1, 1, "many.alike_are_one");
    expect(call(MUNMAP, all, 2 * MANY * PAGE), 0, "many.go_at_once");
    accounts_read(&now);
    expect(now.of[AREAS], before.of[AREAS], "many.are_gone");
    expect(now.of[PAGES], before.of[PAGES], "many.their_pages_are_gone");
}

/* Without touching one. */
static void most(void)
{
    char *all = reserve(2 * MOST);
    long result = 0, count = 0;
    while (result == 0 && count < MOST) {
        result = call(MPROTECT, all + 2 * count++ * PAGE, PAGE, PROT_READ);
    }
    expect(result, -ENOMEM, "most.there_is_an_end");
    expect(count > MOST / 2 - 20 && count <= MOST / 2, 1, "most.it_is_linux's");
    expect((long)reserve(1), -ENOMEM, "most.no_other_one_either");
    expect(call(MUNMAP, all, 2 * MOST * PAGE), 0, "most.go_at_once");
    expect((long)pages(1) > 0, 1, "most.there_is_room_again");
}

void test(void)
{
    five_thousand();
    most();
}
