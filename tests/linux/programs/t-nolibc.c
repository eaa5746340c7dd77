/* The least program: it says one line and ends, with no C library. */
static long call(long number, long a0, long a1, long a2)
{
    register long a7 __asm__("a7") = number;
    register long x0 __asm__("a0") = a0;
    register long x1 __asm__("a1") = a1;
    register long x2 __asm__("a2") = a2;
    __asm__ volatile("ecall" : "+r"(x0) : "r"(a7), "r"(x1), "r"(x2) : "memory");
    return x0;
}

void _start(void)
{
    static const char line[] = "no library\n";
    long written = call(64, 1, (long)line, sizeof line - 1);
    call(94, written == sizeof line - 1 ? 3 : 1, 0, 0);
}
