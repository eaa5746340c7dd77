#include "pages.h"

bool pager_swap_out(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    bool is_out = true;
    uint64_t left;
    kerne_unmap(owner->reference, owner->program.first, owner->pages, &left);
    for (uint64_t i = 0; i < owner->pages; i++) {
        struct page *page = &owner->page[i];
        struct frame *frame = page->frame;
        page->was_in = frame != NULL;
        if (frame != NULL) { is_out = page_put(pager, frame) && is_out; }
    }
    return is_out;
}

const char *pager_swap_in(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    for (uint64_t i = 0; i < owner->pages; i++) {
        if (owner->page[i].was_in && owner->page[i].frame == NULL) {
            const char *fault = page_bring(pager, owner, (uint32_t)i, false);
            if (fault != NULL) { return fault; }
        }
    }
    return NULL;
}
