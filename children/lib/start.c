/* From the entry to main, and from main to the end. */
#include "program.h"

#include <stdlib.h>

const struct kerne_start *kerne_start_record;

int main(int argc, char **argv);
_Noreturn void kerne_begin(const struct kerne_start *record);
void __libc_init_array(void);

/* Every second character may begin a word; argv[0] and the null beside. */
#define ARGUMENTS (KERNE_ARGUMENT_BYTES / 2 + 2)

static char argument_text[KERNE_ARGUMENT_BYTES];
static char *argument[ARGUMENTS];

/* Cuts `text` into words at its blanks; argv[0] is empty, as C allows when a
 * program does not know under which name it was started. */
static int split_arguments(char *text)
{
    int count = 0;
    argument[count++] = text + strlen(text);
    for (char *c = text; *c != 0;) {
        if (*c == ' ') {
            *c++ = 0;
            continue;
        }
        argument[count++] = c;
        c += strcspn(c, " ");
    }
    argument[count] = NULL;
    return count;
}

/* From start.S.  Without a start record there is nothing to go by: break. */
_Noreturn void kerne_begin(const struct kerne_start *record)
{
    if (record == NULL || record->magic != KERNE_START_MAGIC) {
        __builtin_trap();
    }
    kerne_start_record = record;
    memcpy(argument_text, record->arguments, sizeof(argument_text) - 1);
    __libc_init_array();
    exit(main(split_arguments(argument_text), argument));
}
