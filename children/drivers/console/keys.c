#include "keys.h"

#include "utf8.h"

#include <string.h>

#define NUMBER_MOST 9999

static uint32_t key_of_number(unsigned number)
{
    switch (number) {
    case 1:
    case 7: return KEY_HOME;
    case 3: return KEY_DELETE;
    case 4:
    case 8: return KEY_END;
    default: return KEY_OTHER;
    }
}

/* ESC [ 1 ; 5 C is right, with control. */
static uint32_t key_of_letter(const struct keys *keys, char letter)
{
    bool with = keys->numbers >= 2 && keys->number[1] >= 3;
    switch (letter) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'C': return with ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D': return with ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H': return KEY_HOME;
    case 'F': return KEY_END;
    case '~': return key_of_number(keys->number[0]);
    case 't':
        return keys->numbers == 3 && keys->number[0] == 8 ? KEY_SIZE
                                                          : KEY_OTHER;
    default: return KEY_OTHER;
    }
}

static void begin_sequence(struct keys *keys)
{
    keys->numbers = 1;
    memset(keys->number, 0, sizeof(keys->number));
}

static void take_digit(struct keys *keys, char c)
{
    if (c == ';') {
        keys->numbers++;
    } else if (c >= '0' && c <= '9' && keys->numbers <= KEYS_NUMBERS) {
        unsigned *number = &keys->number[keys->numbers - 1];
        *number = *number * 10 + (unsigned)(c - '0');
        if (*number > NUMBER_MOST) { *number = NUMBER_MOST; }
    }
}

static uint32_t take_plain(struct keys *keys, char c)
{
    uint32_t code;
    keys->character[keys->bytes++] = c;
    size_t length = utf8_decode(keys->character, keys->bytes, &code);
    if (length == 0) { return KEY_NONE; }
    bool rest = length < keys->bytes; /* the last byte begins anew */
    keys->bytes = 0;
    if (code == UTF8_BAD) {
        uint32_t next = rest ? take_plain(keys, c) : KEY_NONE;
        return next == KEY_NONE ? KEY_BAD : next;
    }
    return code;
}

uint32_t keys_take(struct keys *keys, char byte)
{
    if (keys->state == KEYS_ESCAPE && (byte == '[' || byte == 'O')) {
        keys->state = byte == '[' ? KEYS_BRACKET : KEYS_LETTER;
        begin_sequence(keys);
        return KEY_NO_ESCAPE;
    }
    if (keys->state == KEYS_BRACKET || keys->state == KEYS_LETTER) {
        bool within = keys->state == KEYS_BRACKET && byte >= ' ' && byte < '@';
        if (within) {
            take_digit(keys, byte);
            return KEY_NONE;
        }
        keys->state = KEYS_PLAIN;
        if (byte >= '@' && byte <= '~') { return key_of_letter(keys, byte); }
    }
    uint32_t key = take_plain(keys, byte);
    keys->state = key == KEY_ESCAPE ? KEYS_ESCAPE : KEYS_PLAIN;
    return key;
}
