/* The command: a machine on the files that its words name. */
#include "console.h"
#include "events.h"
#include "file.h"
#include "record.h"
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

void *machine_room(uint64_t bytes);

void *machine_room(uint64_t bytes)
{
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room == MAP_FAILED ? NULL : room;
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say_figures(const struct machine *m, double time)
{
    double executed = (double)machine_executed(m);
    (void)fprintf(stderr,
                  "machine: %" PRIu64 " instructions, clock %" PRIu64
                  ", %.2f s of the processor, %.1f million a second\n",
                  machine_executed(m), machine_clock(m), time,
                  executed / time / 1e6);
}

int main(int count, char **words)
{
    struct options options = options_read(count, words);
    struct machine_config config = {
        .storage_bytes = options.storage_bytes,
        .arguments = options.arguments,
        .disk_is_read_only = options.disk_is_read_only,
        .disk_is_direct = options.disk_is_direct,
        .disk_block = options.disk_block,
        .epoch = UINT64_C(1800000000) * 1000000000,
    };
    config.kernel = file_read(options.kernel, &config.kernel_bytes);
    config.image = file_read(options.image, &config.image_bytes);
    if (options.disk != NULL) {
        config.disk = file_disk(options.disk, options.disk_is_read_only,
                                &config.disk_bytes);
    }
    const char *why;
    struct machine *m = machine_create(&config, &why);
    if (m == NULL) { give_up("%s", why); }
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct session *session =
        options.events != NULL ? events_begin(m, options.layout, options.events)
                               : NULL;
    if (options.replay != NULL) { replay_begin(options.replay); }
    if (options.record != NULL) { record_begin(m, options.record); }
    int status = console_hold(m, session, &options);
    if (session != NULL) { events_end(); }
    if (options.says_figures) {
        say_figures(m, seconds(CLOCK_PROCESS_CPUTIME_ID) - begin);
    }
    if (options.says_hash) {
        (void)fprintf(stderr, "machine: state %016" PRIx64 "\n",
                      machine_hash(m));
    }
    return status;
}
