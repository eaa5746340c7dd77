#include "pager.h"

#include <text.h>

/* What stands behind `name=`; null: the word is something else. */
static const char *value_of(const char *word, const char *name)
{
    size_t length = strlen(name);
    bool is_it = strncmp(word, name, length) == 0 && word[length] == '=';
    return is_it ? word + length + 1 : NULL;
}

static uint64_t number_of(const char *word, const char *value)
{
    uint64_t number;
    if (!text_to_number(value, &number) || number > INT32_MAX) {
        kerne_give_up("it expected a number in `%s`", word);
    }
    return number;
}

static const struct policy *policy_of(const char *value)
{
    const struct policy *policy = policy_named(value);
    if (policy == NULL) {
        kerne_give_up("it knows the policies fifo, clock and ws; not `%s`",
                      value);
    }
    return policy;
}

static bool read_option(const char *word, struct pager_order *order)
{
    const char *value;
    if ((value = value_of(word, "frames")) != NULL) {
        order->frames = number_of(word, value);
    } else if ((value = value_of(word, "size")) != NULL) {
        order->bytes = number_of(word, value);
    } else if ((value = value_of(word, "policy")) != NULL) {
        order->policy = policy_of(value);
    } else if ((value = value_of(word, "room")) != NULL) {
        order->room = value;
    } else if ((value = value_of(word, "show")) != NULL) {
        order->shown = value;
    } else if ((value = value_of(word, "window")) != NULL) {
        order->window = kerne_ticks(1000 * number_of(word, value));
    } else if ((value = value_of(word, "quantum")) != NULL) {
        order->quantum = kerne_ticks(1000 * number_of(word, value));
    } else if (strchr(word, '=') != NULL) {
        kerne_give_up("it knows no `%s`; it knows frames=, size=, policy=, "
                      "room=, show=, window= and quantum=",
                      word);
    } else {
        return false;
    }
    return true;
}

int pager_options(int argc, char **argv, struct pager_order *ret_order)
{
    int words = 0;
    *ret_order = (struct pager_order){
        .frames = 32,
        .policy = policy_named("clock"),
        .room = "packed",
        .window = kerne_ticks(10000),
        .quantum = kerne_ticks(50000),
    };
    while (words + 1 < argc && read_option(argv[words + 1], ret_order)) {
        words++;
    }
    ret_order->children = parent_commands(argc - words, argv + words);
    if (ret_order->children == 0) {
        kerne_give_up("its arguments name no program to run");
    }
    return words;
}

void pager_present(struct pager *pager, const struct pager_order *order)
{
    struct parent *parent = &pager->parent;
    parent_present(parent, "console", parent->console.address);
    parent_present(parent, "clock", parent->clock);
    if (order->shown != NULL) {
        parent_present(parent, order->shown, kerne_find(order->shown));
    }
}
