/*
 * witness FILE: says what a program finds where it runs: the names, a clock
 * that answers, and of a file in the boot image that it is lent the SHA-256.
 */
#include <archive.h>
#include <program.h>
#include <stdio.h>

#define BLOCK_BYTES 64
#define ROUNDS 64

/* FIPS 180-4. */
static const uint32_t constant[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

struct digest {
    uint32_t word[8];
};

static uint32_t right(uint32_t value, unsigned by)
{
    return value >> by | value << (32 - by);
}

static void expand(const uint8_t *block, uint32_t ret_word[ROUNDS])
{
    for (unsigned i = 0; i < 16; i++) {
        ret_word[i] = (uint32_t)block[4 * i] << 24 |
                      (uint32_t)block[4 * i + 1] << 16 |
                      (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (unsigned i = 16; i < ROUNDS; i++) {
        uint32_t a = ret_word[i - 15], b = ret_word[i - 2];
        ret_word[i] = ret_word[i - 16] + ret_word[i - 7] +
                      (right(a, 7) ^ right(a, 18) ^ a >> 3) +
                      (right(b, 17) ^ right(b, 19) ^ b >> 10);
    }
}

static void add_block(struct digest *digest, const uint8_t *block)
{
    uint32_t word[ROUNDS];
    struct digest s = *digest;
    uint32_t *v = s.word;
    expand(block, word);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint32_t one = v[7] + constant[i] + word[i] +
                       (right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)) +
                       ((v[4] & v[5]) ^ (~v[4] & v[6]));
        uint32_t two = (right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)) +
                       ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(*v));
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned i = 0; i < 8; i++) { digest->word[i] += v[i]; }
}

static struct digest digest_of(const uint8_t *bytes, uint64_t size)
{
    struct digest digest = { { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab,
                               0x5be0cd19 } };
    uint8_t end[2 * BLOCK_BYTES] = { 0 };
    uint64_t whole = size / BLOCK_BYTES, rest = size % BLOCK_BYTES;
    uint64_t end_blocks = rest + 9 <= BLOCK_BYTES ? 1 : 2;
    for (uint64_t i = 0; i < whole; i++) {
        add_block(&digest, bytes + i * BLOCK_BYTES);
    }
    memcpy(end, bytes + whole * BLOCK_BYTES, rest);
    end[rest] = 0x80;
    for (unsigned i = 0; i < 8; i++) {
        end[end_blocks * BLOCK_BYTES - 1 - i] = (uint8_t)(size * 8 >> 8 * i);
    }
    for (uint64_t i = 0; i < end_blocks; i++) {
        add_block(&digest, end + i * BLOCK_BYTES);
    }
    return digest;
}

static void tell_digest(const char *name)
{
    const struct kerne_range *image = &kerne_start_record->image;
    struct archive_member file;
    if (archive_find(image, name, &file) != ARCHIVE_MEMBER) {
        kerne_give_up("%s is in no boot image that was lent", name);
    }
    struct digest digest = digest_of(file.bytes, file.size);
    printf("%s is ", name);
    for (unsigned i = 0; i < 8; i++) {
        printf("%08lx", (unsigned long)digest.word[i]);
    }
    printf("\n");
}

static void tell_names(void)
{
    static const char *const names[] = { "console", "terminal", "clock", "echo",
                                         "nobody" };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint64_t address;
        bool found = kerne_look_up(names[i], &address) == KERNE_r_normal;
        printf("%s%s is %s", i == 0 ? "" : ", ", names[i],
               found ? "in sight" : "unknown");
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    uint64_t began = kerne_get_clock();
    tell_names();
    uint64_t result = kerne_delay(kerne_ticks(1000));
    printf("the clock answers %lu, %s\n", (unsigned long)result,
           kerne_get_clock() - began >= kerne_ticks(1000) ? "in time"
                                                          : "too early");
    tell_digest(argc > 1 ? argv[1] : "s");
    return 0;
}
