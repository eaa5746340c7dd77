/* Results and functions in words, from the two lists of the interface. */
#include "program.h"

struct word {
    uint64_t number;
    const char *name;
    const char *sentence;
};

static const struct word results[] = {
#define KERNE_RESULT(number, name, sentence) { (number), #name, sentence },
#include <results.def>
#undef KERNE_RESULT
};

static const struct word functions[] = {
#define KERNE_FUNCTION(number, name, handler) { (number), #name, NULL },
#include <functions.def>
#undef KERNE_FUNCTION
};

static const struct word *find(const struct word *list, size_t count,
                               uint64_t number)
{
    static const struct word none = { 0, NULL, NULL };
    for (size_t i = 0; i < count; i++) {
        if (list[i].number == number) { return &list[i]; }
    }
    return &none;
}

#define FIND(list, number) find(list, sizeof(list) / sizeof(*(list)), number)

const char *kerne_result_name(uint64_t result)
{
    const char *name = FIND(results, result)->name;
    return name != NULL ? name : "result";
}

const char *kerne_result_text(uint64_t result)
{
    const char *sentence = FIND(results, result)->sentence;
    return sentence != NULL ? sentence : "a result that is in no list";
}

const char *kerne_function_name(uint64_t number)
{
    const char *name = FIND(functions, number)->name;
    return name != NULL ? name : "function";
}
