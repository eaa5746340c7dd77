/* What a supervisor can do that a program cannot: registers of control, page
 * tables, interrupts.  No translation is on when it begins or ends. */
#include "random.h"

#define READ_CSR(name)                                     \
    ({                                                     \
        uint64_t value_;                                   \
        __asm__ volatile("csrr %0, " name : "=r"(value_)); \
        value_;                                            \
    })
#define WRITE_CSR(name, value) \
    __asm__ volatile("csrw " name ", %0" ::"r"((uint64_t)(value)))

#define PAGE 4096
#define NEVER (UINT64_C(1) << 62)
#define RETURN 0x8082             /* c.jr ra */
#define BREAK 0x9002              /* c.ebreak */
#define NOTHING_16 1              /* c.nop */
#define INTERRUPTS_ON 0x10016073u /* csrsi sstatus, 2 */
#define CODE_MOST 64              /* bytes of an attempt */

enum { A0 = 10, A1 = 11 };

static uint16_t code[CODE_MOST / 2] __attribute__((aligned(PAGE)));

static void take_attempt(const struct attempt *a)
{
    take(a->a0);
    take(a->cause);
    take(a->cause + 1 == 0 ? 0 : a->epc - (uint64_t)code);
    take(a->value);
    take(a->status);
    take(a->vector);
}

/* ---- registers of control ------------------------------------------------ */

enum {
    SSTATUS = 0x100,
    STVEC = 0x105,
    SCOUNTEREN = 0x106,
    SEPC = 0x141,
    STIMECMP = 0x14d,
    SATP = 0x180,
    CYCLE = 0xc00,
    INSTRET = 0xc02
};

/* What is there, and what is refused. */
static const uint16_t numbers[] = {
    0x001,    0x002, 0x003, SSTATUS, 0x104,   STVEC,   SCOUNTEREN,
    0x10a,    0x140, SEPC,  0x142,   0x143,   0x144,   0x144,
    STIMECMP, SATP,  CYCLE, 0xc01,   SSTATUS, 0x104,   STIMECMP,
    0x300,    0x305, 0x342, 0xf14,   INSTRET, SSTATUS,
};

/* No vector but ours, no translation, and of time only never and at once.  Bits
 * that QEMU keeps though they mean nothing here are left alone: of vectors and
 * the width of registers in sstatus, the upper half of scounteren, the lowest
 * bit of sepc. */
static uint64_t value_for(uint32_t number)
{
    uint64_t value = dice_word();
    switch (number) {
    case SSTATUS: return value & ~(UINT64_C(3) << 32 | UINT64_C(3) << 9);
    case SCOUNTEREN: return (uint32_t)value;
    case SEPC: return value & ~UINT64_C(1);
    case STIMECMP: return below(2) ? 0 : NEVER;
    case INSTRET: return below(2) ? 0 : value;
    case SATP:
        return (value & ~(UINT64_C(15) << 60)) |
               (uint64_t)(below(2) ? 0 : 1 + below(7)) << 60;
    default: return value;
    }
}

/* An instruction for a register, and a value for it in a1. */
static uint32_t control(uint32_t number, uint64_t *ret_value)
{
    uint32_t function = 1 + below(3), source = below(4) == 0 ? 0 : A1;
    uint32_t rd = below(6) == 0 ? 0 : A0;
    *ret_value = value_for(number);
    if (number == STIMECMP || number == SATP) {
        function = 1;
        source = A1;
    } else if (number == STVEC) {
        function = 6 + below(2); /* the bits that say whether it is several */
        source = below(4);
    } else if (below(4) == 0) {
        function += 4;
        source = number == SEPC ? 2 * below(16) : below(32);
    }
    if (number >= CYCLE && number <= INSTRET) { rd = 0; } /* goes on */
    return number << 20 | source << 15 | function << 12 | rd << 7 | 0x73;
}

static void take_registers(void)
{
    take(READ_CSR("sie"));
    take(READ_CSR("sip"));
    take(READ_CSR("sscratch"));
    take(READ_CSR("scounteren"));
    take(READ_CSR("senvcfg"));
    take(READ_CSR("satp"));
    take(READ_CSR("0x14d"));
}

static void begin_registers(void)
{
    WRITE_CSR("sie", 0);
    WRITE_CSR("sstatus", below(4) == 0 ? 0 : 0x6000);
    WRITE_CSR("satp", 0);
    WRITE_CSR("sip", 0);
    WRITE_CSR("0x14d", NEVER);
    WRITE_CSR("scounteren", 7);
    WRITE_CSR("senvcfg", 0);
}

static void controls(void)
{
    begin_registers();
    for (unsigned i = 0; i < 24; i++) {
        struct attempt a = { .pc = (uint64_t)code, .a0 = dice() };
        uint32_t number = numbers[below(sizeof(numbers) / sizeof(*numbers))];
        uint32_t bits = control(number, &a.a1);
        code[0] = (uint16_t)bits;
        code[1] = (uint16_t)(bits >> 16);
        code[2] = code[3] = NOTHING_16; /* where an interrupt may come */
        code[4] = RETURN;
        __asm__ volatile("fence.i" ::: "memory");
        attempt(&a);
        take(bits);
        take_attempt(&a);
        take_registers();
        take_end();
    }
    begin_registers();
}

/* ---- page tables --------------------------------------------------------- */

#define GIGABYTE (UINT64_C(1) << 30)
#define NOTHING UINT64_C(0xe000000) /* no storage, and no device */
#define FIRMWARE UINT64_C(0x80000000)
#define SUM (1u << 18)
#define MXR (1u << 19)

enum { VALID = 1, READ = 2, WRITE = 4, EXECUTE = 8, USER = 16, USED = 192 };

static uint64_t tables[3][512] __attribute__((aligned(PAGE)));
static uint64_t data[2][PAGE / 8] __attribute__((aligned(PAGE)));

static uint64_t entry(uint64_t physical, uint64_t flags)
{
    return physical >> 12 << 10 | flags;
}

/* Of a page of this many bytes in which what is looked at lies; seldom it does
 * not, or is none that there can be. */
static uint64_t random_leaf(uint64_t physical, uint64_t bytes)
{
    uint64_t flags = dice() & 0x3ff, at = physical & ~(bytes - 1);
    if (below(8) != 0) { flags |= VALID; }
    if (below(4) != 0) { flags |= READ; }
    if (below(12) == 0) { at += bytes > PAGE ? bytes / 2 : UINT64_C(1) << 40; }
    if (below(16) == 0) { at = NOTHING & ~(bytes - 1); }
    if (below(16) == 0) { at = FIRMWARE; }
    if (below(24) == 0) { flags |= UINT64_C(1) << (54 + below(10)); }
    return entry(at, flags);
}

static uint64_t random_table(const uint64_t *table)
{
    uint64_t flags = below(16) == 0 ? dice() & 0x3ff : VALID;
    return entry((uint64_t)table, flags);
}

/* Physical addresses, and our own, which are the same; and the gigabyte in
 * front, in which an address leads by the entries that are tried.  Returns
 * such an address of what lies at a physical one, and the entries. */
static uint64_t map(uint64_t physical, uint64_t *ret_entries[3])
{
    uint64_t address = physical % GIGABYTE + GIGABYTE;
    for (unsigned level = 0; level < 3; level++) {
        ret_entries[level] = &tables[level][address >> (30 - 9 * level) & 511];
    }
    tables[0][2] = entry(FIRMWARE, VALID | READ | WRITE | EXECUTE | USED);
    unsigned last = below(8) == 0 ? 0 : 1 + below(2);
    for (unsigned level = 0; level < 3; level++) {
        *ret_entries[level] =
            level == last ? random_leaf(physical, GIGABYTE >> 9 * level)
                          : random_table(tables[level < 2 ? level + 1 : 2]);
    }
    WRITE_CSR("satp", UINT64_C(8) << 60 | (uint64_t)tables[0] >> 12);
    __asm__ volatile("sfence.vma" ::: "memory");
    return address;
}

static uint32_t access_of(unsigned kind)
{
    static const uint32_t accesses[] = {
        0x0005b503, /* ld a0, (a1) */
        0x00a5b023, /* sd a0, (a1) */
        0x0005c503, /* lbu a0, (a1) */
        0x00a5b52f, /* amoadd.d a0, a0, (a1) */
        0x00058067, /* jr a1, to what returns */
    };
    return accesses[kind];
}

/* By the supervisor, who may be let to what is the user's, and to what can only
 * be executed. */
static void touch(uint64_t address)
{
    struct attempt a = { .pc = (uint64_t)code, .a0 = dice(), .a1 = address };
    uint32_t bits = access_of(below(5));
    code[0] = (uint16_t)bits;
    code[1] = (uint16_t)(bits >> 16);
    code[2] = RETURN;
    __asm__ volatile("fence.i" ::: "memory");
    WRITE_CSR("sstatus", 0x6000 | (below(2) ? SUM : 0) | (below(2) ? MXR : 0));
    attempt(&a);
    take_attempt(&a);
}

/* By a user, who begins there. */
static void visit(uint64_t address)
{
    static struct frame frame;
    for (int i = 0; i < 32; i++) { frame.x[i] = frame.f[i] = 0; }
    frame.sepc = address;
    frame.fcsr = 0;
    frame.sstatus = 0x6000;
    run(&frame);
    take(frame.sepc - address);
    take(frame.scause);
    take(frame.stval);
    take(frame.sstatus);
}

static void translations(void)
{
    begin_registers();
    for (unsigned i = 0; i < 24; i++) {
        uint64_t *entries[3];
        uint64_t offset = below(4) == 0 ? PAGE - 4 : 8 * below(PAGE / 8 - 1);
        uint64_t physical = (uint64_t)data[0] + offset;
        uint64_t address = map(physical, entries);
        uint16_t *half = (uint16_t *)physical;
        half[0] = half[1] = half[2] = half[3] = RETURN;
        if (below(16) == 0) { address |= UINT64_C(1) << (39 + below(25)); }
        if (below(4) == 0) {
            half[0] = half[1] = half[2] = half[3] = BREAK;
            visit(address);
        } else {
            touch(address);
        }
        WRITE_CSR("satp", 0);
        __asm__ volatile("sfence.vma" ::: "memory");
        for (unsigned k = 0; k < 3; k++) {
            take(*entries[k]);
            *entries[k] = 0;
        }
        take(data[0][offset / 8]);
        take(data[offset / 8 + 1 < PAGE / 8 ? 0 : 1][(offset / 8 + 1) % 512]);
        take_end();
    }
    begin_registers();
}

/* ---- lines --------------------------------------------------------------- */

#define PLIC UINT64_C(0xc000000)
#define UART UINT64_C(0x10000000)
#define RTC UINT64_C(0x101000)

enum {
    PENDING = 0x1000,
    ENABLE = 0x2080,
    THRESHOLD = 0x201000,
    CLAIM = 0x201004
};
enum { UART_LINE = 10, RTC_LINE = 11 };

static volatile uint32_t *plic(uint64_t offset)
{
    return (volatile uint32_t *)(PLIC + offset);
}

static volatile uint32_t *rtc(uint64_t offset)
{
    return (volatile uint32_t *)(RTC + offset);
}

static volatile uint8_t *uart_enable(void)
{
    return (volatile uint8_t *)(UART + 1);
}

static uint32_t some_line(void)
{
    return below(8) == 0 ? below(96) : UART_LINE + below(2);
}

static void quiet(void)
{
    *uart_enable() = 0;
    *rtc(0x10) = 0;
    *rtc(0x1c) = 1;
    for (unsigned i = 1; i < 96; i++) { *plic(4 * i) = 0; }
    for (unsigned i = 0; i < 12; i += 4) { *plic(ENABLE + i) = 0; }
    *plic(THRESHOLD) = 0;
    for (uint32_t i = 1; i < 96; i++) { *plic(CLAIM) = i; }
}

/* One thing done to the controller, or to a device with a line. */
static void change(void)
{
    uint32_t line = some_line(), what = below(10);
    take(what << 8 | line);
    switch (what) {
    case 0: *uart_enable() = below(2) ? 2 : 0; break;
    case 1:
        *rtc(0x10) = below(2);
        *rtc(8) = 0; /* an alarm that is over */
        break;
    case 2: *rtc(0x1c) = 1; break;
    case 3: *plic(4 * line) = below(10); break;
    case 4: *plic(ENABLE + line / 32 * 4) ^= UINT32_C(1) << line % 32; break;
    case 5: *plic(THRESHOLD) = below(10); break;
    case 6:
    case 7: take(*plic(CLAIM)); break;
    default: *plic(CLAIM) = line; break;
    }
}

static void lines(void)
{
    begin_registers();
    quiet();
    for (unsigned i = 0; i < 64; i++) {
        change();
        take(READ_CSR("sip"));
        take(*plic(PENDING));
        take(*plic(ENABLE));
        take(*plic(4 * UART_LINE) << 8 | *plic(4 * RTC_LINE) << 4 |
             *plic(THRESHOLD));
        take_end();
    }
    quiet();
    begin_registers();
}

/* ---- alarms -------------------------------------------------------------- */

/* Amid no-ops the clock interrupts: how many instructions after it was set?
 * The first half of a tick is awaited for that, since a tick begins where it
 * will.  What is no interrupt has no vector of its own; tried is a trap that
 * does not come by way of the firmware, which QEMU's would send to a wrong
 * address. */
static void alarms(void)
{
    static uint16_t slide[2048] __attribute__((aligned(PAGE)));
    begin_registers();
    for (unsigned i = 2; i < 2046; i++) { slide[i] = NOTHING_16; }
    slide[0] = (uint16_t)INTERRUPTS_ON;
    slide[1] = INTERRUPTS_ON >> 16;
    slide[2045] = RETURN;
    slide[2046] = BREAK;
    __asm__ volatile("fence.i" ::: "memory");
    for (unsigned i = 0; i < 8; i++) {
        struct attempt a = { .pc = (uint64_t)slide, .vector = below(2) };
        struct attempt stop = { .pc = (uint64_t)&slide[2046],
                                .vector = below(2) };
        attempt(&stop);
        take(stop.cause);
        take(stop.vector);
        uint64_t more = (uint64_t)below(16) - 3, when, before;
        WRITE_CSR("sie", 0x20);
        while (READ_CSR("instret") % 100 >= 50) {}
        __asm__ volatile("rdtime %0\n add %0, %0, %2\n rdinstret %1\n"
                         "csrw 0x14d, %0"
                         : "=&r"(when), "=&r"(before)
                         : "r"(more));
        attempt(&a);
        take(a.cause);
        take(a.status);
        take(a.epc - (uint64_t)slide);
        take(a.vector);
        take(a.instructions - before);
        WRITE_CSR("0x14d", NEVER);
        take(READ_CSR("sip"));
        take_end();
    }
    begin_registers();
}

void supervise(enum class class)
{
    if (class == CONTROL) { controls(); }
    if (class == TABLES) { translations(); }
    if (class == LINES) { lines(); }
    if (class == ALARMS) { alarms(); }
}
