/* pipe: a program of Linux's for the lesson of chapter 9, which needs no
 * library.  Its child writes into a page that both have, and reads from a pipe,
 * into which it writes later. */
enum { READ = 63, WRITE = 64, PIPE2 = 59, EXIT = 93, CLONE = 220, WAIT4 = 260 };
enum { SIGCHLD = 17 };

static long call(long number, long a, const void *b, long c, long d)
{
    register long a7 __asm__("a7") = number, a0 __asm__("a0") = a;
    register const void *a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c, a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = 0;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
                     : "memory");
    return a0;
}

static volatile char shared[4096] __attribute__((aligned(4096))) = "parent";

__attribute__((noreturn)) void _start(void)
{
    int end[2];
    char byte = 'x';
    shared[0] = 'p';
    call(PIPE2, (long)end, 0, 0, 0);
    long child = call(CLONE, SIGCHLD, 0, 0, 0);
    if (child == 0) {
        shared[0] = 'c';                 /* a page of its own, from now on */
        call(READ, end[0], &byte, 1, 0); /* waits */
        call(EXIT, 0, 0, 0, 0);
    }
    call(WRITE, end[1], &byte, 1, 0);
    call(WAIT4, child, 0, 0, 0);
    call(WRITE, 1,
         shared[0] == 'p' ? "mine is as it was\n" : "mine has changed!\n", 18,
         0);
    call(EXIT, 0, 0, 0, 0);
    __builtin_unreachable();
}
