/*
 * attack KIND: does one thing without end that could harm others, if it were
 * not for the accounts: what it uses up is its own, and its parent can throw
 * it away at any time.  Without a KIND it lists them.
 */
#include "attack.h"

#include <stdio.h>

_Noreturn void attack_spin(void)
{
    for (;;) { __asm__ volatile(""); }
}

static void spin(void) { attack_spin(); }

static const struct {
    const char *kind;
    void (*begin)(void);
    const char *what;
} kinds[] = {
    { "flood", attack_flood, "messages to its parent and all siblings" },
    { "hoard", attack_hoard, "takes messages, and answers none" },
    { "mute", attack_mute, "a server whose clients wait for ever" },
    { "breaks", attack_breaks, "leaves breaks alone, answers those of nobody" },
    { "console", attack_console, "writes lines to the console" },
    { "bomb", attack_bomb, "children, and children of children" },
    { "create", attack_create, "makes a child and removes it" },
    { "stop", attack_stop, "stops and starts a tower of processes" },
    { "tower", attack_tower, "throws away a tower of processes" },
    { "names", attack_names, "makes names and removes them" },
    { "tables", attack_tables, "uses up window tables" },
    { "faults", attack_faults, "a page fault that nobody mends" },
    { "spin", spin, "only computes: to compare with" },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < KINDS; i++) {
        if (strcmp(argv[1], kinds[i].kind) == 0) { kinds[i].begin(); }
    }
    if (argc > 2) {
        printf("attack: expected one kind; got `%s` too.\n", argv[2]);
    } else if (argc == 2) {
        printf("attack: there is no kind `%s`.\n", argv[1]);
    }
    printf("attack KIND, where KIND is\n");
    for (size_t i = 0; i < KINDS; i++) {
        printf("  %-8s  %s\n", kinds[i].kind, kinds[i].what);
    }
    return argc > 1 ? 1 : 0;
}
