#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No number or time of a rule is longer; products of two stay below 2^64. */
#define MOST UINT64_C(0xffffffff)

void words_begin(struct words *words, const char *text, size_t bytes)
{
    bytes = bytes < WORDS_BYTES ? bytes : WORDS_BYTES - 1;
    for (size_t i = 0; i < bytes; i++) {
        bool printable = text[i] > ' ' && text[i] <= '~';
        words->line[i] = ' ';
        if (printable) { words->line[i] = text[i]; }
    }
    words->line[bytes] = '\0';
    words->rest = words->line;
    words->blank = NULL;
    words->wrong[0] = '\0';
}

bool words_wrong(struct words *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(words->wrong, sizeof words->wrong, format, list);
    va_end(list);
    return false;
}

const char *words_rest(struct words *words)
{
    if (words->blank != NULL) {
        *words->blank = ' ';
        words->blank = NULL;
    }
    words->rest += strspn(words->rest, " ");
    return words->rest;
}

bool words_skip(struct words *words, const char *word)
{
    const char *rest = words_rest(words);
    size_t length = strcspn(rest, " ");
    bool same = length == strlen(word) && strncmp(rest, word, length) == 0;
    words->rest += same ? length : 0;
    return same;
}

const char *words_take(struct words *words)
{
    const char *word = words_rest(words);
    size_t length = strcspn(word, " ");
    words->rest += length;
    if (*words->rest == ' ') {
        words->blank = words->rest;
        *words->blank = '\0';
        words->rest++;
    }
    return length > 0 ? word : NULL;
}

bool words_number(struct words *words, const char *what, uint64_t *ret_number)
{
    const char *word = words_take(words);
    if (word == NULL) {
        return words_wrong(words, "%s is wanted at the end of the line", what);
    }
    char *end;
    unsigned long long number = strtoull(word, &end, 0);
    unsigned shift = *end == 'k' ? 10 : *end == 'M' ? 20 : 0;
    end += shift != 0;
    if (word[0] < '0' || word[0] > '9' || *end != '\0') {
        return words_wrong(words, "%.40s is no number; %s is wanted there",
                           word, what);
    }
    if (number > MOST >> shift) {
        return words_wrong(words, "%.40s is too great a number for %s", word,
                           what);
    }
    *ret_number = (uint64_t)number << shift;
    return true;
}

bool words_time(struct words *words, const char *what, uint64_t *ret_time)
{
    uint64_t number = 0;
    if (!words_number(words, what, &number)) { return false; }
    uint64_t unit = words_skip(words, "us")    ? 1
                    : words_skip(words, "ms")  ? 1000
                    : words_skip(words, "s")   ? 1000000
                    : words_skip(words, "min") ? 60000000
                                               : 0;
    if (unit == 0) {
        return words_wrong(words, "%s wants us, ms, s or min behind its number",
                           what);
    }
    *ret_time = number * unit;
    return true;
}
