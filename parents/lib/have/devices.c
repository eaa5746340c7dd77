#include "devices.h"

#include <describe.h>
#include <device_tree.h>
#include <ranges.h>

/* Registers, as offsets from the device's address. */
enum {
    UART_DATA = 0, /* bytes */
    UART_INTERRUPT_ENABLE = 1,
    UART_FIFO_CONTROL = 2,
    UART_LINE_CONTROL = 3,
    UART_MODEM_CONTROL = 4,
    UART_LINE_STATUS = 5,
    UART_FIFO_CLEAR_BOTH = 6,
    UART_EIGHT_BITS = 3,
    UART_CAN_SEND = 0x20,

    CLOCK_TIME_LOW = 0x00, /* words of 32 bits; low latches high */
    CLOCK_TIME_HIGH = 0x04,
    CLOCK_INTERRUPT_ENABLE = 0x10,
    CLOCK_CLEAR_ALARM = 0x14,
    CLOCK_CLEAR_INTERRUPT = 0x1c,

    POWER_CONTROL = 0,
    POWER_PASS = 0x5555,
    POWER_FAIL = 0x3333, /* below the exit status */

    VIRTIO_DEVICE = 0x08, /* 0: there is none */
    VIRTIO_IS_DISK = 2,
    VIRTIO_STATUS = 0x70, /* writing 0 resets; it then reads as 0 */
};

static volatile uint8_t *byte_of(const struct device *device, unsigned offset)
{
    return (volatile uint8_t *)(device->address + offset);
}

static volatile uint32_t *word_of(const struct device *device, unsigned offset)
{
    return (volatile uint32_t *)(device->address + offset);
}

/* ---- which devices there are -------------------------------------------- */

/* The last kind has two names, an old one, too. */
static const char compatible[][KERNE_TREE_TEXT] = {
    [DEVICE_UART] = "ns16550a",
    [DEVICE_CLOCK] = "google,goldfish-rtc",
    [DEVICE_VIRTIO] = "virtio,mmio",
    [DEVICE_POWER] = "sifive,test1",
    "sifive,test0",
};
#define NAMES (sizeof compatible / sizeof compatible[0])

/* Has the caller these registers?  All pages are the root's own, which it has
 * without a window. */
static bool has_registers(const struct device *device)
{
    const uint64_t rights = KERNE_READ | KERNE_WRITE;
    uint64_t first = device->address / KERNE_PAGE;
    struct kerne_window_record window;
    uint64_t cursor = 0;
    if (kerne_describe_window(0, &cursor, &window) == KERNE_r_no_more) {
        return true;
    }
    for (uint64_t page = first; page < first + device->pages; page++) {
        cursor = page;
        if (kerne_describe_window(0, &cursor, &window) != KERNE_r_normal ||
            window.address != page * KERNE_PAGE || window.pages == 0 ||
            (window.rights & rights) != rights) {
            return false;
        }
    }
    return true;
}

/* There are places for virtio devices in which there is none: false. */
static bool is_there(struct device *device)
{
    if (!has_registers(device)) { return false; }
    if (device->kind != DEVICE_VIRTIO) { return true; }
    uint32_t what = *word_of(device, VIRTIO_DEVICE);
    if (what == VIRTIO_IS_DISK) { device->kind = DEVICE_DISK; }
    return what != 0;
}

/* Devices stand in the order of their lines, those without one last. */
static void enter(struct devices *devices, struct device *device)
{
    unsigned i = devices->count;
    if (i == DEVICES_MAX || !is_there(device)) { return; }
    while (i > 0 && devices->table[i - 1].line - 1 > device->line - 1) {
        devices->table[i] = devices->table[i - 1];
        i--;
    }
    devices->table[i] = *device;
    devices->count++;
}

/* The device that a node of the tree is, if this file knows it. */
static void node_seen(struct devices *devices, struct kerne_tree *tree)
{
    struct kerne_range r;
    unsigned name = kerne_tree_compatible(tree, compatible, NAMES);
    uint64_t line = kerne_tree_number(tree, 0, KERNE_TREE_INTERRUPTS, 0);
    if (name < NAMES && line < KERNE_LINES &&
        kerne_tree_registers(tree, 0, &r) && r.first < r.last) {
        uint64_t bytes = kerne_ranges_up(r.last) - kerne_ranges_down(r.first);
        enter(devices, &(struct device){
                           .kind = name < DEVICE_POWER ? name : DEVICE_POWER,
                           .address = r.first,
                           .pages = bytes / KERNE_PAGE,
                           .line = line,
                       });
    }
}

void devices_read(struct devices *devices, struct kerne_range device_tree)
{
    const struct devices before = *devices;
    struct kerne_tree tree;
    kerne_tree_open(&tree, (const uint8_t *)device_tree.first,
                    device_tree.last - device_tree.first);
    devices->count = 0;
    while (kerne_tree_step(&tree)) { node_seen(devices, &tree); }
    for (unsigned i = 0; i < devices->count; i++) {
        struct device *device = &devices->table[i];
        for (unsigned k = 0; k < before.count; k++) {
            if (before.table[k].address == device->address) {
                device->holder = before.table[k].holder;
            }
        }
    }
}

const char *device_name(const struct device *device)
{
    static const char *const names[] = {
        [DEVICE_UART] = "uart",   [DEVICE_CLOCK] = "rtc",
        [DEVICE_POWER] = "power", [DEVICE_VIRTIO] = "virtio",
        [DEVICE_DISK] = "disk",
    };
    return names[device->kind];
}

struct device *device_of_kind(struct devices *devices, enum device_kind kind)
{
    for (unsigned i = 0; i < devices->count; i++) {
        if (devices->table[i].kind == kind) { return &devices->table[i]; }
    }
    return NULL;
}

struct device *device_at_line(struct devices *devices, uint64_t line)
{
    for (unsigned i = 0; i < devices->count; i++) {
        if (line != 0 && devices->table[i].line == line) {
            return &devices->table[i];
        }
    }
    return NULL;
}

/* ---- lending ------------------------------------------------------------ */

static void close_window(const struct device *device, uint64_t child)
{
    uint64_t left;
    kerne_unmap(child, kerne_ranges_down(device->address), device->pages,
                &left);
}

uint64_t device_lend(struct device *device, uint64_t child)
{
    uint64_t left, first = kerne_ranges_down(device->address);
    uint64_t result = kerne_map(child, first, first, device->pages,
                                KERNE_READ | KERNE_WRITE, &left);
    if (result == KERNE_r_normal && device->line != 0) {
        result = kerne_include_user(child, device->line);
    }
    if (result == KERNE_r_normal) {
        device->holder = child;
    } else {
        close_window(device, child);
    }
    return result;
}

static void reset(const struct device *device)
{
    switch (device->kind) {
    case DEVICE_UART:
        *byte_of(device, UART_INTERRUPT_ENABLE) = 0;
        *byte_of(device, UART_LINE_CONTROL) = UART_EIGHT_BITS;
        *byte_of(device, UART_MODEM_CONTROL) = 0;
        *byte_of(device, UART_FIFO_CONTROL) = UART_FIFO_CLEAR_BOTH;
        break;
    case DEVICE_CLOCK:
        *word_of(device, CLOCK_INTERRUPT_ENABLE) = 0;
        *word_of(device, CLOCK_CLEAR_ALARM) = 1;
        *word_of(device, CLOCK_CLEAR_INTERRUPT) = 1;
        break;
    case DEVICE_VIRTIO:
    case DEVICE_DISK:
        *word_of(device, VIRTIO_STATUS) = 0;
        (void)*word_of(device, VIRTIO_STATUS);
        break;
    case DEVICE_POWER: break;
    }
}

uint64_t device_take_back(struct device *device, bool by_force)
{
    uint64_t child = device->holder;
    if (device->line != 0) {
        uint64_t result = kerne_exclude_user(child, device->line);
        if (result != KERNE_r_normal && !by_force) { return result; }
    }
    close_window(device, child);
    reset(device);
    device->holder = 0;
    return KERNE_r_normal;
}

void devices_take_back_all(struct devices *devices, uint64_t child)
{
    for (unsigned i = 0; i < devices->count; i++) {
        if (devices->table[i].holder == child) {
            device_take_back(&devices->table[i], true);
        }
    }
}

/* ---- the parent's own use ----------------------------------------------- */

uint64_t device_clock_read(const struct device *device)
{
    uint64_t low = *word_of(device, CLOCK_TIME_LOW);
    uint64_t high = *word_of(device, CLOCK_TIME_HIGH);
    return high << 32 | low;
}

void device_uart_say(const struct device *device, const char *text)
{
    for (; *text != '\0'; text++) {
        while ((*byte_of(device, UART_LINE_STATUS) & UART_CAN_SEND) == 0) {}
        *byte_of(device, UART_DATA) = (uint8_t)*text;
    }
}

void device_power_off(const struct device *device, unsigned status)
{
    *word_of(device, POWER_CONTROL) =
        status == 0 ? POWER_PASS : status << 16 | POWER_FAIL;
}
