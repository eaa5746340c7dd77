/* What a program finds on its stack: argc, argv, envp, the auxiliary vector;
 * above them the texts. */
#include <processes/program.h>

#include <files/random.h>
#include <memory/frames.h>
#include <memory/user.h>
#include <string.h>

enum {
    AT_NULL,
    AT_PHDR = 3,
    AT_PHENT,
    AT_PHNUM,
    AT_PAGESZ,
    AT_BASE,
    AT_FLAGS,
    AT_ENTRY,
    AT_UID = 11,
    AT_EUID,
    AT_GID,
    AT_EGID,
    AT_HWCAP = 16,
    AT_CLKTCK,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_EXECFN = 31,
    AT_MINSIGSTKSZ = 51,
};
#define HWCAP_IMAFDC 0x112d
#define HEADER_BYTES 56

/* ---- texts --------------------------------------------------------------- */

long texts_add(struct texts *texts, const char *text, uint64_t bytes)
{
    if (bytes > TEXTS_BYTES - texts->bytes) { return -LINUX_E2BIG; }
    while (bytes > 0) {
        uint64_t within = texts->bytes % KERNE_PAGE;
        uint64_t part =
            KERNE_PAGE - within < bytes ? KERNE_PAGE - within : bytes;
        uint64_t *frame = &texts->frame[texts->bytes / KERNE_PAGE];
        if (*frame == 0) { *frame = frame_take(); }
        if (*frame == 0) { return -LINUX_ENOMEM; }
        memcpy((char *)*frame + within, text, part);
        texts->bytes += part;
        text += part;
        bytes -= part;
    }
    return 0;
}

void texts_end(struct texts *texts)
{
    for (unsigned i = 0; i < TEXTS_BYTES / KERNE_PAGE; i++) {
        if (texts->frame[i] != 0) { frame_drop(texts->frame[i]); }
        texts->frame[i] = 0;
    }
}

static long put_texts(struct space *space, const struct texts *texts,
                      uint64_t to)
{
    for (uint64_t done = 0; done < texts->bytes; done += KERNE_PAGE) {
        uint64_t part = texts->bytes - done;
        if (part > KERNE_PAGE) { part = KERNE_PAGE; }
        if (user_write(space, to + done,
                       (const void *)texts->frame[done / KERNE_PAGE],
                       part) != 0) {
            return -LINUX_ENOMEM;
        }
    }
    return 0;
}

/* ---- words --------------------------------------------------------------- */

struct writer {
    struct space *space;
    uint64_t at;
    bool has_failed;
};

static void put(struct writer *w, uint64_t word)
{
    if (user_write(w->space, w->at, &word, sizeof word) != 0) {
        w->has_failed = true;
    }
    w->at += sizeof word;
}

static void put_pair(struct writer *w, uint64_t kind, uint64_t value)
{
    put(w, kind);
    put(w, value);
}

/* Pointers to texts that stand one behind the other, and a null. */
static uint64_t put_pointers(struct writer *w, const struct texts *texts,
                             uint64_t count, uint64_t from, uint64_t at)
{
    for (; count > 0; count--) {
        put(w, at + from);
        while (((const char *)texts
                    ->frame[from / KERNE_PAGE])[from % KERNE_PAGE] != '\0') {
            from++;
        }
        from++;
    }
    put(w, 0);
    return from;
}

static void put_auxiliary(struct writer *w, const struct program *p,
                          uint64_t random, uint64_t path)
{
    put_pair(w, AT_HWCAP, HWCAP_IMAFDC);
    put_pair(w, AT_PAGESZ, KERNE_PAGE);
    put_pair(w, AT_CLKTCK, 100);
    put_pair(w, AT_PHDR, p->headers);
    put_pair(w, AT_PHENT, HEADER_BYTES);
    put_pair(w, AT_PHNUM, p->header_count);
    put_pair(w, AT_BASE, p->interpreter);
    put_pair(w, AT_FLAGS, 0);
    put_pair(w, AT_ENTRY, p->own_entry);
    put_pair(w, AT_UID, 0);
    put_pair(w, AT_EUID, 0);
    put_pair(w, AT_GID, 0);
    put_pair(w, AT_EGID, 0);
    put_pair(w, AT_SECURE, 0);
    put_pair(w, AT_MINSIGSTKSZ, 0x440);
    put_pair(w, AT_RANDOM, random);
    put_pair(w, AT_EXECFN, path);
    put_pair(w, AT_NULL, 0);
}
#define AUXILIARY_WORDS 36

uint64_t program_stack(struct space *space, const struct program *program,
                       const struct texts *texts, const char *path)
{
    random_stir();
    uint64_t random[2] = { random_number(), random_number() };
    uint64_t path_bytes = strlen(path) + 1;
    uint64_t path_at = SPACE_STACK_LAST - 8 - path_bytes;
    uint64_t texts_at = path_at - texts->bytes;
    uint64_t random_at = (texts_at - sizeof random) & ~UINT64_C(15);
    uint64_t words =
        1 + texts->arguments + 1 + texts->environment + 1 + AUXILIARY_WORDS;
    uint64_t at = (random_at - words * 8) & ~UINT64_C(15);
    struct writer w = { space, at, false };
    if (user_write(space, path_at, path, path_bytes) != 0 ||
        put_texts(space, texts, texts_at) != 0 ||
        user_write(space, random_at, random, sizeof random) != 0) {
        return 0;
    }
    put(&w, texts->arguments);
    uint64_t from = put_pointers(&w, texts, texts->arguments, 0, texts_at);
    put_pointers(&w, texts, texts->environment, from, texts_at);
    put_auxiliary(&w, program, random_at, path_at);
    space->arguments[0] = texts_at;
    space->arguments[1] = space->environment[0] = texts_at + from;
    space->environment[1] = path_at;
    return w.has_failed ? 0 : at;
}
