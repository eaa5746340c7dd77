/*
 * The backing store: areas of segments, by name.  The words of the messages are
 * in docs/man/programs/store.md.
 *
 * An area in use is a process.  Its user declares it among its own children,
 * so that it decides who sees it:
 *
 *     struct kerne_use use;
 *     uint64_t store = kerne_find("store");
 *     if (kerne_use(store, "data", 5, KERNE_USE_WRITE, &use) ==
 *         KERNE_r_normal) {
 *         kerne_segments_output(use.address, 0, page, 8, &done);
 *     }
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef KERNE_BACKING_H
#define KERNE_BACKING_H

#include <segments.h>

/* Beside sense, input, output and flush, of segments.h. */
enum kerne_backing_operation {
    KERNE_BACKING_CREATE = 32,
    KERNE_BACKING_LOOK_UP = 34,
    KERNE_BACKING_RENAME = 36,
    KERNE_BACKING_SIZE = 38,
    KERNE_BACKING_REMOVE = 40,
    KERNE_BACKING_LIST = 42,
    KERNE_BACKING_USE = 44,
    KERNE_BACKING_RELEASE = 46,
    KERNE_BACKING_INCLUDE = 48, /* by the area's owner, as the next two */
    KERNE_BACKING_EXCLUDE = 50,
    KERNE_BACKING_MARK = 52,
    KERNE_BACKING_GIVE = 54, /* by the store's parent, as the next */
    KERNE_BACKING_TAKE_BACK = 56,
    KERNE_BACKING_ACCOUNT = 58,
    KERNE_BACKING_READ = 60, /* input from an area that is not in use */
};

/* Words of messages: the name is in 1 and 2. */
#define KERNE_WORD_NAME 1
#define KERNE_WORD_NEW_NAME 3  /* and 4: of rename */
#define KERNE_WORD_USER 3      /* and 4: of include and exclude */
#define KERNE_WORD_SIZE 3      /* of create, size and give, in segments */
#define KERNE_WORD_FLAGS 4     /* of create, and of mark: all anew */
#define KERNE_WORD_ENTRIES 4   /* of give */
#define KERNE_WORD_NUMBER 3    /* of use and release */
#define KERNE_WORD_MODE 4      /* of use */
#define KERNE_WORD_CURSOR 1    /* of list, and of its answer */
#define KERNE_WORD_READ_NAME 4 /* and 5: of read; else as input */

/* Words of the answers to create, look up and list: an area. */
enum kerne_backing_area_word {
    KERNE_WORD_AREA_NAME = 2, /* and 3 */
    KERNE_WORD_AREA_SIZE = 4,
    KERNE_WORD_AREA_FLAGS = 5,
    KERNE_WORD_AREA_OWNER = 6, /* and 7 */
};

enum kerne_backing_flag {
    KERNE_AREA_PERMANENT = 1, /* else it goes when its use for writing ends */
    KERNE_AREA_RESERVED = 2,  /* somebody uses it for writing */
    KERNE_AREA_PRIVATE = 4,   /* only its owner and users see it */
};

/* To sense, account and give, and to list behind the last area: what is left of
 * an account, and what it has in all.  To take back: the parent's. */
enum kerne_backing_room_word {
    KERNE_WORD_FREE_SEGMENTS = 2,
    KERNE_WORD_ALL_SEGMENTS = 3,
    KERNE_WORD_FREE_ENTRIES = 4,
    KERNE_WORD_ALL_ENTRIES = 5,
};

enum kerne_use_mode { KERNE_USE_READ = 0, KERNE_USE_WRITE = 1 };

/* Word 0 of an answer with result 2, beside those of segments.h. */
enum kerne_backing_status {
    KERNE_BACKING_NO_AREA = 80,
    KERNE_BACKING_NAME_TAKEN = 81,
    KERNE_BACKING_NO_NAME = 82,
    KERNE_BACKING_CATALOG_FULL = 83, /* words 1, 2: entries wanted, free */
    KERNE_BACKING_DISK_FULL = 84,    /* words 1, 2: segments wanted, free */
    KERNE_BACKING_NOT_OWNER = 85,
    KERNE_BACKING_RESERVED = 86, /* another one uses it for writing */
    KERNE_BACKING_NUMBER_TAKEN = 87,
    KERNE_BACKING_NO_ENTRY_LEFT = 88,   /* words 1, 2: entries wanted, left */
    KERNE_BACKING_NO_SEGMENT_LEFT = 89, /* words 1, 2: segments wanted, left */
    KERNE_BACKING_NOT_PARENT = 90,
    KERNE_BACKING_NO_ACCOUNT = 91, /* there are as many as there can be */
    KERNE_BACKING_PRIVATE = 92,
    KERNE_BACKING_EXCLUDED = 93, /* of a use: it ended by the owner's will */
    KERNE_BACKING_NO_USER = 94,
    KERNE_BACKING_USERS_FULL = 95,
};

/* Why it was not done, as a clause; also of what is normal. */
const char *kerne_backing_text(uint64_t result, uint64_t status);

/* Sends a message that has a name, two more words, and no area.  Result: of the
 * answer, or as kerne_ask.  Costs one conversation. */
uint64_t kerne_backing_ask(uint64_t store, uint64_t operation, const char *name,
                           uint64_t word_3, uint64_t word_4,
                           struct kerne_words *ret_answer);

/* An area in use: an address for segments.h. */
struct kerne_use {
    uint64_t store, address, number;
    uint64_t reference; /* of the pseudo process */
    uint64_t buffer;    /* of the message that stands for the use */
    uint64_t status;    /* why it is not in use */
};

/*
 * Uses an area, as child `number` of the caller, which must be free; takes a
 * message buffer and a process of its claims for as long as the use lasts.
 * Result: normal; of the answer if it is another one; otherwise as create
 * pseudo process and kerne_ask.  Costs two conversations and a call.
 */
uint64_t kerne_use(uint64_t store, const char *name, uint64_t number,
                   enum kerne_use_mode mode, struct kerne_use *ret_use);

/* Ends it.  Costs two conversations and a call. */
void kerne_use_end(const struct kerne_use *use);

#endif
