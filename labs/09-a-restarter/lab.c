/* A system that puts its service in place again when that breaks: yours to
 * write.
 *
 *     LIMIT, SERVICE ARGUMENTS, CLIENT ARGUMENTS, CLIENT ARGUMENTS ... */
#include <skeleton.h>
#include <stdlib.h>

#define SERVICE_NUMBER 7 /* clients keep its address */

static struct parent mine;
static struct child_order service, beside;
static const char *command; /* of the service */
static unsigned long limit; /* so often it is put in place again */

static struct child *begin(const char *what, const struct child_order *order)
{
    struct child *child = parent_make(&mine, what, order);
    if (child != NULL) { child_start(&mine, child); }
    return child;
}

/* A child has ended.  True: that is dealt with.  False: it is reported, and
 * removed. */
static bool ended(struct parent *parent, struct child *child)
{
    (void)parent;
    (void)child;
    return false;
}

/* The next command of the list; null: there is none. */
static const char *next_command(char *list)
{
    const char *next = strtok(list, ",");
    return next == NULL ? NULL : next + strspn(next, " ");
}

int main(void)
{
    static char list[KERNE_ARGUMENT_BYTES];
    static const uint64_t number = SERVICE_NUMBER;
    const char *client;
    mine.ended = ended;
    parent_begin(&mine);
    parent_needs_image(&mine);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    strcpy(list, mine.start->arguments);
    limit = strtoul(next_command(list), NULL, 10);
    command = next_command(NULL);
    service = beside = parent_order(&mine, 4);
    service.name = "service";
    service.number = &number;
    begin(command, &service);
    while ((client = next_command(NULL)) != NULL) { begin(client, &beside); }
    return parent_serve(&mine);
}
