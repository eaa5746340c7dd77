/* Which device an address belongs to, and the one that ends the machine. */
#include "whole.h"

struct region {
    uint64_t first, bytes;
    unsigned widths; /* a bit for each number of bytes that it takes at once */
    bool (*load)(struct machine *m, uint64_t offset, uint64_t *ret);
    bool (*store)(struct machine *m, uint64_t offset, uint64_t value);
};

static bool power_load(struct machine *m, uint64_t offset, uint64_t *ret)
{
    (void)m, (void)offset;
    *ret = 0;
    return true;
}

bool power_store(struct machine *m, uint64_t offset, uint64_t value)
{
    enum { FAIL = 0x3333, PASS = 0x5555, AGAIN = 0x7777 };
    uint32_t what = value & 0xffff;
    if (offset == 0 && (what == FAIL || what == PASS || what == AGAIN)) {
        m->has_halted = true;
        m->exit_status = what == FAIL ? value >> 16 & 255 : 0;
        m->limit = 0;
    }
    return true;
}

static const struct region regions[] = {
    { UART_AT, 8, 1 | 2 | 4 | 8, uart_load, uart_store },
    { PLIC_AT, PLIC_BYTES, 4, plic_load, plic_store },
    { RTC_AT, 0x1000, 4, rtc_load, rtc_store },
    { VIRTIO_AT, 0x1000 * VIRTIO_COUNT, 1 | 2 | 4, virtio_load, disk_store },
    { TEST_AT, 0x1000, 2 | 4, power_load, power_store },
};

static const struct region *region_of(uint64_t address, unsigned bytes)
{
    for (unsigned i = 0; i < sizeof(regions) / sizeof(*regions); i++) {
        const struct region *r = &regions[i];
        if (address - r->first < r->bytes) {
            return (r->widths & bytes) && address % bytes == 0 ? r : NULL;
        }
    }
    return NULL;
}

bool device_load(struct machine *m, uint64_t address, unsigned bytes,
                 uint64_t *ret)
{
    const struct region *r = region_of(address, bytes);
    return r != NULL && r->load(m, address - r->first, ret);
}

bool device_store(struct machine *m, uint64_t address, unsigned bytes,
                  uint64_t value)
{
    const struct region *r = region_of(address, bytes);
    return r != NULL && r->store(m, address - r->first, value);
}
