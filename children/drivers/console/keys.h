/*
 * Keys: what a terminal sends for them, byte by byte.
 *
 * K1  A character is one key, however many bytes it has.
 * K2  Escape is a key at once, since nobody can tell whether more will come.
 *     If it turns out to begin what another key sends, ESC [ ... letter or
 *     ESC O letter, it is taken back: KEY_NO_ESCAPE.
 */
#ifndef KEYS_H
#define KEYS_H

#include <stddef.h>
#include <stdint.h>

/* Characters and control characters are keys by their number; besides: */
enum key {
    KEY_NONE = 0x110000, /* not yet */
    KEY_BAD,             /* bytes that are no character, an unknown key */
    KEY_NO_ESCAPE,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_WORD_LEFT, /* with control or alt */
    KEY_WORD_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_DELETE,
    KEY_OTHER, /* known to terminals, and of no use here */
    KEY_SIZE,  /* the terminal says its size: ESC [ 8 ; ROWS ; COLUMNS t */
};
#define KEY_CONTROL(letter) ((uint32_t)(letter)&0x1f)
#define KEY_ESCAPE 0x1b
#define KEY_BACKSPACE 0x7f

#define KEYS_NUMBERS 3
struct keys {
    enum { KEYS_PLAIN, KEYS_ESCAPE, KEYS_BRACKET, KEYS_LETTER } state;
    size_t numbers; /* begun in the sequence */
    unsigned number[KEYS_NUMBERS];
    char character[4]; /* not whole yet */
    size_t bytes;
};

/* The key that this byte completes; KEY_NONE: none.  With KEY_SIZE, number[1]
 * and number[2] are the rows and columns. */
uint32_t keys_take(struct keys *keys, char byte);

#endif
