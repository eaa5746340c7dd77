#include "relay.h"

static struct relay relays[RELAYS];
static uint64_t next_order;

/* The input that is at the console, or its answer. */
static struct {
    uint64_t passed; /* 0: none is */
    uint64_t result; /* of an answer that nobody has been given yet; or 0 */
    bool
        was_missed; /* whom it was for had no page for it, and will ask again */
    struct kerne_words words;
    /* A line, which the console alone writes while an input is there; then
     * what it may be completed to. */
    char area[RELAY_BYTES];
} line;

/* Keys for the holder of the raw stream, who had no page for them. */
static struct {
    size_t bytes;
    char key[RELAY_BYTES];
} missed;

/* Tells the console that a stream is given up; or 0. */
static uint64_t told;

static uint64_t grant_of(const struct relay *relay)
{
    return relay->client.words.w[KERNE_WORD_OPERATION] &
           (KERNE_GRANT_READ | KERNE_GRANT_WRITE);
}

static void answer(uint64_t buffer, uint64_t result, uint64_t status)
{
    const struct kerne_words words = { { status } };
    (void)kerne_send_answer(buffer, result, &words);
}

/* Of a client that is gone, too: so its buffer is free for its heir. */
static void close_with(struct relay *relay, uint64_t result, uint64_t status)
{
    answer(relay->client.buffer, result, status);
    relay->client.buffer = 0;
}

/* A client that was removed is noticed by the nucleus alone: copy nothing. */
static bool client_gone(const struct relay *relay)
{
    char nothing;
    uint64_t bytes;
    return kerne_general_copy(relay->client.buffer, KERNE_FETCH, 0, &nothing, 0,
                              &bytes) == KERNE_r_gone;
}

static bool is(const struct relay *relay, uint64_t operation)
{
    return kerne_operation_of(&relay->client.words) == operation;
}

/* Without a buffer for it, the console learns it with the next message. */
static void give_up_stream(uint64_t console)
{
    const struct kerne_words message = { { KERNE_OPERATION(KERNE_SENSE, 0) } };
    missed.bytes = 0;
    if (told == 0 &&
        kerne_send_message(console, &message, &told) != KERNE_r_normal) {
        told = 0;
    }
}

static void drop_gone(void)
{
    for (struct relay *r = relays; r < relays + RELAYS; r++) {
        if (r->client.buffer != 0 && client_gone(r)) {
            if (r->passed != 0) { (void)kerne_regret_message(r->passed); }
            close_with(r, KERNE_r_rejected, 0);
            if (is(r, KERNE_CONSOLE_RAW)) { give_up_stream(r->server); }
        }
    }
}

static const struct place *held(size_t number)
{
    return relays[number].client.buffer != 0 ? &relays[number].place : NULL;
}

static struct relay *room_for(const struct kerne_received *message)
{
    static const struct places places = { RELAYS, RELAYS_OF_ONE, held, NULL };
    struct relay *relay = relays;
    struct place place;
    if (!kerne_has_place(&places, message, &place)) { return NULL; }
    while (relay->client.buffer != 0) { relay++; }
    relay->place = place;
    return relay;
}

/* With the relay's area in the place of the client's; empty, so that nobody
 * reads there what another client wrote. */
static uint64_t take_area(struct relay *relay)
{
    uint64_t grant = grant_of(relay);
    uint64_t bytes = kerne_area_bytes(&relay->client.words, grant);
    if (grant == 0) { return KERNE_r_normal; }
    relay->bytes = bytes < RELAY_BYTES ? bytes : RELAY_BYTES;
    memset(relay->area, 0, sizeof relay->area);
    relay->words.w[KERNE_WORD_FIRST] = (uint64_t)relay->area;
    relay->words.w[KERNE_WORD_LAST] = (uint64_t)relay->area + relay->bytes;
    if (!(grant & KERNE_GRANT_READ)) { return KERNE_r_normal; }
    return kerne_general_copy(relay->client.buffer, KERNE_FETCH, 0, relay->area,
                              relay->bytes, &bytes);
}

/* The raw stream that is passed on; null: none is. */
static const struct relay *stream(void)
{
    const struct relay *r = relays;
    while (r < relays + RELAYS &&
           !(r->client.buffer != 0 && is(r, KERNE_CONSOLE_RAW))) {
        r++;
    }
    return r < relays + RELAYS ? r : NULL;
}

bool relay_is_raw(void) { return stream() != NULL; }

/* False: it is about a raw stream, and that is another client's. */
static bool may_pass(const struct kerne_received *message,
                     const struct place *place)
{
    const struct relay *holder = stream();
    switch (kerne_operation_of(&message->words)) {
    case KERNE_CONSOLE_RAW: return holder == NULL;
    case KERNE_CONSOLE_KEYS:
    case KERNE_CONSOLE_PUT:
        return holder != NULL && holder->place.whole == place->whole;
    default: return true;
    }
}

/* It means the sender's own child: passed on, it would mean the relay's. */
static bool is_about_its_sender(const struct kerne_received *message)
{
    return kerne_operation_of(&message->words) == KERNE_CONSOLE_PASS;
}

/* A name in it is that of the sender's own child, too: it stays here. */
static void forget_name(struct kerne_words *words)
{
    if (kerne_operation_of(words) == KERNE_SENSE) {
        words->w[KERNE_WORD_FIRST] = words->w[KERNE_WORD_LAST] = 0;
    }
}

/* Null: it could not be, and is answered. */
static struct relay *open_for(const struct kerne_received *message)
{
    drop_gone();
    if (is_about_its_sender(message)) {
        answer(message->buffer, KERNE_r_unintelligible, 0);
        return NULL;
    }
    struct relay *relay = room_for(message);
    if (relay == NULL || !may_pass(message, &relay->place)) {
        answer(message->buffer, KERNE_r_rejected, 0);
        return NULL;
    }
    relay->client = *message;
    relay->words = message->words;
    relay->order = next_order++;
    forget_name(&relay->words);
    relay->passed = relay->result = relay->bytes = 0;
    uint64_t result = take_area(relay);
    if (result != KERNE_r_normal) {
        close_with(relay, KERNE_r_malfunction, result);
        return NULL;
    }
    return relay;
}

static void pass(struct relay *relay, uint64_t server)
{
    relay->server = server;
    uint64_t result = kerne_send_message(server, &relay->words, &relay->passed);
    if (result != KERNE_r_normal) {
        close_with(relay, KERNE_r_malfunction, result);
    }
}

/* The relay whose answer this is, with result and words; null: of none. */
static struct relay *answered(const struct kerne_received *received)
{
    for (struct relay *r = relays; r < relays + RELAYS; r++) {
        if (r->client.buffer != 0 && r->passed == received->buffer) {
            r->result = KERNE_EVENT_RESULT(received->event);
            r->words = received->words;
            return r;
        }
    }
    return NULL;
}

uint64_t relay_text_bytes(const struct relay *relay)
{
    if (relay->result == 0) {
        return grant_of(relay) == KERNE_GRANT_READ ? relay->bytes : 0;
    }
    bool came =
        grant_of(relay) & KERNE_GRANT_WRITE && relay->result == KERNE_r_normal;
    uint64_t bytes = came ? relay->words.w[KERNE_WORD_BYTES] : 0;
    return bytes < relay->bytes ? bytes : relay->bytes;
}

/* False: a page of the client's area is missing now.  It is told that nothing
 * came, touches its area and asks again. */
static bool pass_back(struct relay *relay)
{
    uint64_t bytes = relay_text_bytes(relay);
    bool is_missing =
        bytes > 0 &&
        kerne_general_copy(relay->client.buffer, KERNE_STORE, 0, relay->area,
                           bytes, &bytes) == KERNE_r_missing;
    if (is_missing) {
        if (is(relay, KERNE_CONSOLE_KEYS)) {
            memcpy(missed.key, relay->area, bytes);
            missed.bytes = bytes;
        }
        relay->result = KERNE_r_malfunction;
        relay->words = (struct kerne_words){ { KERNE_r_missing } };
    }
    (void)kerne_send_answer(relay->client.buffer, relay->result, &relay->words);
    relay->client.buffer = 0;
    return !is_missing;
}

/* True: it asks for keys, and some that it has missed are the answer. */
static bool give_missed(struct relay *relay)
{
    uint64_t *w = relay->words.w;
    if (missed.bytes == 0 || !is(relay, KERNE_CONSOLE_KEYS)) { return false; }
    uint64_t bytes = missed.bytes < relay->bytes ? missed.bytes : relay->bytes;
    memcpy(relay->area, missed.key, bytes);
    memmove(missed.key, missed.key + bytes, missed.bytes -= bytes);
    relay->result = KERNE_r_normal;
    w[KERNE_WORD_STATUS] = 0;
    w[KERNE_WORD_BYTES] = w[KERNE_WORD_CHARACTERS] = bytes;
    return true;
}

static void pass_message(struct relay *relay, uint64_t server,
                         void (*passes)(struct relay *relay))
{
    if (passes != NULL) { passes(relay); }
    if (!give_missed(relay)) {
        pass(relay, server);
        return;
    }
    if (passes != NULL) { passes(relay); }
    (void)pass_back(relay);
}

/* An answer of none that is passed on may come from a console that was told of
 * somebody who was removed. */
static bool is_other_answer(const struct kerne_received *event)
{
    drop_gone();
    bool is_own = told != 0 && event->buffer == told;
    if (is_own) { told = 0; }
    return is_own;
}

bool relay_event(const struct kerne_received *event, uint64_t server,
                 void (*passes)(struct relay *relay))
{
    bool is_message = KERNE_EVENT_KIND(event->event) == KERNE_MESSAGE;
    if (!is_message && KERNE_EVENT_KIND(event->event) != KERNE_ANSWER) {
        return false;
    }
    struct relay *relay = is_message ? open_for(event) : answered(event);
    if (relay == NULL) { return is_message || is_other_answer(event); }
    if (is_message) {
        pass_message(relay, server, passes);
        return true;
    }
    if (passes != NULL) { passes(relay); }
    (void)pass_back(relay);
    return true;
}

/* ---- lines -------------------------------------------------------------- */

static bool is_for_line(const struct kerne_received *event)
{
    return KERNE_EVENT_KIND(event->event) == KERNE_MESSAGE &&
           kerne_operation_of(&event->words) == KERNE_INPUT &&
           event->words.w[KERNE_WORD_OPERATION] & KERNE_GRANT_WRITE;
}

static bool is_line(const struct kerne_received *event)
{
    return KERNE_EVENT_KIND(event->event) == KERNE_ANSWER && line.passed != 0 &&
           event->buffer == line.passed;
}

/* Null: nobody waits. */
static struct relay *next_for_line(void)
{
    struct relay *next = NULL;
    for (struct relay *r = relays; r < relays + RELAYS; r++) {
        if (r->client.buffer == 0 || r->passed != 0) { continue; }
        if (next == NULL || r->place.depth < next->place.depth ||
            (r->place.depth == next->place.depth && r->order < next->order)) {
            next = r;
        }
    }
    return next;
}

/* What else it waits for stands behind what the others do. */
static void stand_behind(const struct place *place)
{
    for (struct relay *r = relays; r < relays + RELAYS; r++) {
        if (r->place.whole == place->whole) { r->order = next_order++; }
    }
}

static void give_line(void (*passes)(struct relay *relay))
{
    if (line.result == 0 || line.was_missed) { return; }
    drop_gone();
    struct relay *relay = next_for_line();
    if (relay == NULL) { return; }
    stand_behind(&relay->place);
    relay->result = line.result;
    relay->words = line.words;
    if (line.result == KERNE_r_normal) {
        uint64_t bytes = line.words.w[KERNE_WORD_BYTES];
        bytes = bytes < relay->bytes ? bytes : relay->bytes;
        relay->words.w[KERNE_WORD_BYTES] = bytes;
        relay->words.w[KERNE_WORD_CHARACTERS] = bytes;
        memcpy(relay->area, line.area, bytes);
    }
    if (passes != NULL) { passes(relay); }
    line.was_missed = !pass_back(relay);
    if (!line.was_missed) { line.result = 0; }
}

/* Into the input, which may be at the console already. */
static void put_completions(const struct relay *next)
{
    memset(line.area + KERNE_LINE_BYTES, 0, RELAY_BYTES - KERNE_LINE_BYTES);
    if (grant_of(next) & KERNE_GRANT_READ && next->bytes > KERNE_LINE_BYTES) {
        memcpy(line.area + KERNE_LINE_BYTES, next->area + KERNE_LINE_BYTES,
               next->bytes - KERNE_LINE_BYTES);
    }
}

/* False: it cannot be asked; why stands as its answer. */
static bool ask_for_line(uint64_t console)
{
    const struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_READ | KERNE_GRANT_WRITE, line.area,
                   sizeof line.area);
    const struct relay *next = next_for_line();
    if (next == NULL) { return true; }
    put_completions(next);
    if (line.passed != 0 || line.was_missed) { return true; }
    uint64_t result = kerne_send_message(console, &message, &line.passed);
    if (result == KERNE_r_normal) { return true; }
    line.passed = 0;
    line.result = KERNE_r_malfunction;
    line.words = (struct kerne_words){ { result } };
    return false;
}

bool relay_console_event(const struct kerne_received *event, uint64_t console,
                         void (*passes)(struct relay *relay))
{
    bool is_taken = true;
    if (is_for_line(event)) {
        struct relay *relay = open_for(event);
        line.was_missed = false;
        if (relay != NULL && passes != NULL) { passes(relay); }
    } else if (is_line(event)) {
        line.passed = 0;
        line.result = KERNE_EVENT_RESULT(event->event);
        line.words = event->words;
    } else {
        is_taken = relay_event(event, console, passes);
    }
    do {
        give_line(passes);
    } while (!ask_for_line(console));
    return is_taken;
}
