/* What the virtio specification fixes: registers, bits, records in storage. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>

#define VIRTIO_MAGIC 0x74726976 /* "virt" */
#define VIRTIO_MODERN 2
#define VIRTIO_DISK 2

/* Words of 32 bits, by their number (4.2.2); then the disk's own (5.2.4). */
enum virtio_register {
    REGISTER_MAGIC = 0x000 / 4,
    REGISTER_VERSION = 0x004 / 4,
    REGISTER_KIND = 0x008 / 4,
    REGISTER_FEATURES = 0x010 / 4,
    REGISTER_FEATURES_WORD = 0x014 / 4,
    REGISTER_ACCEPTED = 0x020 / 4,
    REGISTER_ACCEPTED_WORD = 0x024 / 4,
    REGISTER_QUEUE = 0x030 / 4,
    REGISTER_QUEUE_MOST = 0x034 / 4,
    REGISTER_QUEUE_SIZE = 0x038 / 4,
    REGISTER_QUEUE_READY = 0x044 / 4,
    REGISTER_NOTIFY = 0x050 / 4,
    REGISTER_INTERRUPT = 0x060 / 4,
    REGISTER_INTERRUPT_TAKEN = 0x064 / 4,
    REGISTER_STATUS = 0x070 / 4,
    REGISTER_DESCRIPTORS = 0x080 / 4, /* these three of two words each */
    REGISTER_AVAILABLE = 0x090 / 4,
    REGISTER_USED = 0x0a0 / 4,
    REGISTER_GENERATION = 0x0fc / 4,
    REGISTER_CAPACITY = 0x100 / 4, /* two words */
    REGISTER_MOST_ENTRIES = 0x10c / 4,
    REGISTER_BLOCK_BYTES = 0x114 / 4,
};

/* Bytes of them, of which this driver uses none behind these. */
#define REGISTERS_BYTES 0x118

enum virtio_status {
    STATUS_SEEN = 1,
    STATUS_DRIVER = 2,
    STATUS_READY = 4,
    STATUS_FEATURES = 8,
    STATUS_NEEDS_RESET = 64,
};

/* Bits of the 64 features. */
enum virtio_feature {
    FEATURE_MOST_ENTRIES = 2,
    FEATURE_READ_ONLY = 5,
    FEATURE_BLOCK_BYTES = 6,
    FEATURE_FLUSH = 9,
    FEATURE_INDIRECT = 28,
    FEATURE_MODERN = 32,
};

enum virtio_interrupt {
    INTERRUPT_USED = 1,
    INTERRUPT_CHANGED = 2, /* what stands in the disk's own registers */
};

/* ---- in storage (2.7) ---------------------------------------------------- */

enum descriptor_flag {
    DESCRIPTOR_NEXT = 1,
    DESCRIPTOR_WRITTEN = 2, /* by the device */
    DESCRIPTOR_INDIRECT = 4,
};
struct virtio_descriptor {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags, next;
};

struct virtio_header {
    uint32_t operation, reserved;
    uint64_t segment;
};

/* The device's status of a request. */
enum virtio_outcome {
    OUTCOME_DONE = 0,
    OUTCOME_ERROR = 1,
    OUTCOME_UNSUPPORTED = 2,
    OUTCOME_NONE = 0xff, /* ours: it has not written any */
};

#endif
