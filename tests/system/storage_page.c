/* Large ranges, first touch, device pages, and physical addresses. */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0xa0000000)
#define LARGE_PAGES (KERNE_LARGE_PAGE / (uint64_t)KERNE_PAGE)

struct scan {
    uint64_t first;
    uint64_t step;
    uint64_t count;
    volatile uint64_t sum;
};

static void scan(uint64_t argument)
{
    struct scan *range = (struct scan *)argument;
    for (uint64_t i = 0; i < range->count; i++) {
        range->sum += *(volatile uint64_t *)(range->first + i * range->step);
    }
}

static struct kerne_words storage_of(const struct test_child *child)
{
    uint64_t next;
    struct kerne_words words = { { 0 } };
    expect_result(kerne_describe(child->reference, KERNE_DESCRIBE_CLAIM, 4,
                                 &next, &words),
                  normal);
    return words;
}

/* Two aligned MiB in one call, and then a part of them changed: either all of
 * that part, or none of it with a refusal. */
static void large_range(void)
{
    struct scan range = { WINDOW, KERNE_PAGE, LARGE_PAGES, 0 };
    struct test_child child;
    uint64_t left = 1;
    for (uint64_t i = 0; i < LARGE_PAGES; i++) {
        *(volatile uint64_t *)(family_arena() + i * KERNE_PAGE) = i;
    }
    require(expect_result(
        child_make(&child, "child", 3, scan, &range, .tables = 6), normal));
    uint64_t program = storage_of(&child).w[0];
    expect_result(kerne_map(child.reference, WINDOW, family_arena(),
                            LARGE_PAGES, KERNE_READ, &left),
                  normal);
    expect_equal(left, 0);
    expect_equal(storage_of(&child).w[0], program + LARGE_PAGES);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(range.sum, LARGE_PAGES * (LARGE_PAGES - 1) / 2);

    expect_result(kerne_unmap(child.reference, WINDOW, 3, &left), normal);
    expect_equal(storage_of(&child).w[0], program + LARGE_PAGES - 3);
    expect_result(kerne_unmap(child.reference, WINDOW, LARGE_PAGES, &left),
                  normal);
    expect_equal(storage_of(&child).w[0], program);
    child_remove(&child);
}

/* Entries appear at first touch, and only for what is touched. */
static void first_touch(void)
{
    struct scan range = { WINDOW + KERNE_PAGE, KERNE_PAGE, 3, 0 };
    struct test_child child;
    uint64_t left;
    require(expect_result(
        child_make(&child, "child", 3, scan, &range, .tables = 6), normal));
    expect_result(kerne_map(child.reference, WINDOW, family_arena(), 10,
                            KERNE_READ, &left),
                  normal);
    uint64_t windowed = storage_of(&child).w[0];
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(storage_of(&child).w[0], windowed);
    expect_equal(family_describe(child.reference, KERNE_DESCRIBE_WINDOW,
                                 WINDOW / KERNE_PAGE, 4),
                 3);
    expect_result(kerne_unmap(child.reference, WINDOW, 10, &left), normal);
    expect_equal(storage_of(&child).w[0], windowed - 10);
    child_remove(&child);
}

struct device_read {
    volatile uint8_t status;
};

static void read_line_status(uint64_t argument)
{
    struct device_read *device = (struct device_read *)argument;
    device->status = *(volatile uint8_t *)(WINDOW + 5);
}

/* A window onto a window onto a device: the line status of the UART, which
 * can always take a character here. */
static void device_through_two_windows(void)
{
    struct device_read device = { 0 };
    struct test_child child;
    uint64_t left;
    require(expect_result(
        child_make(&child, "child", 3, read_line_status, &device, .tables = 6),
        normal));
    expect_result(
        kerne_map(child.reference, WINDOW, UART_PAGE, 1, KERNE_READ, &left),
        normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(device.status & 0x60, 0x60);
    child_remove(&child);
}

struct physical {
    uint64_t own;
    volatile uint64_t result;
    volatile uint64_t address;
};

static void ask_physical(uint64_t argument)
{
    struct physical *asked = (struct physical *)argument;
    uint64_t address;
    asked->result = kerne_physical_address((void *)asked->own, &address);
    asked->address = address;
}

/* The root's addresses are physical, and the arena has them in the test. */
static void physical_address(void)
{
    struct physical asked = { WINDOW + 123, 0, 0 };
    struct test_child child;
    uint64_t address;
    uint64_t left;
    uint64_t own = family_arena() + 7 * KERNE_PAGE;
    expect_result(kerne_physical_address((void *)(own + 5), &address), normal);
    expect_equal(address, own + 5);
    require(expect_result(
        child_make(&child, "child", 3, ask_physical, &asked, .tables = 6),
        normal));
    expect_result(kerne_map(child.reference, WINDOW, own, 1, KERNE_READ, &left),
                  normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_result(asked.result, normal);
    expect_equal(asked.address, own + 123);
    child_remove(&child);
}

/* No page there: a break, as of a load. */
static void physical_address_of_nothing(void)
{
    static const uint64_t nothing[] = { 0, 4096, WINDOW,
                                        UINT64_C(0x3ffffff000) };
    for (unsigned i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        struct physical asked = { nothing[i], 0, 0 };
        struct test_child child;
        require(child_run(&child, "child", 3, ask_physical, &asked));
        struct kerne_received event =
            expect_break(&child, KERNE_BREAK_PAGE_FAULT);
        expect_equal(event.words.w[1], nothing[i]);
        expect_equal(asked.result, 0);
        child_remove(&child);
    }
    uint64_t address;
    expect_result(kerne_physical_address((void *)(UINT64_C(1) << 38), &address),
                  bad_address);
    expect_result(kerne_physical_address((void *)UINT64_MAX, &address),
                  bad_address);
}

/* Without the right in its mask a child cannot ask; its parent is asked. */
static void physical_address_needs_the_mask(void)
{
    struct physical asked = { (uint64_t)&asked, 0, 0 };
    struct test_child child;
    require(child_run(&child, "child", 3, ask_physical, &asked,
                      .without = KERNE_MASK_BIT(KERNE_physical_address)));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
    expect_equal(event.words.w[1], KERNE_physical_address);
    expect_equal(event.words.w[2], (uint64_t)&asked);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "storage.large_range", .function = large_range },
    { .name = "storage.first_touch", .function = first_touch },
    { .name = "storage.device_through_two_windows",
      .function = device_through_two_windows,
      .devices = true },
    { .name = "storage.physical_address", .function = physical_address },
    { .name = "storage.physical_address.of_nothing",
      .function = physical_address_of_nothing },
    { .name = "storage.physical_address.needs_the_mask",
      .function = physical_address_needs_the_mask },
    { NULL },
};
