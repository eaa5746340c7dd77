#include "pages.h"

const char *pager_swap_out(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    const char *fault = NULL;
    uint64_t left;
    kerne_unmap(owner->reference, owner->program.first, owner->pages, &left);
    for (uint64_t i = 0; i < owner->pages && fault == NULL; i++) {
        struct page *page = &owner->page[i];
        page->was_in = page->frame != NULL;
        if (page->was_in && !page_put(pager, page->frame)) {
            fault = page_refusal(pager);
        }
    }
    return fault;
}

const char *pager_swap_in(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    const char *fault = NULL;
    for (uint64_t i = 0; i < owner->pages && fault == NULL; i++) {
        if (owner->page[i].was_in && owner->page[i].frame == NULL) {
            fault = page_bring(pager, owner, (uint32_t)i, false);
        }
    }
    return fault;
}
