/*
 * keys: shows what each key sends, in hexadecimal, as it is typed, and the size
 * of the terminal whenever that is another one.  `q` ends it.
 */
#include <raw.h>
#include <stdio.h>

#define ROW_BYTES 16 /* shown in one row */

static struct kerne_raw raw;

static void put(const char *text)
{
    uint64_t result = kerne_raw_put(&raw, text, strlen(text));
    if (result != KERNE_r_normal) {
        kerne_give_up("the console takes no bytes: %s",
                      kerne_result_text(result));
    }
}

static void put_size(void)
{
    char text[64];
    (void)snprintf(text, sizeof(text), "%u rows of %u columns\r\n",
                   (unsigned)raw.rows, (unsigned)raw.columns);
    put(raw.columns == 0 ? "no terminal\r\n" : text);
}

/* `1b 5b 41    ESC [ A` */
static void put_row(const char *key, size_t bytes)
{
    char text[ROW_BYTES * 8 + 8] = "";
    size_t used = 0;
    for (size_t i = 0; i < bytes; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%02x ",
                                 (unsigned char)key[i]);
    }
    used += (size_t)snprintf(text + used, sizeof(text) - used, "  ");
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)key[i];
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 c == 0x1b             ? " ESC"
                                 : c < ' '             ? " ^%c"
                                 : c > ' ' && c <= '~' ? " %c"
                                                       : " .",
                                 c < ' ' ? c + '@' : c);
    }
    (void)snprintf(text + used, sizeof(text) - used, "\r\n");
    put(text);
}

/* True: one of them was q. */
static bool put_keys(const char *key, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += ROW_BYTES) {
        put_row(key + at, bytes - at < ROW_BYTES ? bytes - at : ROW_BYTES);
    }
    return memchr(key, 'q', bytes) != NULL;
}

int main(void)
{
    char key[256];
    size_t bytes;
    bool ended = false;
    uint64_t result = kerne_raw_begin(&raw, kerne_find("console"));
    if (result != KERNE_r_normal) {
        kerne_give_up("the console gives no keys: %s",
                      kerne_result_text(result));
    }
    while (!ended && (result = kerne_raw_keys(&raw, key, sizeof(key),
                                              &bytes)) == KERNE_r_normal) {
        if (bytes == 0) { put_size(); }
        ended = put_keys(key, bytes);
    }
    kerne_raw_end(&raw);
    return result == KERNE_r_normal ? 0 : 1;
}
