/* Registers and reservations where the clock takes the processor away. */
#include "actor.h"
#include "harness.h"

#define ROUNDS 40

/* Integer registers are set by the parent; it counts in x5 for ever. */
__attribute__((naked)) static void count_in_x5(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("1: addi x5, x5, 1\n"
                     "addi x5, x5, 1\n"
                     "addi x5, x5, 1\n"
                     "j 1b\n");
}

static uint64_t pattern(uint64_t number, uint64_t seed)
{
    return number * UINT64_C(0x0101010101010101) ^ seed;
}

static void set_patterns(struct test_child *child, uint64_t seed)
{
    struct kerne_register_file file = { .floats = 1 };
    for (uint64_t i = 0; i < 32; i++) {
        file.x[i] = pattern(i, seed);
        file.f[i] = pattern(32 + i, seed);
    }
    file.x[0] = (uint64_t)count_in_x5;
    file.x[5] = 0;
    expect_result(kerne_modify(child->reference, &file), normal);
}

static bool has_patterns(const struct test_child *child, uint64_t seed)
{
    bool good = true;
    struct kerne_register_file file;
    expect_result(kerne_read_registers(child->reference, &file), normal);
    for (uint64_t i = 0; i < 32; i++) {
        if (i != 0 && i != 5) {
            good &= expect_equal(file.x[i], pattern(i, seed));
        }
        good &= expect_equal(file.f[i], pattern(32 + i, seed));
    }
    uint64_t pc = file.x[0];
    return good && expect(pc >= (uint64_t)count_in_x5) &&
           expect(pc < (uint64_t)count_in_x5 + 16);
}

/* Two that count, with all registers different, floating point included. */
static void registers_survive(void)
{
    static const uint64_t seed[] = { 0, UINT64_C(0x5555555555555555) };
    static const char *const names[] = { "one", "two" };
    struct test_child child[2];
    uint64_t counted[2] = { 0, 0 };
    for (unsigned i = 0; i < 2; i++) {
        require(expect_result(
            child_make(&child[i], names[i], i, count_in_x5, 0), normal));
        set_patterns(&child[i], seed[i]);
        expect_result(kerne_start(child[i].reference), normal);
    }
    for (uint64_t round = 0; round < ROUNDS; round++) {
        family_nap(3000 + round * 131);
        for (unsigned i = 0; i < 2; i++) {
            require(has_patterns(&child[i], seed[i]));
            uint64_t now = child_register(child[i].reference, 5);
            expect(now >= counted[i]);
            counted[i] = now;
        }
    }
    expect(counted[0] > 1000);
    expect(counted[1] > 1000);
    child_remove(&child[0]);
    child_remove(&child[1]);
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

struct summing {
    uint64_t terms;
    double step;
    volatile double sum;
};

static double sum_of(const struct summing *summing)
{
    double sum = 0;
    for (uint64_t i = 0; i < summing->terms; i++) {
        sum += summing->step / (double)(i + 1);
    }
    return sum;
}

static void sum_up(uint64_t argument)
{
    struct summing *summing = (struct summing *)argument;
    summing->sum = sum_of(summing);
}

/* Four compute with floating point at once; each comes to what it comes to
 * alone, to the last bit. */
static void floating_point_is_private(void)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    static struct summing summing[4];
    struct test_child child[4];
    for (unsigned i = 0; i < 4; i++) {
        summing[i] = (struct summing){
            .terms = 1500000,
            .step = 0.7 + i,
        };
        require(child_run(&child[i], names[i], i, sum_up, &summing[i]));
    }
    for (unsigned i = 0; i < 4; i++) {
        require(expect_rests(&child[i]));
        double alone = sum_of(&summing[i]);
        double together = summing[i].sum;
        expect(memcmp(&alone, &together, sizeof alone) == 0);
        child_remove(&child[i]);
    }
}

static uint64_t floats_seen[33];

__attribute__((naked)) static void store_floats(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("la a1, floats_seen\n"
                     ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
                     "14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, "
                     "28, 29, 30, 31\n"
                     "fsd f\\n, 8 * \\n(a1)\n"
                     ".endr\n"
                     "csrr a2, fcsr\n"
                     "sd a2, 256(a1)\n"
                     "ret\n");
}

__attribute__((used)) static void *const keep_floats_seen = floats_seen;

/* Whose first use it is finds zeros, and nothing of those who used it before;
 * what its parent set, it finds as well. */
static void floating_point_begins_with_zero(void)
{
    struct test_child child;
    __asm__ volatile("fcvt.d.l ft0, %0\nfmv.d fs11, ft0\nfsflags %0"
                     :
                     : "r"(7)
                     : "ft0", "fs11");
    memset(floats_seen, 0x5a, sizeof floats_seen);
    require(child_run(&child, "child", 3, store_floats, 0));
    require(expect_rests(&child));
    for (unsigned i = 0; i < 33; i++) { expect_equal(floats_seen[i], 0); }
    child_remove(&child);

    require(
        expect_result(child_make(&child, "child", 3, store_floats, 0), normal));
    struct kerne_register_file file;
    expect_result(kerne_read_registers(child.reference, &file), normal);
    expect_equal(file.floats, 0);
    file.f[31] = 0x1234;
    file.fcsr = 0x63;
    file.floats = 1;
    expect_result(kerne_modify(child.reference, &file), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(floats_seen[31], 0x1234);
    expect_equal(floats_seen[32], 0x63);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "preemption.registers_survive", .function = registers_survive },
    { .name = "preemption.reservation_does_not_survive",
      .function = reservation_does_not_survive },
    { .name = "floating_point.is_private",
      .function = floating_point_is_private },
    { .name = "floating_point.begins_with_zero",
      .function = floating_point_begins_with_zero },
    { NULL },
};
