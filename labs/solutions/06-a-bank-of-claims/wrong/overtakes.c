/* Serves whoever can be served. */
#include <bank.h>
#include <skeleton.h>

#define WAITING 32

static struct parent mine;
static struct child *bank;
static uint64_t lent[CHILDREN_MAX][BANK_KINDS]; /* by entry of the table */
static uint64_t left[BANK_KINDS] = { BANK_CAPITAL, BANK_CAPITAL, BANK_CAPITAL };
static struct kerne_received waiting[WAITING]; /* for a loan, in order */
static unsigned count;

static void answer(const struct kerne_received *message, uint64_t result)
{
    const struct kerne_words words = { { 0 } };
    kerne_send_answer(message->buffer, result, &words);
}

static struct child *sender_of(const struct kerne_received *message)
{
    return child_numbered(&mine.children,
                          KERNE_SENDER_ADDRESS(message->sender));
}

static uint64_t *lent_to(const struct child *child)
{
    return lent[child - mine.children.table];
}

/* Gives the child so many more, or less than none.  False: that cannot be. */
static bool move(struct child *child, uint64_t kind, uint64_t number)
{
    struct accounts accounts;
    uint64_t wanted[BANK_KINDS];
    if (!accounts_read(child->reference, &accounts)) { return false; }
    for (unsigned i = 0; i < BANK_KINDS; i++) {
        wanted[i] = accounts.claim[i].received + (i == kind ? number : 0);
    }
    if (kerne_set_claims(child->reference, wanted[0], wanted[1], wanted[2]) !=
        KERNE_r_normal) {
        return false;
    }
    lent_to(child)[kind] += number;
    left[kind] -= number;
    return true;
}

/* Serves who can be served, in order; the others stay. */
static void serve_waiting(void)
{
    bool blocked[BANK_KINDS] = { false };
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++) {
        struct kerne_received message = waiting[i];
        uint64_t kind = message.words.w[1], number = message.words.w[2];
        if (!blocked[kind] && number <= left[kind] &&
            move(sender_of(&message), kind, number)) {
            answer(&message, KERNE_r_normal);
        } else {
            waiting[kept++] = message;
        }
    }
    count = kept;
}

/* A message to the bank. */
static void perform(const struct kerne_received *message)
{
    uint64_t operation = kerne_operation_of(&message->words);
    uint64_t kind = message->words.w[1], number = message->words.w[2];
    struct child *child = sender_of(message);
    bool is_loan = operation == BANK_LEND;
    if ((!is_loan && operation != BANK_RETURN) || kind >= BANK_KINDS) {
        answer(message, KERNE_r_unintelligible);
        return;
    }
    uint64_t has = lent_to(child)[kind];
    uint64_t most = is_loan ? BANK_CAPITAL - has : has;
    if (number == 0 || number > most || (is_loan && count == WAITING) ||
        (!is_loan && !move(child, kind, -number))) {
        answer(message, KERNE_r_rejected);
        return;
    }
    if (is_loan) {
        waiting[count++] = *message;
    } else {
        answer(message, KERNE_r_normal);
    }
    serve_waiting();
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_MESSAGE ||
        !parent_is_for(received, bank)) {
        return false;
    }
    perform(received);
    return true;
}

/* What it was lent comes back with it, and what it asked for is forgotten. */
static bool ended(struct parent *parent, struct child *child)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++) {
        if (sender_of(&waiting[i]) != child) { waiting[kept++] = waiting[i]; }
    }
    count = kept;
    for (unsigned i = 0; i < BANK_KINDS; i++) {
        left[i] += lent_to(child)[i];
        lent_to(child)[i] = 0;
    }
    parent_report(parent, child);
    child_remove(parent, child);
    serve_waiting();
    return true;
}

/* Children with the least that they need: the rest is for the bank. */
static void make_children(int argc, char **argv)
{
    struct child_order order = parent_order(&mine, (uint64_t)argc - 1);
    order.image = (struct kerne_range){ 0 };
    order.buffers = 2;
    order.processes = 0;
    order.tables = child_tables(&order);
    for (int i = 1; i < argc; i++) {
        struct child *child = parent_make(&mine, argv[i], &order);
        if (child != NULL) { child_start(&mine, child); }
    }
}

int main(int argc, char **argv)
{
    mine.event = event;
    mine.ended = ended;
    parent_begin(&mine);
    parent_needs_image(&mine);
    bank = parent_present(&mine, "bank", KERNE_SELF);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    make_children(argc, argv);
    return parent_serve(&mine);
}
