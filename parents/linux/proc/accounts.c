/*
 * /proc/kerne: what this system has, and has given: for whoever wonders where
 * its storage is, and for tests, which see whether it all comes back.
 */
#include <proc/made.h>

#include <describe.h>
#include <files/file.h>
#include <memory/pool.h>
#include <memory/swap.h>
#include <processes/carriers.h>
#include <processes/process.h>

static void say_frames(struct text *text)
{
    struct pool_counts pool = pool_counts();
    uint64_t all = frames_all(), free = frames_free();
    text_say(text,
             "Frames:           %8lu\nFramesFree:       %8lu\n"
             "FramesOfPages:    %8lu\nFramesOfRecords:  %8lu\n"
             "Records:          %8lu\n",
             all, free, all - free - pool.frames, pool.frames, pool.records);
}

static void say_processes(struct text *text)
{
    uint64_t all = 0, zombies = 0, threads = 0, areas = 0;
    struct carrier_counts carriers = carrier_counts();
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        all++;
        zombies += p->threads == NULL;
        threads += p->thread_count;
        areas += p->threads == NULL ? 0 : p->threads->space->areas.count;
    }
    text_say(text,
             "Processes:        %8lu\nZombies:          %8lu\n"
             "Threads:          %8lu\nAreas:            %8lu\n"
             "Carriers:         %8u\nCarriersIdle:     %8u\n"
             "CarriersKept:     %8u\n"
             "OpenFiles:        %8lu\n",
             all, zombies, threads, areas, carriers.all, carriers.idle,
             carriers.kept, files_open());
}

static uint64_t left(enum kerne_claim claim)
{
    struct kerne_claim_record record;
    (void)kerne_describe_claim(0, claim, &record);
    return record.free;
}

static void say_claims(struct text *text)
{
    text_say(text,
             "BuffersLeft:      %8lu\nProcessesLeft:    %8lu\n"
             "TablesLeft:       %8lu\n",
             left(KERNE_CLAIM_BUFFERS), left(KERNE_CLAIM_PROCESSES),
             left(KERNE_CLAIM_TABLES));
}

static void say_swap(struct text *text)
{
    struct swap_counts counts = swap_counts();
    text_say(text,
             "SwapPages:        %8lu\nSwapUsed:         %8lu\n"
             "PagesBrought:     %8lu\nPagesWritten:     %8lu\n",
             slots_all(), slots_used(), counts.brought, counts.written);
}

void say_accounts(struct text *text, const struct subject *of)
{
    (void)of;
    say_frames(text);
    say_processes(text);
    say_swap(text);
    say_claims(text);
}
