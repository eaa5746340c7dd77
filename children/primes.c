/*
 * primes N: counts the primes up to N (1,000,000 if nothing is said), by
 * division, so that it computes for a while.  Prints how many there are, how
 * long it took, and how much of that time it had the machine.
 */
#include <errno.h>
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_prime(uint64_t number)
{
    for (uint64_t divisor = 2; divisor * divisor <= number; divisor++) {
        if (number % divisor == 0) { return false; }
    }
    return number >= 2;
}

/* Ticks that this process itself has had. */
static uint64_t own_time(void)
{
    struct kerne_time_record time;
    (void)kerne_describe_time(0, &time);
    return time.own;
}

/* strtoull alone would take `-5`, and what only begins with a number. */
static bool is_number(const char *text, uint64_t *ret_number)
{
    errno = 0;
    *ret_number = strtoull(text, NULL, 10);
    return *text != 0 && text[strspn(text, "0123456789")] == 0 && errno == 0;
}

int main(int argc, char **argv)
{
    uint64_t last = 1000000;
    if (argc > 2 || (argc == 2 && !is_number(argv[1], &last))) {
        printf("primes: expected `primes N`, and N a whole number below 2^64; "
               "got `%s`\n",
               argv[argc - 1]);
        return 1;
    }
    uint64_t start = kerne_get_clock();
    uint64_t own_start = own_time();

    uint64_t count = 0;
    for (uint64_t number = 2; number <= last; number++) {
        count += is_prime(number) ? 1 : 0;
    }

    uint64_t taken = kerne_microseconds(kerne_get_clock() - start);
    uint64_t own = kerne_microseconds(own_time() - own_start);
    printf("%llu primes up to %llu; %llu ms, of which %llu ms were mine\n",
           (unsigned long long)count, (unsigned long long)last,
           (unsigned long long)taken / 1000, (unsigned long long)own / 1000);
    return 0;
}
