/*
 * Earlier moments: travel KERNEL IMAGE says in TAP whether a session can be had
 * again at any of them.
 */
#include <machine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MOMENTS 60
#define EXECUTED UINT64_C(100000000) /* instructions of the session */
#define SOON 0.2                     /* seconds */
#define DISK_BYTES 1000448

static const char *const lines[] = {
    "new hello run\r",
    "new primes prog \"primes 250000\" run\r",
    "list\r",
    "new talk run\r",
};
#define LINES (sizeof(lines) / sizeof(*lines))

static struct machine *m;
static uint64_t clocks[MOMENTS], hashes[MOMENTS];
static unsigned moments, points;
static uint8_t disk[DISK_BYTES];

void *machine_room(uint64_t bytes);

void *machine_room(uint64_t bytes)
{
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room == MAP_FAILED ? NULL : room;
}

static void point(bool good, const char *name)
{
    printf("%s %u - travel.%s\n", good ? "ok" : "not ok", ++points, name);
}

static void give_up(const char *why)
{
    printf("Bail out! %s\n", why);
    exit(1);
}

static void *whole(const char *path, uint64_t *ret_bytes)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = machine_room(UINT64_C(1) << 26);
    if (file == NULL || bytes == NULL) { give_up(path); }
    *ret_bytes = fread(bytes, 1, UINT64_C(1) << 26, file);
    (void)fclose(file);
    return bytes;
}

static struct machine *begin(char **words, bool remembers)
{
    const char *why;
    struct machine_config config = {
        .storage_bytes = 64 << 20,
        .disk = disk,
        .disk_bytes = DISK_BYTES,
    };
    memset(disk, 0, sizeof(disk));
    config.kernel = whole(words[1], &config.kernel_bytes);
    config.image = whole(words[2], &config.image_bytes);
    struct machine *made = machine_create(&config, &why);
    if (made == NULL) { give_up(why); }
    if (remembers && !machine_remember(made)) { give_up("it remembers not"); }
    return made;
}

static void note(void)
{
    if (moments < MOMENTS) {
        clocks[moments] = machine_clock(m);
        hashes[moments++] = machine_hash(m);
    }
}

/* With something typed whenever it waits; `step` instructions at once. */
static void hold(uint64_t step)
{
    unsigned line = 0;
    uint64_t noted = 0;
    const uint8_t *text;
    while (machine_executed(m) < EXECUTED) {
        if (machine_run(m, machine_clock(m) + step) == MACHINE_WAITS) {
            if (line < LINES) {
                const char *typed = lines[line++];
                (void)machine_type(m, typed, strlen(typed));
            } else if (machine_deadline(m) == MACHINE_NEVER) {
                line = 1;
            }
            machine_pass(m, machine_clock(m) + 1000000);
        }
        (void)machine_sent(m, &text);
        if (machine_executed(m) - noted > EXECUTED / (MOMENTS + 1)) {
            noted = machine_executed(m);
            note();
        }
    }
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* To all of them, in an order that leads back and forth. */
static void everywhere(void)
{
    double longest = 0;
    bool good = true;
    for (unsigned i = 0; i < 2 * MOMENTS; i++) {
        unsigned which = i * 37 % moments;
        double time = now();
        bool there = machine_go(m, clocks[which]);
        time = now() - time;
        if (time > longest) { longest = time; }
        if (!there || machine_clock(m) != clocks[which] ||
            machine_hash(m) != hashes[which]) {
            printf("# moment %u at %llu, and it is at %llu\n", which,
                   (unsigned long long)clocks[which],
                   (unsigned long long)machine_clock(m));
            good = false;
        }
    }
    point(good, "each_moment_is_the_same_again");
    printf("# the longest way took %.0f ms; %llu kB are kept\n", longest * 1000,
           (unsigned long long)machine_memory(m) / 1024);
    point(longest < SOON, "any_moment_is_there_soon");
}

/* A machine that is only told what was typed, and when. */
static void straight(char **words, uint64_t clock)
{
    struct machine *first = m;
    struct machine_typed typed;
    uint64_t hash = machine_go(m, clock) ? machine_hash(m) : 0;
    unsigned bytes = 0;
    m = begin(words, true);
    for (size_t i = 0; machine_typed(first, i, &typed); i++) {
        if (!machine_type_later(m, &typed)) { break; }
        bytes += typed.count;
    }
    (void)machine_go(m, clock);
    point(machine_hash(m) == hash, "what_was_typed_makes_the_same_run");
    const uint8_t *mine, *theirs;
    size_t count = machine_text(m, &mine);
    bool same = count == machine_text(first, &theirs) && count > 400 &&
                memcmp(mine, theirs, count) == 0;
    point(same && bytes > 40, "the_same_was_said");
    m = first;
}

static void branch(void)
{
    const char typed[] = "list\r";
    uint64_t early = clocks[moments / 3], late = clocks[moments - 1];
    (void)machine_go(m, early);
    point(machine_type(m, typed, strlen(typed)) > 0, "typed_in_the_past");
    point(machine_remembered(m) <= early, "what_came_later_never_was");
    (void)machine_go(m, late);
    uint64_t other = machine_hash(m);
    point(other != hashes[moments - 1], "a_branch_goes_elsewhere");
    (void)machine_go(m, clocks[moments / 4]);
    point(machine_hash(m) == hashes[moments / 4], "before_it_all_is_the_same");
    (void)machine_go(m, late);
    point(machine_hash(m) == other, "the_branch_is_the_same_again");
}

int main(int count, char **words)
{
    if (count != 3) { give_up("travel KERNEL IMAGE"); }
    puts("TAP version 13");
    m = begin(words, true);
    point(machine_remember(m), "asked_again_it_remembers_still");
    hold(777777);
    printf("# %llu instructions, clock %llu\n",
           (unsigned long long)machine_executed(m),
           (unsigned long long)machine_clock(m));
    everywhere();
    straight(words, clocks[moments - 1]);
    branch();
    printf("1..%u\n", points);
    return 0;
}
