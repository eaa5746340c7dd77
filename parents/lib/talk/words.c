#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- words -------------------------------------------------------------- */

/* What is not ASCII belongs to a word, and makes no other one of it. */
static bool is_blank(char c) { return (unsigned char)c <= ' ' || c == 0x7f; }

bool words_read(struct words *words, const char *text, uint64_t bytes)
{
    unsigned count = 0;
    char *at = words->text;
    bytes = bytes < KERNE_LINE_BYTES ? bytes : KERNE_LINE_BYTES;
    for (uint64_t i = 0; i < bytes; i++) {
        at[i] = is_blank(text[i]) ? ' ' : text[i];
    }
    at[bytes] = '\0';
    words->next = 0;
    words->wrong[0] = '\0';
    while (*(at += strspn(at, " ")) != '\0') {
        bool quoted = *at == '"';
        at += quoted;
        words->word[count++] = at;
        at += strcspn(at, quoted ? "\"" : " ");
        if (quoted && *at == '\0') {
            words->word[0] = NULL;
            return words_wrong(words, "a quote (\") is not closed");
        }
        if (*at != '\0') { *at++ = '\0'; }
    }
    words->word[count] = NULL;
    return true;
}

const char *words_look(const struct words *words)
{
    return words->word[words->next];
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
    char *rest = words->word[words->next];
    if (rest == NULL) { return ""; }
    for (char **word = &words->word[words->next + 1]; *word != NULL; word++) {
        size_t used = strlen(rest);
        rest[used] = ' ';
        memmove(rest + used + 1, *word, strlen(*word) + 1);
    }
    words_end(words);
    return rest;
}

void words_end(struct words *words) { words->word[words->next] = NULL; }

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
    return words->next == 0 ? "" : words->word[words->next - 1];
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
    bool is_number = words_number(words, what, &number);
    for (unsigned i = 0; is_number && i < UNITS; i++) {
        uint64_t unit = units[i].microseconds;
        if (!words_skip(words, units[i].name)) { continue; }
        *ret_time = number * unit;
        return number <= UINT64_MAX / unit ||
               words_wrong(words, "%s is longer than the clock goes", what);
    }
    return words_wrong(
        words, "%s wants us, ms, s or min behind a number: 10 ms", what);
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
