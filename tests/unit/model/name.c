/* Names and addresses in the model. */
#include "model.h"

#define PSEUDO_LIMIT 40

int model_child(int p, uint64_t number)
{
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && model.process[c].parent == p &&
            model.process[c].number == number) {
            return c;
        }
    }
    return NOBODY;
}

int model_named(int p, const uint64_t name[2])
{
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && model.process[c].parent == p &&
            model.process[c].name[0] == name[0] &&
            model.process[c].name[1] == name[1]) {
            return c;
        }
    }
    return NOBODY;
}

/* The ancestor so many levels up, if p may look so far. */
static int outwards(int p, uint64_t up)
{
    if (up > model.process[p].horizon) { return NOBODY; }
    while (up-- > 0 && p != NOBODY) { p = model.process[p].parent; }
    return p;
}

static int one_step(int p, uint64_t address, int *ret_external)
{
    *ret_external = NOBODY;
    if (address == KERNE_SELF) { return p; }
    if (address == KERNE_PARENT) { return model.process[p].parent; }
    int declarer = outwards(p, address >> 16);
    uint64_t number = address & 0xffff;
    if (declarer == NOBODY) { return NOBODY; }
    if (declarer == MODEL_ROOT && number >= KERNE_EXTERNAL &&
        number < KERNE_EXTERNAL + KERNE_LINES) {
        *ret_external = (int)(number - KERNE_EXTERNAL);
    }
    return number < KERNE_CHILDREN ? model_child(declarer, number) : NOBODY;
}

int model_receiver(int p, uint64_t address, int *ret_external, int *ret_pseudo)
{
    int to = one_step(p, address, ret_external);
    *ret_pseudo = NOBODY;
    for (int i = 0; to != NOBODY && model.process[to].is_pseudo; i++) {
        if (i == PSEUDO_LIMIT) {
            return NOBODY; /* they go round in a circle */
        }
        const struct model_process *pseudo = &model.process[to];
        *ret_pseudo = (int)pseudo->number;
        to = one_step(pseudo->parent, pseudo->server, ret_external);
    }
    return to;
}

/* What the receiver learns: whom it would address itself. */
uint64_t model_sender(int sender, int receiver)
{
    uint64_t inside = 0;
    if (sender == receiver) { return KERNE_SELF; }
    if (model.process[receiver].parent == sender) { return KERNE_PARENT; }
    for (int seen = sender; seen != NOBODY; seen = model.process[seen].parent) {
        int parent = model.process[seen].parent;
        if (parent == receiver) {
            return KERNE_ADDRESS(0, model.process[seen].number) | inside;
        }
        if (parent == model.process[receiver].parent) {
            return KERNE_ADDRESS(1, model.process[seen].number) | inside;
        }
        inside = KERNE_SENDER_INSIDE;
    }
    model_disagrees("a message comes from where its receiver cannot look");
}

/* ---- the functions ----------------------------------------------------- */

static bool is_name_character(char c, bool first)
{
    if (c >= 'a' && c <= 'z') { return true; }
    return !first && ((c >= '0' && c <= '9') || c == '_' || c == '-');
}

static bool is_name(const uint64_t name[2], char ret_text[17])
{
    unsigned length = 0;
    for (unsigned i = 0; i < 16; i++) {
        ret_text[i] = (char)(name[i / 8] >> i % 8 * 8);
    }
    ret_text[16] = '\0';
    while (ret_text[length] != '\0') {
        if (!is_name_character(ret_text[length], length == 0)) { return false; }
        length++;
    }
    for (unsigned i = length; i < 16; i++) {
        if (ret_text[i] != '\0') { return false; }
    }
    return length > 0 && length < 16;
}

bool model_is_name(const uint64_t name[2])
{
    char text[17];
    return is_name(name, text);
}

static bool same_text(const char *a, const char *b)
{
    for (; *a == *b; a++, b++) {
        if (*a == '\0') { return true; }
    }
    return false;
}

/* The external process with this name; NOBODY: none. */
static int external_named(const char *text)
{
    if (same_text(text, "clock")) { return 0; }
    for (int line = 1; line < KERNE_LINES; line++) {
        char name[8] = "line";
        unsigned at = 4;
        if (line >= 10) { name[at++] = (char)('0' + line / 10); }
        name[at] = (char)('0' + line % 10);
        if (same_text(text, name)) { return line; }
    }
    return NOBODY;
}

static enum kerne_result look_up(int p)
{
    uint64_t *x = model.process[p].x;
    const uint64_t name[2] = { x[A0 + 1], x[A0 + 2] };
    char text[17];
    if (!is_name(name, text)) { return KERNE_r_name_ill_formed; }
    for (uint64_t up = x[A0];; up++) {
        int level = outwards(p, up);
        if (level == NOBODY) {
            x[A0] = seen_register(p, A0); /* open */
            return KERNE_r_name_unknown;
        }
        int found = model_named(level, name);
        if (found != NOBODY) {
            x[A0] = KERNE_ADDRESS(up, model.process[found].number);
            return KERNE_r_normal;
        }
        int external = external_named(text);
        if (level == MODEL_ROOT && external != NOBODY) {
            x[A0] = KERNE_ADDRESS(up, KERNE_EXTERNAL + external);
            return KERNE_r_normal;
        }
    }
}

/* The names from the sender as the receiver sees it down to itself. */
static enum kerne_result sender_path(int p)
{
    uint64_t *x = model.process[p].x;
    int b = model_by_identity(x[A0]);
    uint64_t level = x[A0 + 1];
    if (b == NOBODY || model.buffer[b].state == KERNE_ANSWERED ||
        model.buffer[b].receiver != p || model.buffer[b].sender == NOBODY ||
        model.buffer[b].regretted) {
        return KERNE_r_gone;
    }
    int path[MODEL_PROCESSES], length = 0;
    int sender = model.buffer[b].sender;
    if (sender == p || model.process[p].parent == sender) {
        return KERNE_r_no_more;
    }
    for (int seen = sender; seen != NOBODY; seen = model.process[seen].parent) {
        path[length++] = seen;
        if (model.process[seen].parent == p ||
            (model.process[seen].parent == model.process[p].parent &&
             !model_is_within(sender, p))) {
            break;
        }
    }
    if (level >= (uint64_t)length) { return KERNE_r_no_more; }
    for (uint64_t i = 0; i < level; i++) {
        if (model.process[path[length - 1 - (int)i]].closed) {
            return KERNE_r_no_more;
        }
    }
    int shown = path[length - 1 - (int)level];
    x[A0 + 1] = model.process[shown].name[0];
    x[A0 + 2] = model.process[shown].name[1];
    return KERNE_r_normal;
}

bool model_name_function(int p, enum model_outcome *ret_outcome)
{
    (void)ret_outcome;
    switch (model.process[p].x[A7]) {
    case KERNE_process_description: model_result(p, look_up(p)); return true;
    case KERNE_sender_path: model_result(p, sender_path(p)); return true;
    default: return false;
    }
}
