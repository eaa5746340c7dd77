/*
 * From the start record to the loop in which s spends its life: the operator's
 * line is read, performed command by command, and answered.
 *
 * What a command prints is on paper before the next one begins, and before the
 * console is asked for the next line; so no line can make s print faster than
 * the console does.
 */
#include "command.h"
#include "family.h"

/* ---- the end ------------------------------------------------------------ */

#define POWER_OFF_TAKES 5000000 /* microseconds, at most */
#define FLUSH_TAKES 10000000    /* the same, after it was late */

static bool flushed(uint64_t result, const struct kerne_words *answer)
{
    s.is_unflushed = result != KERNE_r_normal;
    return !s.is_unflushed ||
           catalog_refuse(&s.catalog, "store", result, answer);
}

/* Whatever the store does, the end of the line is that of s. */
bool do_halt(void)
{
    const struct kerne_words flush = { { KERNE_OPERATION(KERNE_SEGMENTS_FLUSH,
                                                         0) } };
    const struct child *store = child_named(&s.parent.children, "store");
    words_end(&s.line);
    s.halting = true;
    s.is_unflushed = store != NULL && store->state >= CHILD_STARTED &&
                     store->state < CHILD_PSEUDO;
    return !s.is_unflushed || store->state != CHILD_STARTED ||
           done(catalog_ask(&s.catalog, &flush, flushed));
}

static void say_end(void)
{
    bool has_machine = device_of_kind(&s.parent.devices, DEVICE_POWER) != NULL;
    if (s.is_unflushed) {
        say("store has not flushed: what was changed in the last seconds may "
            "be lost");
    }
    say(has_machine ? "s switches the machine off" : "s has finished");
}

/* Not idly: where the time is a count of instructions, idle time is over at
 * once, and the machine's end is not. */
static void wait_busily(uint64_t microseconds)
{
    uint64_t until = kerne_get_clock() + kerne_ticks(microseconds);
    while (kerne_get_clock() < until) {}
}

/* Ends s and, where s has the machine, the machine; with status 0. */
static _Noreturn void power_off(void)
{
    const struct device *power =
        device_of_kind(&s.parent.devices, DEVICE_POWER);
    const struct kerne_words finis = { { KERNE_OPERATION(KERNE_FINIS, 0), 0 } };
    struct kerne_words answer;
    if (power != NULL) {
        device_power_off(power, 0);
        wait_busily(POWER_OFF_TAKES);
        family_give_up("the machine does not switch itself off");
    }
    kerne_converse(KERNE_PARENT, &finis, &answer);
    family_give_up("its parent did not let it finish");
}

/* ---- lines -------------------------------------------------------------- */

/* Another line comes while this one waits for the store; `halt` goes on. */
static void give_up(void)
{
    catalog_give_up(&s.catalog);
    if (s.halting) { return; }
    tell("`%s` is given up: the store has not answered", s.command);
    family_undo();
    words_end(&s.line);
    s.line_was_read = false;
}

static void line(struct parent *parent, uint64_t bytes)
{
    if (catalog_is_open(&s.catalog)) { give_up(); }
    if (s.halting) { return; }
    if (s.line_was_read) { /* one is being performed */
        s.line_held = bytes;
        return;
    }
    s.line_held = 0;
    s.line_was_read = true;
    s.line_is_argument = false;
    if (!words_read(&s.line, parent->console.input, bytes)) {
        refuse("syntax error: %s", s.line.wrong);
    }
    /* What is refused was answered; an empty line is not. */
    s.line_has_said = words_look(&s.line) == NULL;
}

/* The arguments that s was started with are its first line. */
static bool argument_line(void)
{
    const char *text = s.parent.start->arguments;
    uint64_t bytes = strlen(text);
    if (bytes == 0) { return false; }
    memcpy(s.parent.console.input, text, bytes);
    line(&s.parent, bytes);
    s.line_is_argument = true;
    s.line_has_said = true; /* what only succeeds is not answered */
    return true;
}

/* Performs the next command of the line; at its end, "ready" stands for all
 * that has nothing to say. */
static void perform(void)
{
    const struct console *console = &s.parent.console;
    uint64_t answered = console->said - s.told;
    if (words_look(&s.line) != NULL) {
        if (!command_perform()) { family_undo(); }
        if (!catalog_is_open(&s.catalog)) { s.making = NULL; }
        s.line_has_said |= console->said - s.told != answered;
    } else {
        s.line_was_read = false;
        if (s.halting) {
            say_end();
        } else if (!s.line_has_said) {
            say("ready");
        }
    }
    s.line_end = console->said;
}

/* The line waits for the store: if that takes long, another one may come. */
static void ask(void)
{
    struct catalog *catalog = &s.catalog;
    if (!done(catalog_send(catalog))) {
        s.line_has_said = true;
        family_undo();
    }
    if (catalog->is_late && s.line_held != 0) {
        give_up();
    } else if (catalog->is_late) {
        parent_ask(&s.parent);
    }
}

/* All that can be done without waiting. */
static void proceed(void)
{
    struct console *console = &s.parent.console;
    for (;;) {
        console_send(console);
        if (console->printed < s.line_end || console_is_behind(console)) {
            return;
        }
        if (catalog_is_open(&s.catalog)) {
            ask();
            if (catalog_is_open(&s.catalog)) { return; }
        } else if (s.line_was_read) {
            perform();
        } else if (s.halting && terminal.child == NULL && !s.left) {
            s.left = true;
            console_pass(console, "");
        } else if (s.halting) {
            power_off();
        } else if (s.line_held != 0) {
            line(&s.parent, s.line_held);
        } else {
            parent_ask(&s.parent);
            return;
        }
    }
}

/* ---- its life ----------------------------------------------------------- */

/* Once, the operator is told; `halt` goes on without him, too. */
static void late(void)
{
    if (s.is_late) {
        give_up();
        return;
    }
    tell("`%s` waits for the store; another line gives it up", s.command);
    s.is_late = s.halting;
    if (s.halting) { catalog_set_alarm(&s.catalog, FLUSH_TAKES); }
}

/* The line goes on with the store's answer. */
static bool event(struct parent *parent, const struct kerne_received *received)
{
    struct child *name;
    uint64_t said = parent->console.said - s.told;
    if (KERNE_EVENT_KIND(received->event) != KERNE_ANSWER) { return false; }
    switch (catalog_event(&s.catalog, received, &name)) {
    case CATALOG_OTHER: return false;
    case CATALOG_LATE: late(); break;
    case CATALOG_ENDED:
        say("%s is not in use any more: %s", name->name, parent->refusal);
        family_remove(name);
        return true;
    case CATALOG_REFUSED:
        done(false);
        family_undo();
        break;
    case CATALOG_DONE: break;
    }
    if (!catalog_is_open(&s.catalog)) { s.making = NULL; }
    s.line_has_said |= parent->console.said - s.told != said;
    s.line_end = parent->console.said;
    return true;
}

/* Without a message buffer, s could neither speak nor listen. */
static void require_buffers(void)
{
    struct accounts own;
    if (!accounts_read(0, &own) || own.claim[KERNE_CLAIM_BUFFERS].free == 0) {
        kerne_give_up("an operating system needs message buffers");
    }
}

static void greet(void)
{
    say("Kerne: the basic operating system s.  `help` lists the commands,");
    say("`halt` ends s; ESC lets you type to another process.");
    say("To begin: new hello run");
}

int main(void)
{
    static char text[S_TEXT_BYTES];
    struct parent *parent = &s.parent;
    parent->console.text = text;
    parent->console.room = sizeof text;
    parent->is_hasty = true;
    parent->buffers_kept = S_BUFFERS;
    parent->line = line;
    parent->event = event;
    s.catalog.parent = parent;
    parent->commands = command_names;
    parent->ended = family_ended;
    parent_begin(parent);
    require_buffers();
    family_begin();
    if (!argument_line()) { greet(); }
    for (;;) {
        proceed();
        (void)catalog_chores(&s.catalog);
        parent_serve_one(parent);
    }
}
