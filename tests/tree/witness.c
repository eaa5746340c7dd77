/*
 * witness FILE: says what a program finds where it runs: the names, a clock
 * that answers, and of a file in the boot image that it is lent the CRC-32.
 */
#include <archive.h>
#include <program.h>
#include <stdio.h>

static uint32_t checksum(const uint8_t *bytes, uint64_t size)
{
    uint32_t sum = UINT32_MAX;
    for (uint64_t bit = 0; bit < 8 * size; bit++) {
        if (bit % 8 == 0) { sum ^= bytes[bit / 8]; }
        sum = sum >> 1 ^ (sum & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~sum;
}

static void tell_file(const char *name)
{
    const struct kerne_range *image = &kerne_start_record->image;
    struct archive_member file;
    if (archive_find(image, name, &file) != ARCHIVE_MEMBER) {
        kerne_give_up("%s is in no boot image that was lent", name);
    }
    printf("%s is %08lx\n", name,
           (unsigned long)checksum(file.bytes, file.size));
}

static void tell_names(void)
{
    static const char *const names[] = { "console", "terminal", "clock", "echo",
                                         "nobody" };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint64_t address;
        bool found = kerne_look_up(names[i], &address) == KERNE_r_normal;
        printf("%s%s is %s", i == 0 ? "" : ", ", names[i],
               found ? "in sight" : "unknown");
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    uint64_t began = kerne_get_clock();
    tell_names();
    uint64_t result = kerne_delay(kerne_ticks(1000));
    printf("the clock answers %lu, %s\n", (unsigned long)result,
           kerne_get_clock() - began >= kerne_ticks(1000) ? "in time"
                                                          : "too early");
    tell_file(argc > 1 ? argv[1] : "s");
    return 0;
}
