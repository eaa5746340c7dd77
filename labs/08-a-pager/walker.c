/* walker STRING: the grader's program, which uses the pages of the region in
 * some order, and looks whether they are as it left them. */
#include <program.h>
#include <region.h>

#define STEPS 400

static uint64_t expected[REGION_PAGES], wrong;

static void touch(uint64_t page)
{
    volatile uint64_t *word = (volatile uint64_t *)region_address(page);
    uint64_t last = KERNE_PAGE / sizeof *word - 1;
    wrong += word[0] != expected[page] || word[last] != expected[page] * page;
    expected[page]++;
    word[0] = expected[page];
    word[last] = expected[page] * page;
}

/* Two pages are used all the time, the others in turn. */
static void hot(void)
{
    for (uint64_t i = 0; i < STEPS; i++) {
        touch(0);
        touch(1);
        touch(2 + i % (REGION_PAGES - 2));
    }
}

static void loop(void)
{
    for (uint64_t i = 0; i < STEPS; i++) { touch(i % 6); }
}

static void skewed(void)
{
    uint64_t x = 1;
    for (uint64_t i = 0; i < STEPS; i++) {
        x = (x * 1103515245 + 12345) % (UINT64_C(1) << 31);
        uint64_t chance = (x >> 16) % 100;
        touch(chance < 70 ? chance % 4 : 4 + chance % 12);
    }
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "hot") == 0) { hot(); }
    if (strcmp(name, "loop") == 0) { loop(); }
    if (strcmp(name, "skewed") == 0) { skewed(); }
    if (strcmp(name, "wild") == 0) {
        touch(0);
        *(volatile char *)region_address(REGION_PAGES) = 1;
    }
    return wrong > 0;
}
