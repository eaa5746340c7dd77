/* What the store answers to whom: accounts, and the users of areas. */
#include "post.h"

#include <backing.h>
#include <dice.h>
#include <string.h>
#include <tap.h>
#include <uses.h>

#define ENTRIES 64
#define NUMBER 3 /* of areas in use */
#define PARENT KERNE_PARENT
#define SIBLING(n) KERNE_ADDRESS(1, n)

static struct rig *rig;
static uint64_t copied; /* bytes */

uint64_t kerne_general_copy(uint64_t buffer, enum kerne_direction direction,
                            uint64_t offset, void *own, uint64_t length,
                            uint64_t *ret_bytes)
{
    (void)offset;
    bool is_gone = letter_of(buffer)->is_gone;
    *ret_bytes = is_gone ? 0 : length;
    copied += *ret_bytes;
    if (direction == KERNE_FETCH) { memset(own, 1, *ret_bytes); }
    return is_gone ? KERNE_r_gone : KERNE_r_normal;
}

/* ---- asking -------------------------------------------------------------- */

/* No area is one of a test before. */
static void begin(void)
{
    static uint64_t serials;
    dice_state = 1;
    rig = post_rig(200, ENTRIES);
    serials += 1000;
    rig->store.catalog.serial += serials;
}

static uint64_t word_of(const char *name)
{
    uint64_t word = 0;
    memcpy(&word, name, strlen(name));
    return word;
}

/* A message with a name of at most 8 letters. */
static struct letter *send(uint64_t sender, uint64_t operation,
                           const char *name, uint64_t word_3, uint64_t word_4)
{
    struct kerne_words words = { { KERNE_OPERATION(operation, 0), word_of(name),
                                   0, word_3, word_4 } };
    return post_send(sender, &words);
}

static void end(void)
{
    for (uint64_t i = 0; i < 4; i++) { post_dies(SIBLING(i)); }
    (void)send(PARENT, KERNE_BACKING_LIST, "", 0,
               0); /* it is looked for them */
    rig_end_all(rig);
    for (int i = 0; i < CLIENTS; i++) { EQUAL(clients[i].state, CLIENT_FREE); }
    for (int i = 0; i < LETTERS; i++) { EXPECT(!letters[i].is_held); }
    rig_free(rig);
}

/* Sends it; its answer. */
static struct kerne_words ask(uint64_t sender, uint64_t operation,
                              const char *name, uint64_t word_3,
                              uint64_t word_4)
{
    struct letter *letter = send(sender, operation, name, word_3, word_4);
    rig_end_all(rig);
    EQUAL(letter->result, KERNE_r_normal);
    return letter->answer;
}

#define REFUSED(status, ...) refused(__LINE__, status, __VA_ARGS__)
static struct kerne_words refused(int line, uint64_t status, uint64_t sender,
                                  uint64_t operation, const char *name,
                                  uint64_t word_3, uint64_t word_4)
{
    struct letter *letter = send(sender, operation, name, word_3, word_4);
    rig_end_all(rig);
    if (letter->result != KERNE_r_rejected || letter->answer.w[0] != status) {
        tap_fail("line %d: result %lu, status %lu", line,
                 (unsigned long)letter->result,
                 (unsigned long)letter->answer.w[0]);
    }
    return letter->answer;
}

static void create(uint64_t sender, const char *name, uint64_t segments,
                   uint64_t flags)
{
    (void)ask(sender, KERNE_BACKING_CREATE, name, segments, flags);
}

static struct letter *use(uint64_t sender, const char *name,
                          enum kerne_use_mode mode)
{
    struct letter *letter = send(sender, KERNE_BACKING_USE, name, NUMBER, mode);
    rig_end_all(rig);
    return letter;
}

/* By way of an area in use. */
static struct letter *transfer(uint64_t sender, uint64_t operation,
                               uint64_t segments)
{
    struct kerne_words words = {
        { KERNE_OPERATION(operation, KERNE_GRANT_READ | KERNE_GRANT_WRITE), 0,
          segments * KERNE_SEGMENT, 0 }
    };
    return post_send(sender | KERNE_SENDER_PSEUDO | (uint64_t)NUMBER << 32,
                     &words);
}

static void ended(const struct letter *letter, uint64_t result, uint64_t status)
{
    EXPECT(!letter->is_held);
    EQUAL(letter->result, result);
    EQUAL(letter->answer.w[0], status);
}

/* ---- accounts ------------------------------------------------------------ */

static void expect_room(const struct kerne_words *room, uint64_t left_segments,
                        uint64_t segments, uint64_t left_entries,
                        uint64_t entries)
{
    EQUAL(room->w[KERNE_WORD_FREE_SEGMENTS], left_segments);
    EQUAL(room->w[KERNE_WORD_ALL_SEGMENTS], segments);
    EQUAL(room->w[KERNE_WORD_FREE_ENTRIES], left_entries);
    EQUAL(room->w[KERNE_WORD_ALL_ENTRIES], entries);
}

static void expect_short(const struct kerne_words *answer, uint64_t wanted,
                         uint64_t left)
{
    EQUAL(answer->w[1], wanted);
    EQUAL(answer->w[2], left);
}

TEST("store.messages.what_is_given_is_told_and_counted")
{
    begin();
    uint64_t all = (uint64_t)rig->store.geometry.slots * 8;
    struct kerne_words told = ask(PARENT, KERNE_BACKING_GIVE, "k1", 20, 2);
    expect_room(&told, 24, 24, 2, 2);
    told = ask(PARENT, KERNE_SENSE, "", 0, 0);
    expect_room(&told, all - 24, all - 24, ENTRIES - 2, ENTRIES - 2);
    create(SIBLING(1), "one", 12, KERNE_AREA_PERMANENT);
    told = ask(SIBLING(1), KERNE_SENSE, "", 0, 0);
    expect_room(&told, 8, 24, 1, 2);
    told = ask(SIBLING(1), KERNE_BACKING_LIST, "", ENTRIES, 0);
    told = ask(PARENT, KERNE_BACKING_ACCOUNT, "k1", 0, 0);
    expect_room(&told, 8, 24, 1, 2);
    told = ask(SIBLING(2), KERNE_SENSE, "", 0, 0);
    expect_room(&told, 0, 0, 0, 0);
    (void)ask(PARENT, KERNE_BACKING_SIZE, "one", 24, 0); /* k1 pays for it */
    told = ask(SIBLING(1), KERNE_BACKING_ACCOUNT, "", 0, 0);
    expect_room(&told, 0, 24, 1, 2);
    told = ask(PARENT, KERNE_BACKING_TAKE_BACK, "k1", 0, 0);
    expect_room(&told, all - 24, all, ENTRIES - 1, ENTRIES);
    told = ask(SIBLING(1), KERNE_BACKING_ACCOUNT, "k1", 0, 0);
    expect_room(&told, 0, 0, 0, 0);
    end();
}

TEST("store.messages.what_is_short_is_told")
{
    begin();
    uint64_t all = (uint64_t)rig->store.geometry.slots * 8;
    (void)ask(PARENT, KERNE_BACKING_GIVE, "k1", 24, 2);
    struct kerne_words told =
        REFUSED(KERNE_BACKING_NO_SEGMENT_LEFT, SIBLING(1), KERNE_BACKING_CREATE,
                "one", UINT64_MAX, 0);
    expect_short(&told, UINT64_MAX, 24);
    create(SIBLING(1), "one", 16, KERNE_AREA_PERMANENT);
    told = REFUSED(KERNE_BACKING_NO_SEGMENT_LEFT, SIBLING(1),
                   KERNE_BACKING_SIZE, "one", 26, 0);
    expect_short(&told, 10, 8);
    create(SIBLING(1), "two", 0, KERNE_AREA_PERMANENT);
    told = REFUSED(KERNE_BACKING_NO_ENTRY_LEFT, SIBLING(1),
                   KERNE_BACKING_CREATE, "three", 0, 0);
    expect_short(&told, 1, 0);
    told = REFUSED(KERNE_BACKING_NO_ENTRY_LEFT, SIBLING(2),
                   KERNE_BACKING_CREATE, "three", 0, 0);
    expect_short(&told, 1, 0);
    told = REFUSED(KERNE_BACKING_DISK_FULL, PARENT, KERNE_BACKING_GIVE, "k1",
                   all - 23, 0);
    expect_short(&told, all - 23, all - 24);
    told = REFUSED(KERNE_BACKING_CATALOG_FULL, PARENT, KERNE_BACKING_GIVE, "k1",
                   0, 1000);
    expect_short(&told, 1000, ENTRIES - 2);
    told = REFUSED(KERNE_BACKING_DISK_FULL, PARENT, KERNE_BACKING_CREATE,
                   "three", all, 0);
    expect_short(&told, all, all - 24);
    end();
}

TEST("store.messages.only_the_parent_gives")
{
    begin();
    REFUSED(KERNE_BACKING_NOT_PARENT, SIBLING(1), KERNE_BACKING_GIVE, "k1", 8,
            1);
    REFUSED(KERNE_BACKING_NOT_PARENT, SIBLING(1), KERNE_BACKING_TAKE_BACK, "k1",
            0, 0);
    REFUSED(KERNE_BACKING_NOT_PARENT, SIBLING(1), KERNE_BACKING_ACCOUNT, "k2",
            0, 0);
    REFUSED(KERNE_BACKING_NO_NAME, PARENT, KERNE_BACKING_GIVE, "K", 8, 1);
    REFUSED(KERNE_BACKING_NO_NAME, PARENT, KERNE_BACKING_TAKE_BACK, "", 0, 0);
    medium_state.is_writable = false;
    REFUSED(KERNE_SEGMENTS_READ_ONLY, PARENT, KERNE_BACKING_GIVE, "k1", 8, 1);
    end();
}

TEST("store.messages.accounts_are_bounded")
{
    begin();
    char name[3] = "a";
    for (unsigned i = 0; i < STORE_ACCOUNTS; i++) {
        name[0] = (char)('a' + i / 10);
        name[1] = (char)('0' + i % 10);
        (void)ask(PARENT, KERNE_BACKING_GIVE, name, 0, 0);
    }
    REFUSED(KERNE_BACKING_NO_ACCOUNT, PARENT, KERNE_BACKING_GIVE, "k1", 0, 0);
    (void)ask(PARENT, KERNE_BACKING_GIVE, name, 8, 1);
    (void)ask(PARENT, KERNE_BACKING_TAKE_BACK, name, 0, 0);
    (void)ask(PARENT, KERNE_BACKING_GIVE, "k1", 0, 0);
    end();
}

/* Whoever has one has no more than that. */
TEST("store.messages.shared_is_what_no_account_has")
{
    begin();
    uint64_t all = (uint64_t)rig->store.geometry.slots * 8;
    rig->store.is_shared = true;
    (void)ask(PARENT, KERNE_BACKING_GIVE, "k1", 16, 1);
    create(SIBLING(2), "two", 8, KERNE_AREA_PERMANENT);
    struct kerne_words told = ask(SIBLING(3), KERNE_SENSE, "", 0, 0);
    expect_room(&told, all - 24, all - 16, ENTRIES - 2, ENTRIES - 1);
    told = REFUSED(KERNE_BACKING_DISK_FULL, SIBLING(3), KERNE_BACKING_CREATE,
                   "three", all, 0);
    expect_short(&told, all, all - 24);
    REFUSED(KERNE_BACKING_NO_SEGMENT_LEFT, SIBLING(1), KERNE_BACKING_CREATE,
            "one", 24, 0);
    told = ask(PARENT, KERNE_BACKING_GIVE, "k2", 8, 0);
    expect_room(&told, 8, 16, 0, 1);
    end();
}

/* It waits until the disk is mounted, and its sender is removed meanwhile: then
 * it is not the parent's, whose name is empty, too. */
TEST("store.messages.who_is_gone_is_not_the_parent")
{
    begin();
    create(PARENT, "area", 8, KERNE_AREA_PERMANENT);
    (void)ask(PARENT, KERNE_SEGMENTS_FLUSH, "", 0, 0);
    rig->store.phase = STORE_OFF;
    struct letter *letter =
        send(SIBLING(1), KERNE_BACKING_REMOVE, "area", 0, 0);
    EXPECT(letter->is_held);
    post_dies(SIBLING(1));
    EXPECT(rig_mount(rig));
    clients_go_on();
    EXPECT(!letter->is_held);
    (void)ask(PARENT, KERNE_BACKING_LOOK_UP, "area", 0, 0);
    end();
}

/* ---- users --------------------------------------------------------------- */

static void begin_with_area(uint64_t flags)
{
    begin();
    (void)ask(PARENT, KERNE_BACKING_GIVE, "k1", 800, 10);
    create(SIBLING(1), "area", 800, flags);
}

static void include(uint64_t owner, const char *area, const char *user)
{
    (void)ask(owner, KERNE_BACKING_INCLUDE, area, word_of(user), 0);
}

TEST("store.messages.an_included_user_writes")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    uint64_t k2 = word_of("k2");
    ended(use(SIBLING(2), "area", KERNE_USE_WRITE), KERNE_r_rejected,
          KERNE_BACKING_NOT_OWNER);
    REFUSED(KERNE_BACKING_NOT_OWNER, SIBLING(2), KERNE_BACKING_INCLUDE, "area",
            k2, 0);
    REFUSED(KERNE_BACKING_NO_NAME, SIBLING(1), KERNE_BACKING_INCLUDE, "area", 0,
            0);
    include(SIBLING(1), "area", "k2");
    REFUSED(KERNE_BACKING_NOT_OWNER, SIBLING(2), KERNE_BACKING_INCLUDE, "area",
            k2, 0);
    struct letter *held = use(SIBLING(2), "area", KERNE_USE_WRITE);
    EXPECT(held->is_held);
    struct letter *output = transfer(SIBLING(2), KERNE_OUTPUT, 8);
    rig_end_all(rig);
    ended(output, KERNE_r_normal, 0);
    const uint64_t operations[] = { KERNE_BACKING_SIZE, KERNE_BACKING_REMOVE,
                                    KERNE_BACKING_RENAME, KERNE_BACKING_MARK,
                                    KERNE_BACKING_EXCLUDE };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        REFUSED(KERNE_BACKING_NOT_OWNER, SIBLING(2), operations[i], "area", k2,
                0);
    }
    end();
}

/* Also what he has under way: it waits for a page, and moves nothing then. */
TEST("store.messages.who_is_excluded_writes_no_more")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    include(PARENT, "area", "k2");
    struct letter *held = use(SIBLING(2), "area", KERNE_USE_WRITE);
    (void)transfer(SIBLING(2), KERNE_OUTPUT, 8 * 30);
    rig_end_all(rig);
    (void)ask(PARENT, KERNE_SEGMENTS_FLUSH, "", 0, 0);
    EXPECT(rig_mount(rig)); /* nothing is in the cache */
    include(PARENT, "area", "k2");
    struct letter *output = transfer(SIBLING(2), KERNE_OUTPUT, 1);
    EXPECT(output->is_held);
    copied = 0;
    struct letter *excluding =
        send(SIBLING(1), KERNE_BACKING_EXCLUDE, "area", word_of("k2"), 0);
    ended(excluding, KERNE_r_normal, 0);
    ended(held, KERNE_r_rejected, KERNE_BACKING_EXCLUDED);
    rig_end_all(rig);
    ended(output, KERNE_r_rejected, KERNE_SEGMENTS_NO_DEVICE);
    EQUAL(copied, 0);
    ended(transfer(SIBLING(2), KERNE_OUTPUT, 8), KERNE_r_rejected,
          KERNE_SEGMENTS_NO_DEVICE);
    ended(use(SIBLING(2), "area", KERNE_USE_WRITE), KERNE_r_rejected,
          KERNE_BACKING_NOT_OWNER);
    REFUSED(KERNE_BACKING_NO_USER, SIBLING(1), KERNE_BACKING_EXCLUDE, "area",
            word_of("k2"), 0);
    end();
}

/* The same of who ends his use himself. */
TEST("store.messages.who_has_ended_his_use_writes_no_more")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    struct letter *held = use(SIBLING(1), "area", KERNE_USE_WRITE);
    (void)transfer(SIBLING(1), KERNE_OUTPUT, 8 * 30);
    rig_end_all(rig);
    (void)ask(PARENT, KERNE_SEGMENTS_FLUSH, "", 0, 0);
    EXPECT(rig_mount(rig)); /* nothing is in the cache */
    struct letter *output = transfer(SIBLING(1), KERNE_OUTPUT, 1);
    EXPECT(output->is_held);
    copied = 0;
    ended(transfer(SIBLING(1), KERNE_BACKING_RELEASE, 0), KERNE_r_normal, 0);
    ended(held, KERNE_r_normal, 0);
    rig_end_all(rig);
    ended(output, KERNE_r_rejected, KERNE_SEGMENTS_NO_DEVICE);
    EQUAL(copied, 0);
    end();
}

/* Under a number that the parent uses nobody has an area, nor the other way
 * round; of siblings each has his own. */
TEST("store.messages.numbers_of_the_parent_are_nobody_elses")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    struct letter *of_parent = use(PARENT, "area", KERNE_USE_READ);
    EXPECT(of_parent->is_held);
    ended(use(SIBLING(1), "area", KERNE_USE_READ), KERNE_r_rejected,
          KERNE_BACKING_NUMBER_TAKEN);
    ended(transfer(PARENT, KERNE_BACKING_RELEASE, 0), KERNE_r_normal, 0);
    ended(of_parent, KERNE_r_normal, 0);
    EXPECT(use(SIBLING(1), "area", KERNE_USE_READ)->is_held);
    EXPECT(use(SIBLING(2), "area", KERNE_USE_READ)->is_held);
    ended(use(SIBLING(1), "area", KERNE_USE_READ), KERNE_r_rejected,
          KERNE_BACKING_NUMBER_TAKEN);
    ended(use(PARENT, "area", KERNE_USE_READ), KERNE_r_rejected,
          KERNE_BACKING_NUMBER_TAKEN);
    end();
}

static unsigned listed(uint64_t sender)
{
    unsigned count = 0;
    struct letter *letter = send(sender, KERNE_BACKING_LIST, "", 0, 0);
    while (letter->answer.w[KERNE_WORD_CURSOR] != 0) {
        struct kerne_words words = { { KERNE_OPERATION(KERNE_BACKING_LIST, 0),
                                       letter->answer.w[KERNE_WORD_CURSOR] } };
        letter = post_send(sender, &words);
        count++;
    }
    return count;
}

TEST("store.messages.a_private_area_is_its_owners_and_users")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    include(SIBLING(1), "area", "k2");
    struct letter *of_user = use(SIBLING(2), "area", KERNE_USE_READ);
    struct letter *of_other = use(SIBLING(3), "area", KERNE_USE_READ);
    EXPECT(of_other->is_held);
    EQUAL(listed(SIBLING(3)), 1);
    (void)ask(SIBLING(1), KERNE_BACKING_MARK, "area", 0,
              KERNE_AREA_PERMANENT | KERNE_AREA_PRIVATE);
    ended(of_other, KERNE_r_rejected, KERNE_BACKING_EXCLUDED);
    EXPECT(of_user->is_held);
    ended(use(SIBLING(3), "area", KERNE_USE_READ), KERNE_r_rejected,
          KERNE_BACKING_PRIVATE);
    REFUSED(KERNE_BACKING_PRIVATE, SIBLING(3), KERNE_BACKING_LOOK_UP, "area", 0,
            0);
    EQUAL(listed(SIBLING(3)), 0);
    EQUAL(listed(SIBLING(2)), 1);
    EQUAL(listed(PARENT), 1);
    (void)ask(PARENT, KERNE_SEGMENTS_FLUSH, "", 0, 0);
    EXPECT(rig_mount(rig)); /* it is so on the disk */
    include(SIBLING(1), "area", "k2");
    struct kerne_words area =
        ask(SIBLING(2), KERNE_BACKING_LOOK_UP, "area", 0, 0);
    EQUAL(area.w[KERNE_WORD_AREA_FLAGS],
          KERNE_AREA_PERMANENT | KERNE_AREA_PRIVATE);
    EQUAL(listed(SIBLING(3)), 0);
    (void)ask(PARENT, KERNE_BACKING_MARK, "area", 0, KERNE_AREA_PERMANENT);
    EQUAL(listed(SIBLING(3)), 1);
    create(SIBLING(1), "other", 0, KERNE_AREA_PRIVATE);
    EQUAL(listed(SIBLING(3)), 1);
    end();
}

TEST("store.messages.users_are_bounded_for_each_area")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    char name[3] = "u";
    create(SIBLING(1), "other", 0, KERNE_AREA_PERMANENT);
    for (unsigned i = 0; i < CATALOG_USERS; i++) {
        name[1] = (char)('a' + i);
        include(SIBLING(1), "area", name);
    }
    include(SIBLING(1), "area", name); /* once more */
    REFUSED(KERNE_BACKING_USERS_FULL, SIBLING(1), KERNE_BACKING_INCLUDE, "area",
            word_of("k2"), 0);
    include(SIBLING(1), "other", "k2");
    (void)ask(SIBLING(1), KERNE_BACKING_EXCLUDE, "area", word_of(name), 0);
    include(SIBLING(1), "area", "k2");
    end();
}

TEST("store.messages.users_go_with_their_area")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    include(SIBLING(1), "area", "k2");
    (void)ask(SIBLING(1), KERNE_BACKING_REMOVE, "area", 0, 0);
    create(SIBLING(1), "area", 8, KERNE_AREA_PERMANENT);
    ended(use(SIBLING(2), "area", KERNE_USE_WRITE), KERNE_r_rejected,
          KERNE_BACKING_NOT_OWNER);
    end();
}

/* A use of its user for writing, which has ended, does not end the area. */
TEST("store.messages.a_temporary_area_is_its_owners")
{
    begin_with_area(0);
    include(SIBLING(1), "area", "k2");
    struct letter *held = use(SIBLING(2), "area", KERNE_USE_WRITE);
    ended(transfer(SIBLING(2), KERNE_BACKING_RELEASE, 0), KERNE_r_normal, 0);
    ended(held, KERNE_r_normal, 0);
    (void)ask(SIBLING(2), KERNE_BACKING_LOOK_UP, "area", 0, 0);
    (void)use(SIBLING(1), "area", KERNE_USE_WRITE);
    (void)transfer(SIBLING(1), KERNE_BACKING_RELEASE, 0);
    rig_end_all(rig);
    REFUSED(KERNE_BACKING_NO_AREA, SIBLING(2), KERNE_BACKING_LOOK_UP, "area", 0,
            0);
    end();
}

/* As what is under way begins again, though nobody has excluded him. */
TEST("store.messages.users_go_when_the_disk_is_mounted_anew")
{
    begin_with_area(KERNE_AREA_PERMANENT);
    include(SIBLING(1), "area", "k2");
    struct letter *of_user = use(SIBLING(2), "area", KERNE_USE_WRITE);
    (void)ask(PARENT, KERNE_SEGMENTS_FLUSH, "", 0, 0);
    EXPECT(rig_mount(rig));
    clients_go_on();
    ended(of_user, KERNE_r_rejected, KERNE_BACKING_EXCLUDED);
    end();
}
