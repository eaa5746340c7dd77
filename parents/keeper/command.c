#include "command.h"

#include "service.h"

#include <inspect.h>
#include <text.h>

#define SERVICE_BYTES (256 * 1024)
#define SERVICE_BUFFERS 8

/* ---- which service ------------------------------------------------------ */

static struct service *take_service(struct words *words)
{
    const char *name =
        words_wanted(words, "the name of a program that is kept");
    struct service *service = name == NULL ? NULL : service_named(name);
    if (name != NULL && service == NULL) {
        words_wrong(words, "%.40s is not kept; `list` shows who is", name);
    }
    return service;
}

/* ---- keep --------------------------------------------------------------- */

static bool take_new_name(struct words *words, struct service *service)
{
    const char *name = words_wanted(words, "a name, and a rule");
    if (name == NULL) { return false; }
    if (!text_is_name(name)) {
        return words_wrong(words,
                           "%.40s is no name: a letter a to z, then "
                           "letters, digits, - or _, at most 15",
                           name);
    }
    if (service_named(name) != NULL) {
        return words_wrong(words, "%s is kept already; `forget %s` first", name,
                           name);
    }
    if (child_named(&keeper.parent.children, name) != NULL) {
        return words_wrong(words, "%s is a name that the keeper presents",
                           name);
    }
    strcpy(service->name, name);
    return true;
}

/* What stands between the rule and `run`. */
static bool take_sizes(struct words *words, struct service *service)
{
    for (;;) {
        bool sound = true;
        if (words_skip(words, "size")) {
            sound = words_number(words, "bytes of storage", &service->bytes);
        } else if (words_skip(words, "buf")) {
            sound = words_number(words, "message buffers", &service->buffers);
        } else if (words_skip(words, "internal")) {
            sound = words_number(words, "processes", &service->processes);
        } else if (words_skip(words, "device")) {
            sound = words_number(words, "an interrupt line", &service->line);
        } else {
            return true;
        }
        if (!sound) { return false; }
    }
}

static bool take_program(struct words *words, struct service *service)
{
    if (words_skip(words, "run")) {
        strcpy(service->program, words_rest(words));
        return service->program[0] != '\0' ||
               words_wrong(words, "behind `run` comes the name of a file");
    }
    strcpy(service->program, service->name);
    return words_at_end(words);
}

static bool keep(struct words *words)
{
    struct service new = { .bytes = SERVICE_BYTES, .buffers = SERVICE_BUFFERS };
    struct service *service = service_named("");
    if (service == NULL) {
        return words_wrong(words,
                           "%d programs are kept, and no more can be; "
                           "`forget` one first",
                           SERVICES);
    }
    if (!take_new_name(words, &new) || !rule_read(words, &new.rule) ||
        !take_sizes(words, &new) || !take_program(words, &new)) {
        return false;
    }
    *service = new;
    if (!service_begin(service)) {
        service_forget(service);
        return words_wrong(words, "so %s is not kept", new.name);
    }
    return true;
}

/* ---- the others --------------------------------------------------------- */

static bool forget(struct words *words)
{
    struct service *service = take_service(words);
    if (service == NULL || !words_at_end(words)) { return false; }
    service_forget(service);
    return true;
}

static bool print(struct words *words)
{
    struct service *service = take_service(words);
    uint64_t address, bytes = POST_MORTEM_BYTES;
    bool has_address = words_look(words) != NULL;
    if (service == NULL ||
        (has_address && !words_number(words, "an address", &address)) ||
        (words_look(words) != NULL &&
         !words_number(words, "how many bytes", &bytes)) ||
        !words_at_end(words)) {
        return false;
    }
    post_mortem_print(&service->post_mortem, service->name,
                      has_address ? &address : NULL, bytes);
    return true;
}

static bool door(struct words *words)
{
    struct service *service = take_service(words);
    if (service == NULL || !words_at_end(words)) { return false; }
    keeper.door = service;
    return true;
}

static bool list(struct words *words)
{
    struct accounts own;
    if (!words_at_end(words) || !accounts_read(0, &own)) { return false; }
    say("name            state     deaths    left  rule");
    for (unsigned i = 0; i < SERVICES; i++) {
        const struct service *service = &keeper.service[i];
        char rule[RULE_BYTES];
        if (service->name[0] != '\0') {
            rule_text(&service->rule, rule);
            say("%-15s %-8s %7lu %5lu k %s%s", service->name,
                service_state_text(service), (unsigned long)service->deaths,
                (unsigned long)(service->post_mortem.run.pages * KERNE_PAGE /
                                1024),
                rule, keeper.door == service ? ", behind the door" : "");
        }
    }
    say("free: %lu buffers, %lu processes, %lu tables, %lu k of storage",
        (unsigned long)own.claim[KERNE_CLAIM_BUFFERS].free,
        (unsigned long)own.claim[KERNE_CLAIM_PROCESSES].free,
        (unsigned long)own.claim[KERNE_CLAIM_TABLES].free,
        (unsigned long)(storage_free(&keeper.parent.storage) * KERNE_PAGE /
                        1024));
    return true;
}

static bool end(struct words *words)
{
    keeper.ending = words_at_end(words);
    return keeper.ending;
}

static bool help(struct words *words)
{
    static const char *const lines[] = {
        "keep NAME RULE [size N] [buf N] [internal N] [device LINE]",
        "     [run FILE ARGUMENTS]",
        "  RULE: at once; after 10 ms [growing]; at most 3 in 1 s; never;",
        "  behind it: with storage; quietly",
        "list, devices      who is kept, and what is free; who has devices",
        "print NAME [ADDRESS [BYTES]]   how it died, and what it has left",
        "claims NAME, registers NAME     what it has, and where it stands",
        "forget NAME        it is removed, with what it has left",
        "door NAME          it gets what is sent to the keeper from outside",
        "end                all are removed, and the keeper finishes",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        say("%s", lines[i]);
    }
    return words_at_end(words);
}

/* ---- all of them -------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*perform)(struct words *words);
    bool speaks; /* by itself */
} commands[] = {
    { "keep", keep, false },  { "list", list, true },
    { "print", print, true }, { "forget", forget, false },
    { "door", door, false },  { "end", end, true },
    { "help", help, true },
};

void command_perform(const char *line, size_t bytes, bool says_ready)
{
    struct words words;
    if (!words_read(&words, line, bytes)) {
        say("%s", words.wrong);
        return;
    }
    if (words_look(&words) == NULL) { return; }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (!words_skip(&words, commands[i].name)) { continue; }
        if (!commands[i].perform(&words)) {
            say("%s", words.wrong);
        } else if (says_ready && !commands[i].speaks) {
            say("ready");
        }
        return;
    }
    if (!inspect_command(&keeper.parent, &words)) {
        say("%.40s is no command; `help` lists them", words_take(&words));
    }
}
