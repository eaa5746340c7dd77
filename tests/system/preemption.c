/* Registers and reservations where the clock takes the processor away. */
#include "actor.h"
#include "harness.h"

#define ROUNDS 40

/* Adds 1 to every register, in this order, for ever; f0 is 1.0. */
__attribute__((naked)) static void count_in_all(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("1:\n"
                     ".irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
                     "15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, "
                     "29, 30, 31\n"
                     "addi x\\n, x\\n, 1\n"
                     "fadd.d f\\n, f\\n, f0\n"
                     ".endr\n"
                     "j 1b\n");
}

/* What each begins with. */
static uint64_t first_x(uint64_t number, uint64_t who)
{
    return number * UINT64_C(0x0101010101010101) * (who + 1);
}

static uint64_t first_f(uint64_t number, uint64_t who)
{
    return number * 1000 * (who + 1);
}

static uint64_t fcsr_of(uint64_t who) { return who == 0 ? 0x03 : 0x54; }

static void set_registers(const struct test_child *child, uint64_t who)
{
    struct kerne_register_file file = { .floats = 1, .fcsr = fcsr_of(who) };
    for (uint64_t i = 0; i < 32; i++) {
        double f = i == 0 ? 1.0 : (double)first_f(i, who);
        memcpy(&file.f[i], &f, sizeof f);
        file.x[i] = i == 0 ? (uint64_t)count_in_all : first_x(i, who);
    }
    expect_result(kerne_modify(child->reference, &file), normal);
}

/* How far it has counted in the last register; in those before it may be one
 * further, up to some register. */
static uint64_t counted(const struct test_child *child, uint64_t who)
{
    struct kerne_register_file file;
    expect_result(kerne_read_registers(child->reference, &file), normal);
    uint64_t count[2 * 32];
    for (uint64_t i = 1; i < 32; i++) {
        double f;
        memcpy(&f, &file.f[i], sizeof f);
        count[2 * i] = file.x[i] - first_x(i, who);
        count[2 * i + 1] = (uint64_t)f - first_f(i, who);
    }
    uint64_t least = count[2 * 32 - 1], most = least + 1;
    for (unsigned i = 2; i < 2 * 32; i++) {
        expect(count[i] == least || count[i] == most);
        most = count[i];
    }
    expect_equal(file.fcsr, fcsr_of(who));
    return least;
}

/* Two that count, with all registers different, floating point included. */
static void registers_survive(void)
{
    static const char *const names[] = { "one", "two" };
    struct test_child child[2];
    uint64_t last[2] = { 0, 0 };
    for (unsigned i = 0; i < 2; i++) {
        require(expect_result(
            child_make(&child[i], names[i], i, count_in_all, 0), normal));
        set_registers(&child[i], i);
        expect_result(kerne_start(child[i].reference), normal);
    }
    for (uint64_t round = 0; round < ROUNDS; round++) {
        family_nap(3000 + round * 131);
        for (unsigned i = 0; i < 2; i++) {
            uint64_t now = counted(&child[i], i);
            expect(now >= last[i]);
            last[i] = now;
        }
        require(expect_equal(expect_failures(), 0));
    }
    for (unsigned i = 0; i < 2; i++) {
        expect(last[i] > 1000);
        child_remove(&child[i]);
    }
}

struct reserving {
    volatile uint64_t word;
    volatile uint64_t other; /* that a sibling counts in */
    volatile uint64_t rounds;
    volatile uint64_t failed; /* how many store conditionals failed */
    volatile uint64_t undisturbed;
};

/* Takes a reservation, waits until another process has run, and stores. */
static void reserve(uint64_t argument)
{
    struct reserving *reserving = (struct reserving *)argument;
    for (unsigned i = 0; i < 10; i++) {
        uint64_t failed = 1;
        for (unsigned tries = 0; failed && tries < 1000; tries++) {
            __asm__ volatile("lr.d t0, (%1)\nsc.d %0, t0, (%1)"
                             : "=&r"(failed)
                             : "r"(&reserving->word)
                             : "t0", "memory");
        }
        reserving->undisturbed += !failed;
        uint64_t before = reserving->other;
        __asm__ volatile("lr.d t0, (%1)\n"
                         "1: ld t1, (%2)\n"
                         "beq t1, %3, 1b\n"
                         "sc.d %0, t0, (%1)"
                         : "=&r"(failed)
                         : "r"(&reserving->word), "r"(&reserving->other),
                           "r"(before)
                         : "t0", "t1", "memory");
        reserving->failed += failed != 0;
        reserving->rounds++;
    }
}

static void reservation_does_not_survive(void)
{
    static struct reserving reserving;
    struct test_child one;
    struct test_child other;
    reserving = (struct reserving){ .word = 0 };
    require(child_run(&one, "one", 1, reserve, &reserving));
    require(child_run(&other, "other", 2, actor_spin, &reserving.other));
    require(expect_becomes(&reserving.rounds, 10));
    expect_equal(reserving.undisturbed, 10);
    expect_equal(reserving.failed, 10);
    child_remove(&one);
    child_remove(&other);
}

const struct test tests[] = {
    { .name = "preemption.registers_survive", .function = registers_survive },
    { .name = "preemption.reservation_does_not_survive",
      .function = reservation_does_not_survive },
    { NULL },
};
