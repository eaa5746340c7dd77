/*
 * crash KIND: does what a process cannot do, one kind of it.  The process
 * stops in a break, its parent is told, and nobody else notices.  Without a
 * KIND it lists them.
 */
#include <program.h>
#include <stdio.h>

#define NO_FUNCTION 254 /* a number that no function of the nucleus has */

/* Addresses are made at run time, so that the compiler cannot object. */
static volatile char *address_of(volatile uint64_t number)
{
    return (volatile char *)number;
}

static void illegal(void) { __asm__ volatile(".4byte 0xffffffff"); }

static void breakpoint(void) { __asm__ volatile("ebreak"); }

/* An atomic instruction: this machine helps with the others itself. */
static void misaligned(void)
{
    static uint64_t words[2];
    uint64_t value;
    __asm__ volatile("lr.d %0, (%1)"
                     : "=r"(value)
                     : "r"((char *)words + 1)
                     : "memory");
}

static void load(void) { (void)*address_of(0x1000); }

static void store(void) { *address_of((uint64_t)kerne_text_first) = 0; }

static void execute(void)
{
    static uint32_t words[1];
    ((void (*)(void))address_of((uint64_t)words))();
}

static void call(void)
{
    struct kerne_registers r = { .a7 = NO_FUNCTION, .a0 = 1, .a1 = 2 };
    kerne_call(&r);
}

/* The count never gets to zero before the stack is full. */
static int deeper(volatile int *count)
{
    volatile int here[256];
    here[0] = *count + 1;
    return here[0] == 0 ? 0 : deeper(here) + here[0];
}

static void stack(void)
{
    volatile int count = 0;
    (void)deeper(&count);
}

static void nucleus(void) { (void)*address_of(UINT64_C(0xffffffff80000000)); }

static void control(void) { __asm__ volatile("csrr a0, sstatus" : : : "a0"); }

static void abandon(void) { kerne_give_up("crash: gives up of its own will"); }

static const struct {
    const char *kind;
    void (*act)(void);
    const char *what;
} kinds[] = {
    { "illegal", illegal, "an instruction that there is not" },
    { "breakpoint", breakpoint, "the instruction ebreak" },
    { "misaligned", misaligned, "an atomic load from an odd address" },
    { "load", load, "loads where it has no storage" },
    { "store", store, "stores into its own program text" },
    { "execute", execute, "jumps into its own data" },
    { "call", call, "calls function 254 of the nucleus: there is none" },
    { "stack", stack, "calls itself until its stack is full" },
    { "nucleus", nucleus, "loads from the nucleus's storage" },
    { "control", control, "reads a register of the supervisor" },
    { "giveup", abandon, "tells its parent that it cannot go on" },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < KINDS; i++) {
        if (strcmp(argv[1], kinds[i].kind) == 0) {
            kinds[i].act();
            printf("crash %s: still here, which is an error of the nucleus "
                   "or a kindness of the parent\n",
                   argv[1]);
            return 1;
        }
    }
    if (argc > 2) {
        printf("crash: expected one kind; got `%s` too.\n", argv[2]);
    } else if (argc == 2) {
        printf("crash: there is no kind `%s`.\n", argv[1]);
    }
    printf("crash KIND, where KIND is\n");
    for (size_t i = 0; i < KINDS; i++) {
        printf("  %-10s  %s\n", kinds[i].kind, kinds[i].what);
    }
    return argc > 1 ? 1 : 0;
}
