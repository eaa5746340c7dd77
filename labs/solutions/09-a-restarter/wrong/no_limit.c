/* A system that puts its service in place again when that breaks, however
 * often.
 *
 *     LIMIT, SERVICE ARGUMENTS, CLIENT ARGUMENTS, CLIENT ARGUMENTS ... */
#include <skeleton.h>
#include <stdlib.h>

#define SERVICE_NUMBER 7 /* clients keep its address */

static struct parent mine;
static struct child_order service, beside;
static const char *command; /* of the service */
static unsigned long limit; /* so often it is put in place again */
static unsigned clients;

static struct child *begin(const char *what, const struct child_order *order)
{
    struct child *child = parent_make(&mine, what, order);
    if (child != NULL) { child_start(&mine, child); }
    return child;
}

/* The last client is gone: nobody needs the service any more. */
static void client_gone(struct parent *parent)
{
    struct child *left = child_named(&parent->children, "service");
    if (--clients == 0 && left != NULL) { child_remove(parent, left); }
}

static bool ended(struct parent *parent, struct child *child)
{
    bool is_service = child->number == SERVICE_NUMBER;
    bool is_again = is_service && child->state == CHILD_BROKEN;
    parent_report(parent, child);
    child_remove(parent, child);
    if (is_again) {
        limit--;
        begin(command, &service);
    } else if (!is_service) {
        client_gone(parent);
    }
    return true;
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
    while ((client = next_command(NULL)) != NULL) {
        clients += begin(client, &beside) != NULL;
    }
    return parent_serve(&mine);
}
