/*
 * liar MODE: stands where a store is looked for, and answers as no sound one
 * does.  For catalog.py: nothing that it says may do s any harm.
 */
#include <backing.h>
#include <elf_file.h>
#include <program.h>

#define BASE UINT64_C(0x80400000)
#define AREA_SEGMENTS 80

static struct {
    struct elf_header header;
    struct elf_segment segment[2];
} head = {
    .header = { .identity = ELF_MAGIC,
                .type = ELF_EXECUTABLE,
                .machine = ELF_RISC_V,
                .entry = BASE,
                .program_headers = sizeof(struct elf_header),
                .program_header_bytes = sizeof(struct elf_segment),
                .program_header_count = 2 },
    .segment = { { .type = ELF_LOAD,
                   .flags = ELF_READ | ELF_EXECUTE,
                   .offset = 0x1000,
                   .address = BASE,
                   .in_file = 0x1000,
                   .bytes = 0x1000 },
                 { .type = ELF_LOAD,
                   .flags = ELF_READ | ELF_WRITE,
                   .offset = 0x2000,
                   .address = BASE + 0x1000,
                   .in_file = 0x2000,
                   .bytes = 0x4000 } },
};

static const char *mode;
static unsigned reads;

static bool is(const char *name) { return strcmp(mode, name) == 0; }

static void area(uint64_t cursor, struct kerne_reply *reply)
{
    reply->result = KERNE_r_normal;
    reply->words.w[KERNE_WORD_CURSOR] = cursor;
    kerne_name("again", &reply->words.w[KERNE_WORD_AREA_NAME]);
    reply->words.w[KERNE_WORD_AREA_SIZE] =
        is("large") ? UINT64_C(1) << 54 : AREA_SEGMENTS;
    reply->words.w[KERNE_WORD_AREA_OWNER] = UINT64_MAX; /* no end, no text */
    reply->words.w[KERNE_WORD_AREA_OWNER + 1] = UINT64_MAX;
}

/* The head is as it should be; what comes behind it is not. */
static void read(const struct kerne_received *received,
                 struct kerne_reply *reply)
{
    uint64_t copied;
    reply->result = KERNE_r_normal;
    if (reads++ == 0) {
        (void)kerne_general_copy(received->buffer, KERNE_STORE, 0, &head,
                                 sizeof head, &copied);
        reply->words.w[KERNE_WORD_BYTES] = KERNE_PAGE;
    } else if (is("beyond") || is("large")) {
        reply->words.w[KERNE_WORD_BYTES] = UINT64_MAX;
    } else if (is("gone") && reads == 2) {
        reply->words.w[KERNE_WORD_BYTES] = KERNE_SEGMENT;
    } else if (is("gone")) {
        reply->result = KERNE_r_rejected;
        reply->words.w[KERNE_WORD_STATUS] = KERNE_BACKING_NO_AREA;
    } else if (is("missing")) {
        reply->result = KERNE_r_malfunction;
        reply->words.w[KERNE_WORD_STATUS] = KERNE_r_missing;
    } /* else: nothing is moved, again and again */
}

static void handle(const struct kerne_received *received,
                   struct kerne_reply *reply)
{
    switch (kerne_operation_of(&received->words)) {
    case KERNE_BACKING_LOOK_UP:
        reads = 0;
        area(0, reply);
        break;
    case KERNE_BACKING_LIST: area(1, reply); break;
    case KERNE_BACKING_READ: read(received, reply); break;
    default:
        reply->result = KERNE_r_rejected;
        reply->words.w[KERNE_WORD_STATUS] = UINT64_MAX;
    }
}

int main(int argc, char **argv)
{
    mode = argc > 1 ? argv[1] : "";
    head.header.identity[4] = ELF_64_BITS;
    head.header.identity[5] = ELF_LITTLE_ENDIAN;
    while (is("silent")) { /* takes every message, and answers none */
        (void)kerne_serve(0, 0, &(struct kerne_words){ { 0 } });
    }
    kerne_serve_all(handle);
}
