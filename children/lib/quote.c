#include "quote.h"

#include <stdio.h>

#define SHOWN_BYTES 40 /* so much of a text is printed */
#define QUOTED_BYTES (2 * SHOWN_BYTES + 8)

static const char *operation_text(uint64_t operation)
{
    return operation == KERNE_SENSE          ? "sense"
           : operation == KERNE_INPUT        ? "input"
           : operation == KERNE_OUTPUT       ? "output"
           : operation == KERNE_CONSOLE_RAW  ? "raw"
           : operation == KERNE_CONSOLE_KEYS ? "keys"
           : operation == KERNE_CONSOLE_PUT  ? "put"
                                             : "another operation";
}

/* The beginning of a text in quotes, its newlines as \n. */
static void quote(const char *text, size_t bytes, char *ret_quoted)
{
    size_t used = 0;
    size_t part =
        bytes > SHOWN_BYTES ? kerne_whole_text(text, SHOWN_BYTES) : bytes;
    ret_quoted[used++] = '"';
    for (size_t i = 0; i < part; i++) {
        if (text[i] == '\n') { ret_quoted[used++] = '\\'; }
        ret_quoted[used++] = text[i] == '\n'   ? 'n'
                             : text[i] == '\0' ? '?'
                                               : text[i];
    }
    strcpy(ret_quoted + used, bytes > part ? "...\"" : "\"");
}

void quote_relay(const struct relay *relay, char *ret_text, size_t bytes)
{
    char quoted[QUOTED_BYTES] = "";
    uint64_t text_bytes = relay_text_bytes(relay);
    if (text_bytes > 0) { quote(relay->area, text_bytes, quoted); }
    const char *blank = text_bytes > 0 ? " " : "";
    if (relay->result == 0) {
        snprintf(ret_text, bytes, "%s%s%s",
                 operation_text(kerne_operation_of(&relay->words)), blank,
                 quoted);
    } else {
        snprintf(ret_text, bytes, "answered %u, status %u, %u bytes%s%s",
                 (unsigned)relay->result,
                 (unsigned)relay->words.w[KERNE_WORD_STATUS],
                 (unsigned)relay->words.w[KERNE_WORD_BYTES], blank, quoted);
    }
}
