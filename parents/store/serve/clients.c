#include "clients.h"

#include "medium.h"
#include "uses.h"

#include <backing.h>

#define LARGEST 2048 /* segments that one message moves */
#define BEST (CACHE_RUN * STORE_PAGE_SEGMENTS)
#define LOOK_AFTER 64 /* messages, before it is looked who is gone */

static struct store *store;
static unsigned messages; /* since it was looked who is gone */

void clients_begin(struct store *core) { store = core; }

/* ---- areas --------------------------------------------------------------- */

static void set_name(char ret_name[STORE_NAME_BYTES], const uint64_t words[2])
{
    memcpy(ret_name, words, STORE_NAME_BYTES);
}

/* Q3.  False: he is gone, so that nothing is his. */
static bool learn_who_asks(struct client *client)
{
    memset(client->owner, 0, STORE_NAME_BYTES);
    return client->part == KERNE_PARENT ||
           kerne_sender_path(client->message.buffer, 0, client->owner) ==
               KERNE_r_normal;
}

/* The area that the message names, also in the work, if the sender may have it.
 * Null: it is answered. */
static struct store_entry *named(struct client *client, enum use_right right)
{
    char name[STORE_NAME_BYTES];
    const struct kerne_words *words = &client->message.words;
    bool is_read = kerne_operation_of(words) == KERNE_BACKING_READ;
    set_name(name, &words->w[is_read ? KERNE_WORD_READ_NAME : KERNE_WORD_NAME]);
    uint32_t number = catalog_find(store, name);
    struct store_entry *entry = &store->tables.entries[number];
    if (name[0] == '\0' || number >= store->geometry.entries) {
        client_reject(client, KERNE_BACKING_NO_AREA);
        return NULL;
    }
    client->work.entry = number;
    client->work.serial = entry->serial;
    if (!use_may(store, client, USE_READ)) {
        client_reject(client, KERNE_BACKING_PRIVATE);
    } else if (right != USE_READ && !medium_state.is_writable) {
        client_reject(client, KERNE_SEGMENTS_READ_ONLY);
    } else if (!use_may(store, client, right)) {
        client_reject(client, KERNE_BACKING_NOT_OWNER);
    } else {
        return entry;
    }
    return NULL;
}

static void tell_area(struct client *client, uint32_t number, uint64_t cursor)
{
    const struct store_entry *entry = &store->tables.entries[number];
    struct kerne_words words = { { 0, cursor } };
    memcpy(&words.w[KERNE_WORD_AREA_NAME], entry->name, STORE_NAME_BYTES);
    words.w[KERNE_WORD_AREA_SIZE] =
        (uint64_t)entry->pages * STORE_PAGE_SEGMENTS;
    words.w[KERNE_WORD_AREA_FLAGS] =
        (entry->flags & STORE_PERMANENT ? KERNE_AREA_PERMANENT : 0) |
        (entry->flags & STORE_PRIVATE ? KERNE_AREA_PRIVATE : 0) |
        (use_writes(number, entry->serial) ? KERNE_AREA_RESERVED : 0);
    memcpy(&words.w[KERNE_WORD_AREA_OWNER], entry->owner, STORE_NAME_BYTES);
    client_answer(client, KERNE_r_normal, &words);
}

static void tell_room(struct client *client, const char *owner)
{
    struct account_room room = account_room(store, owner);
    struct kerne_words words = { { 0 } };
    words.w[KERNE_WORD_FREE_SEGMENTS] =
        (uint64_t)room.left_pages * STORE_PAGE_SEGMENTS;
    words.w[KERNE_WORD_ALL_SEGMENTS] =
        (uint64_t)room.pages * STORE_PAGE_SEGMENTS;
    words.w[KERNE_WORD_FREE_ENTRIES] = room.left_entries;
    words.w[KERNE_WORD_ALL_ENTRIES] = room.entries;
    client_answer(client, KERNE_r_normal, &words);
}

static bool is_listed(struct client *client, uint64_t number)
{
    const struct store_entry *entry = &store->tables.entries[number];
    client->work.entry = (uint32_t)number;
    return entry->serial != 0 && use_may(store, client, USE_READ);
}

static void list(struct client *client)
{
    uint64_t number = client->message.words.w[KERNE_WORD_CURSOR];
    uint32_t entries = store->geometry.entries;
    while (number < entries && !is_listed(client, number)) { number++; }
    if (number < entries) {
        tell_area(client, (uint32_t)number, number + 1);
    } else {
        tell_room(client, client->owner);
    }
}

static void look_up(struct client *client)
{
    if (named(client, USE_READ) != NULL) {
        tell_area(client, client->work.entry, 0);
    }
}

static void use(struct client *client)
{
    const uint64_t *w = client->message.words.w;
    client->number = w[KERNE_WORD_NUMBER];
    client->is_writing = w[KERNE_WORD_MODE] != KERNE_USE_READ;
    if (named(client, client->is_writing ? USE_WRITE : USE_READ) == NULL) {
        return;
    }
    if (use_has_number(client)) {
        client_reject(client, KERNE_BACKING_NUMBER_TAKEN);
    } else if (client->is_writing &&
               use_writes(client->work.entry, client->work.serial)) {
        client_reject(client, KERNE_BACKING_RESERVED);
    } else {
        client->state = CLIENT_USES;
    }
}

/* Sent to the area. */
static void release(struct client *client)
{
    struct client *found = use_of(client);
    if (found == NULL || found->part != client->part) {
        client_reject(client, KERNE_BACKING_NO_AREA);
        return;
    }
    client_answer_plainly(client, KERNE_r_normal, 0, 0, 0);
    use_end(store, found);
}

/* ---- work ---------------------------------------------------------------- */

static void begin(struct client *client, enum store_kind kind)
{
    client->state = CLIENT_WORKS;
    client->work.kind = kind;
    store_work(store, &client->work);
}

static uint32_t bounded(uint64_t number)
{
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

/* Whatever changes something.  Sizes are rounded up to pages; what is too large
 * for one is for all. */
static void change(struct client *client, enum store_kind kind)
{
    const uint64_t *w = client->message.words.w;
    struct store_work *work = &client->work;
    uint64_t flags = w[KERNE_WORD_FLAGS];
    uint64_t pages = w[KERNE_WORD_SIZE] / STORE_PAGE_SEGMENTS +
                     (w[KERNE_WORD_SIZE] % STORE_PAGE_SEGMENTS != 0);
    bool is_of_account = kind == STORE_GIVE || kind == STORE_TAKE_BACK;
    bool is_of_area = kind != STORE_CREATE && !is_of_account;
    if (is_of_area && named(client, USE_OWN) == NULL) { return; }
    set_name(work->name,
             &w[is_of_area ? KERNE_WORD_NEW_NAME : KERNE_WORD_NAME]);
    memcpy(work->owner, is_of_account ? work->name : client->owner,
           STORE_NAME_BYTES);
    work->pages = bounded(pages);
    work->entries = bounded(w[KERNE_WORD_ENTRIES]);
    work->flags =
        (flags & KERNE_AREA_PERMANENT ? (uint32_t)STORE_PERMANENT : 0) |
        (flags & KERNE_AREA_PRIVATE ? (uint32_t)STORE_PRIVATE : 0);
    if (is_of_account && client->part != KERNE_PARENT) {
        client_reject(client, KERNE_BACKING_NOT_PARENT);
    } else if (!medium_state.is_writable) {
        client_reject(client, KERNE_SEGMENTS_READ_ONLY);
    } else if (is_of_area && kind <= STORE_REMOVE &&
               use_writes(work->entry, work->serial)) {
        client_reject(client, KERNE_BACKING_RESERVED);
    } else {
        begin(client, kind);
    }
}

/* One's own, if no name is said; of others only the parent may ask. */
static void tell_account(struct client *client)
{
    char name[STORE_NAME_BYTES];
    set_name(name, &client->message.words.w[KERNE_WORD_NAME]);
    if (name[0] == '\0' || client->part == KERNE_PARENT ||
        memcmp(name, client->owner, STORE_NAME_BYTES) == 0) {
        tell_room(client, name[0] == '\0' ? client->owner : name);
    } else {
        client_reject(client, KERNE_BACKING_NOT_PARENT);
    }
}

/* False: it does not, and is answered. */
static bool grants_segments(struct client *client, uint64_t grant)
{
    const uint64_t *w = client->message.words.w;
    uint64_t bytes = w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST];
    if (w[KERNE_WORD_OPERATION] & grant && bytes % KERNE_SEGMENT == 0 &&
        w[KERNE_WORD_FIRST] <= w[KERNE_WORD_LAST]) {
        return true;
    }
    client_answer_plainly(client, KERNE_r_unintelligible,
                          KERNE_SEGMENTS_BAD_AREA, 0, 0);
    return false;
}

static void begin_transfer(struct client *client, enum store_kind kind)
{
    const uint64_t *w = client->message.words.w;
    uint64_t bytes = w[KERNE_WORD_LAST] - w[KERNE_WORD_FIRST];
    uint64_t most = (uint64_t)LARGEST * KERNE_SEGMENT;
    client->work.segment = w[KERNE_WORD_SEGMENT];
    client->work.bytes = bytes < most ? bytes : most;
    begin(client, kind);
}

/* Of an area that is not in use. */
static void read_named(struct client *client)
{
    if (grants_segments(client, KERNE_GRANT_WRITE) &&
        named(client, USE_READ) != NULL) {
        begin_transfer(client, STORE_INPUT);
    }
}

static void transfer(struct client *client, enum store_kind kind,
                     uint64_t grant)
{
    const struct client *found = use_of(client);
    if (!grants_segments(client, grant)) { return; }
    if (found == NULL) {
        client_reject(client, KERNE_SEGMENTS_NO_DEVICE);
    } else if (kind == STORE_OUTPUT && !found->is_writing) {
        client_reject(client, KERNE_SEGMENTS_NOT_RESERVED);
    } else {
        client->use = found;
        client->work.entry = found->work.entry;
        client->work.serial = found->work.serial;
        begin_transfer(client, kind);
    }
}

/* Of a disk that can only be read, nothing is to be kept: what a mount removes
 * is removed again by the next. */
static void flush(struct client *client)
{
    if (medium_state.is_writable) {
        begin(client, STORE_FLUSH);
    } else {
        client_answer_plainly(client, KERNE_r_normal, 0, 0, 0);
    }
}

static void sense(struct client *client)
{
    const struct client *found = use_of(client);
    const struct store_entry *entry =
        found == NULL ? NULL : catalog_entry(store, &found->work);
    if (entry != NULL) {
        struct kerne_words words = { { 0 } };
        words.w[KERNE_WORD_ALL] = (uint64_t)entry->pages * STORE_PAGE_SEGMENTS;
        words.w[KERNE_WORD_WRITABLE] = found->is_writing;
        words.w[KERNE_WORD_LARGEST] = LARGEST;
        words.w[KERNE_WORD_BEST] = BEST;
        client_answer(client, KERNE_r_normal, &words);
    } else if (client->message.sender & KERNE_SENDER_PSEUDO) {
        client_reject(client, KERNE_SEGMENTS_NO_DEVICE);
    } else {
        tell_room(client, client->owner);
    }
}

static void perform(struct client *client)
{
    uint64_t operation = kerne_operation_of(&client->message.words);
    bool is_transfer = operation == KERNE_INPUT || operation == KERNE_OUTPUT;
    if (!is_transfer && !learn_who_asks(client)) {
        client_reject(client, KERNE_BACKING_NOT_OWNER);
        return;
    }
    switch (operation) {
    case KERNE_SENSE: sense(client); break;
    case KERNE_INPUT: transfer(client, STORE_INPUT, KERNE_GRANT_WRITE); break;
    case KERNE_OUTPUT: transfer(client, STORE_OUTPUT, KERNE_GRANT_READ); break;
    case KERNE_SEGMENTS_FLUSH: flush(client); break;
    case KERNE_BACKING_CREATE: change(client, STORE_CREATE); break;
    case KERNE_BACKING_LOOK_UP: look_up(client); break;
    case KERNE_BACKING_RENAME: change(client, STORE_RENAME); break;
    case KERNE_BACKING_SIZE: change(client, STORE_RESIZE); break;
    case KERNE_BACKING_REMOVE: change(client, STORE_REMOVE); break;
    case KERNE_BACKING_LIST: list(client); break;
    case KERNE_BACKING_USE: use(client); break;
    case KERNE_BACKING_RELEASE: release(client); break;
    case KERNE_BACKING_INCLUDE: change(client, STORE_INCLUDE); break;
    case KERNE_BACKING_EXCLUDE: change(client, STORE_EXCLUDE); break;
    case KERNE_BACKING_MARK: change(client, STORE_MARK); break;
    case KERNE_BACKING_GIVE: change(client, STORE_GIVE); break;
    case KERNE_BACKING_TAKE_BACK: change(client, STORE_TAKE_BACK); break;
    case KERNE_BACKING_ACCOUNT: tell_account(client); break;
    case KERNE_BACKING_READ: read_named(client); break;
    default: client_answer_plainly(client, KERNE_r_unintelligible, 0, 0, 0);
    }
}

static bool is_mounted(void)
{
    return store->phase >= STORE_OPEN && store->phase != STORE_OFF;
}

/* Then what comes next is not its sender's to pay.  Mostly there is one. */
static bool waits_beside_others(const struct client *client)
{
    static uint64_t sender;
    static bool has_others;
    const struct store_work *work = store->works;
    bool is_first = work == &client->work && work->next == NULL;
    has_others = !is_first && (has_others || sender != client->message.sender);
    sender = client->message.sender;
    if (!has_others) { return false; }
    while (work != NULL && ((const struct client *)work)->message.sender ==
                               client->message.sender) {
        work = work->next;
    }
    has_others = work != NULL;
    return has_others;
}

/* V1. */
static void take(struct client *client)
{
    if (is_mounted()) {
        perform(client);
    } else if (medium_state.is_silent) {
        client_answer_plainly(client, KERNE_r_malfunction, medium_state.fault,
                              0, 0);
    }
}

void clients_message(const struct kerne_received *received)
{
    uint64_t operation = kerne_operation_of(&received->words);
    if (is_mounted() &&
        (++messages > LOOK_AFTER || operation >= KERNE_BACKING_CREATE)) {
        messages = 0;
        use_end_gone(store);
    }
    struct client *client = client_for(received);
    if (client == NULL) { return; }
    take(client);
    if (client->state == CLIENT_USES ||
        (client->state == CLIENT_WORKS && waits_beside_others(client))) {
        kerne_work_for_oneself();
    }
}

void clients_go_on(void)
{
    if (is_mounted()) { use_end_excluded(store); }
    for (struct client *client = clients; client < clients + CLIENTS;
         client++) {
        if (client->state == CLIENT_DEFERRED) { take(client); }
    }
}

/* ---- of the core --------------------------------------------------------- */

/* What was wanted, and what is left, if it is too little. */
static void tell_shortage(const struct client *client,
                          struct kerne_words *words)
{
    const struct store_work *work = &client->work;
    const uint64_t *w = client->message.words.w;
    const struct store_entry *entry = catalog_entry(store, work);
    if (work->result == STORE_CATALOG_FULL ||
        work->result == STORE_NO_ENTRY_LEFT) {
        words->w[1] = work->kind == STORE_GIVE ? w[KERNE_WORD_ENTRIES] : 1;
        words->w[2] = work->left;
    } else if (work->result == STORE_DISK_FULL ||
               work->result == STORE_NO_PAGE_LEFT) {
        uint64_t has = entry == NULL ? 0 : entry->pages;
        words->w[1] = w[KERNE_WORD_SIZE] - has * STORE_PAGE_SEGMENTS;
        words->w[2] = (uint64_t)work->left * STORE_PAGE_SEGMENTS;
    }
}

void clients_finished(struct store *core, struct store_work *work)
{
    static const uint64_t statuses[] = {
        [STORE_DONE] = KERNE_SEGMENTS_DONE,
        [STORE_IS_GONE] = KERNE_SEGMENTS_NO_DEVICE,
        [STORE_NAME_BAD] = KERNE_BACKING_NO_NAME,
        [STORE_NAME_TAKEN] = KERNE_BACKING_NAME_TAKEN,
        [STORE_CATALOG_FULL] = KERNE_BACKING_CATALOG_FULL,
        [STORE_DISK_FULL] = KERNE_BACKING_DISK_FULL,
        [STORE_NO_ENTRY_LEFT] = KERNE_BACKING_NO_ENTRY_LEFT,
        [STORE_NO_PAGE_LEFT] = KERNE_BACKING_NO_SEGMENT_LEFT,
        [STORE_NO_ACCOUNT] = KERNE_BACKING_NO_ACCOUNT,
        [STORE_NO_USER] = KERNE_BACKING_NO_USER,
        [STORE_USERS_FULL] = KERNE_BACKING_USERS_FULL,
        [STORE_NO_SEGMENT] = KERNE_SEGMENTS_NO_SEGMENT,
        [STORE_SHORT] = KERNE_r_missing,
        [STORE_MALFUNCTION] = KERNE_SEGMENTS_DONE, /* the driver's */
    };
    struct client *client = (struct client *)work;
    bool is_done = work->result == STORE_DONE;
    bool is_failed = work->result >= STORE_SHORT;
    struct kerne_words words = {
        { statuses[work->result],
          is_done || work->result == STORE_SHORT ? work->done : 0 }
    };
    if (work->result == STORE_MALFUNCTION) { words.w[0] = medium_state.fault; }
    if (is_done && work->kind >= STORE_MARK) { use_end_excluded(core); }
    if (is_done && work->kind == STORE_CREATE) {
        tell_area(client, work->entry, 0);
    } else if (is_done && work->kind >= STORE_GIVE) {
        tell_room(client,
                  work->kind == STORE_GIVE ? work->owner : client->owner);
    } else {
        tell_shortage(client, &words);
        client_answer(client,
                      is_done     ? KERNE_r_normal
                      : is_failed ? KERNE_r_malfunction
                                  : KERNE_r_rejected,
                      &words);
    }
}

uint64_t clients_copy(struct store_work *work, uint64_t offset, void *own,
                      uint64_t bytes)
{
    const struct client *client = (const struct client *)work;
    uint64_t copied = 0;
    (void)kerne_general_copy(client->message.buffer,
                             work->kind == STORE_OUTPUT ? KERNE_FETCH
                                                        : KERNE_STORE,
                             offset, own, bytes, &copied);
    return copied;
}
