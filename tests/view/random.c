/*
 * A supervisor without anything else: executes random programs as a user, and
 * prints a number for all that each leaves behind, at each trap of it.
 *
 * What it is to do stands where the boot image would: at IMAGE_AT.
 */
#include "random.h"

#define IMAGE_AT UINT64_C(0x84200000)
#define PAGE 4096
#define NOTHING ((void *)0xe000000) /* no storage, and no device */
#define FIRMWARE ((void *)0x80000000)
#define TRAPS_MOST 24 /* of one program */
#define BREAK 0x9002  /* c.ebreak */

struct order {
    uint64_t seed, class, first, count, each; /* lines: of so many programs */
    uint64_t shows; /* 1: the whole frame, of each trap */
};

static uint64_t tables[3][512] __attribute__((aligned(PAGE)));
static uint16_t code[2][PAGE / 2] __attribute__((aligned(PAGE)));
static uint64_t data[3][512] __attribute__((aligned(PAGE)));
/* What programs reach of it, in words: round the addresses that they have. */
#define SPOTS 5
#define SPOT 24
static const unsigned spots[SPOTS] = { 0, 20, 500, 1012, 1024 };
static struct frame frame;
static uint64_t digest;
static bool shows;

static void print(char c)
{
    register uint64_t a0 __asm__("a0") = (uint8_t)c;
    register uint64_t a7 __asm__("a7") = 1;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "a1", "memory");
}

static void print_number(uint64_t number, char behind)
{
    for (int at = 60; at >= 0; at -= 4) {
        print("0123456789abcdef"[number >> at & 15]);
    }
    print(behind);
}

void take(uint64_t word)
{
    digest = (digest ^ word) * UINT64_C(0x100000001b3);
    digest ^= digest >> 31;
    if (shows) { print_number(word, ' '); }
}

void take_end(void)
{
    if (shows) { print('\n'); }
}

static uint64_t entry(const void *page, uint64_t rights)
{
    return (uint64_t)page >> 12 << 10 | rights;
}

/* What is touched first is noted in the tables; it counts, too. */
static void map(void)
{
    enum { VALID = 1, READ = 2, WRITE = 4, EXECUTE = 8, USER = 16, USED = 192 };
    uint64_t *leaf = tables[2];
    tables[0][2] =
        entry((void *)0x80000000, VALID | READ | WRITE | EXECUTE | USED);
    tables[0][0] = entry(tables[1], VALID);
    tables[1][0] = entry(leaf, VALID);
    for (unsigned i = 0; i < 2; i++) {
        leaf[CODE_AT / PAGE + i] =
            entry(code[i], VALID | READ | EXECUTE | USER | 64);
        leaf[DATA_AT / PAGE + i] = entry(data[i], VALID | READ | WRITE | USER);
    }
    leaf[DATA_AT / PAGE + 2] = entry(data[2], VALID | READ | USER);
    leaf[DATA_AT / PAGE + 3] = entry(data[2], VALID | WRITE | USER);
    leaf[DATA_AT / PAGE + 4] =
        entry(NOTHING, VALID | READ | WRITE | EXECUTE | USER);
    leaf[DATA_AT / PAGE + 5] =
        entry(FIRMWARE, VALID | READ | WRITE | EXECUTE | USER);
    __asm__ volatile("csrw satp, %0\n sfence.vma" ::"r"(
        UINT64_C(8) << 60 | (uint64_t)tables[0] >> 12));
}

static void take_frame(void)
{
    for (int i = 1; i < 32; i++) { take(frame.x[i]); }
    for (int i = 0; i < 32; i++) { take(frame.f[i]); }
    take(frame.fcsr);
    take(frame.sepc);
    take(frame.scause);
    take(frame.stval);
    take(frame.sstatus);
    take(frame.instructions);
    take_end();
}

/* Behind the instruction that trapped; false: the program has ended. */
static bool skip(uint64_t last)
{
    uint64_t at = frame.sepc - CODE_AT;
    if (at >= 2 * PAGE || frame.sepc == last) { return false; }
    frame.sepc += (code[0][at / 2] & 3) == 3 ? 4 : 2;
    return frame.sepc <= last;
}

static void put_program(enum class class, uint64_t *ret_first,
                        uint64_t *ret_last)
{
    static uint16_t program[PROGRAM_MOST / 2];
    uint32_t bytes = generate(class, (uint8_t *)program);
    uint64_t begin = PAGE - (dice() >> 32) % 320 / 2 * 2;
    uint16_t *half = code[0];
    for (unsigned i = 0; i < bytes / 2; i++) {
        half[begin / 2 + i] = program[i];
    }
    for (unsigned i = 0; i < 8; i++) { half[(begin + bytes) / 2 + i] = BREAK; }
    __asm__ volatile("fence.i" ::: "memory");
    *ret_first = CODE_AT + begin;
    *ret_last = *ret_first + bytes;
}

static void try(enum class class, uint64_t seed)
{
    uint64_t first, last;
    dice_begin(seed);
    if (class >= CONTROL) {
        supervise(class);
        return;
    }
    map();
    put_program(class, &first, &last);
    generate_registers(&frame);
    for (unsigned i = 0; i < SPOTS; i++) {
        for (unsigned k = 0; k < SPOT; k++) { data[0][spots[i] + k] = dice(); }
    }
    frame.sepc = first;
    frame.sstatus = (dice() & 31) == 0 ? 0 : UINT64_C(1) << 13;
    for (int traps = 0; traps < TRAPS_MOST; traps++) {
        run(&frame);
        take_frame();
        if (!skip(last)) { break; }
    }
    for (unsigned i = 0; i < SPOTS; i++) {
        for (unsigned k = 0; k < SPOT; k++) { take(data[0][spots[i] + k]); }
    }
    for (unsigned i = 0; i < 8; i++) { take(tables[2][DATA_AT / PAGE + i]); }
    take_end();
}

static void end(void)
{
    *(volatile uint32_t *)0x100000 = 0x5555;
    for (;;) {}
}

void begin(void)
{
    const struct order *order = (const void *)IMAGE_AT;
    shows = order->shows;
    for (uint64_t i = 0; i < order->count; i++) {
        uint64_t number = order->first + i;
        try((enum class)order->class,
            order->seed * 1000003 + order->class * 100000007 + number);
        if ((i + 1) % order->each == 0) {
            print_number(digest, '\n');
            if (order->each == 1) { digest = 0; }
        }
    }
    __asm__ volatile("csrw satp, zero\n sfence.vma");
    end();
}
