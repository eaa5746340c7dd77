#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- words -------------------------------------------------------------- */

/* What is not ASCII belongs to a word, and makes no other one of it. */
static bool is_blank(char c) { return (unsigned char)c <= ' ' || c == 0x7f; }

bool words_read(struct words *words, const char *text, uint64_t bytes)
{
    uint16_t used = 0;
    uint64_t i = 0;
    words->count = 0;
    words->next = 0;
    words->wrong[0] = '\0';
    while (words->count < WORDS_MAX) {
        while (i < bytes && is_blank(text[i])) { i++; }
        if (i == bytes || used >= KERNE_LINE_BYTES) { return true; }
        bool quoted = text[i] == '"';
        i += quoted;
        words->begin[words->count++] = used;
        while (i < bytes && used < KERNE_LINE_BYTES &&
               (quoted ? text[i] != '"' : !is_blank(text[i]))) {
            words->text[used++] = is_blank(text[i]) ? ' ' : text[i];
            i++;
        }
        words->text[used++] = '\0';
        words->begin[words->count] = used;
        if (quoted && (i == bytes || text[i] != '"')) {
            words->count = 0;
            return words_wrong(words, "a quote (\") is not closed");
        }
        i += quoted;
    }
    return true;
}

const char *words_look(const struct words *words)
{
    return words->next < words->count ? &words->text[words->begin[words->next]]
                                      : NULL;
}

const char *words_take(struct words *words)
{
    const char *word = words_look(words);
    words->next += word != NULL;
    return word;
}

bool words_skip(struct words *words, const char *word)
{
    const char *next = words_look(words);
    return next != NULL && strcmp(next, word) == 0 && words_take(words) != NULL;
}

const char *words_rest(struct words *words)
{
    if (words->next == words->count) { return ""; }
    for (unsigned i = words->next + 1; i < words->count; i++) {
        words->text[words->begin[i] - 1] = ' ';
    }
    const char *rest = words_take(words);
    words_end(words);
    return rest;
}

void words_end(struct words *words) { words->next = words->count; }

/* ---- what is wanted ------------------------------------------------------ */

bool words_wrong(struct words *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(words->wrong, sizeof words->wrong, format, list);
    va_end(list);
    return false;
}

bool words_at_end(struct words *words)
{
    const char *word = words_look(words);
    return word == NULL ||
           words_wrong(words, "`%.40s` is not understood there", word);
}

/* The word that was taken last. */
static const char *before(const struct words *words)
{
    return words->next == 0 ? "" : &words->text[words->begin[words->next - 1]];
}

const char *words_wanted(struct words *words, const char *what)
{
    const char *word = words_look(words);
    if (word != NULL && word[0] != '\0') { return words_take(words); }
    words_wrong(words, "`%.40s` wants %s after it%s", before(words), what,
                word == NULL ? "" : ", not an empty word");
    return NULL;
}

bool words_number(struct words *words, const char *what, uint64_t *ret_number)
{
    const char *word = words_look(words);
    if (word == NULL || word[0] == '\0') {
        return words_wrong(words, "`%.40s` wants a number after it (%s)",
                           before(words), what);
    }
    if (!text_to_number(word, ret_number)) {
        return words_wrong(words,
                           "`%.40s %.40s`: `%.40s` is no number; write 4096, "
                           "0x1000, 4k, 16M or 1G",
                           before(words), word, word);
    }
    return words_take(words) != NULL;
}

static const struct {
    const char *name;
    uint64_t microseconds;
} units[] = {
    { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "min", 60000000 }
};
#define UNITS (sizeof units / sizeof units[0])

bool words_time(struct words *words, const char *what, uint64_t *ret_time)
{
    uint64_t number = 0;
    if (!words_number(words, what, &number)) { return false; }
    for (unsigned i = 0; i < UNITS; i++) {
        uint64_t unit = units[i].microseconds;
        if (!words_skip(words, units[i].name)) { continue; }
        *ret_time = number * unit;
        return number <= UINT64_MAX / unit ||
               words_wrong(words, "%s is longer than the clock goes", what);
    }
    return words_wrong(words, "%s wants us, ms, s or min behind its number",
                       what);
}

struct text words_of_time(uint64_t microseconds)
{
    struct text text;
    unsigned i = UNITS - 1;
    while (microseconds % units[i].microseconds != 0) { i--; }
    (void)snprintf(text.is, sizeof text.is, "%lu %s",
                   (unsigned long)(microseconds / units[i].microseconds),
                   units[i].name);
    return text;
}
