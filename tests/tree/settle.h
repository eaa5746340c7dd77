/* The end of all conversations of a process that has removed its children. */
#ifndef TREE_SETTLE_H
#define TREE_SETTLE_H

/* Takes every event, answers every message that it holds, and takes or regrets
 * every one that it has sent, until there is none.  Expects that this ends. */
void settle(void);

#endif
