#include <files/random.h>

#include <calls/table.h>
#include <files/file.h>
#include <memory/user.h>
#include <program.h>
#include <processes/process.h>

enum { GRND_NONBLOCK = 1, GRND_RANDOM, GRND_INSECURE = 4 };

#define LONGEST (1 << 24) /* bytes at once; others wait meanwhile */

static uint64_t state;

void random_stir(void) { state ^= kerne_get_clock(); }

uint64_t random_number(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

long random_fill(struct transfer *to)
{
    long done = 0;
    random_stir();
    while (to->bytes > 0 && done < LONGEST) {
        uint64_t number = random_number();
        uint64_t part = transfer_part(to, sizeof number);
        if (transfer_put(to, &number, part) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)part;
    }
    return done;
}

long call_getrandom(struct thread *t, const uint64_t *a)
{
    struct transfer to = { t->space, a[0], a[1] };
    uint32_t flags = (uint32_t)a[2];
    if (flags & ~(uint32_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
        (flags & GRND_RANDOM && flags & GRND_INSECURE)) {
        return -LINUX_EINVAL;
    }
    return random_fill(&to);
}
