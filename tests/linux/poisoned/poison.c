/* Linux's personality again, whose records are full of a pattern when they have
 * been returned: who goes on with one, breaks. */
#include <memory/pool.h>

#include <string.h>

void __real_pool_return(void *record, size_t bytes);
void __wrap_pool_return(void *record, size_t bytes);

void __wrap_pool_return(void *record, size_t bytes)
{
    if (record != NULL) { memset(record, 0xa5, bytes); }
    __real_pool_return(record, bytes);
}
