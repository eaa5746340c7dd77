/* The end of all conversations of a process that has removed its children. */
#pragma once

/* Takes every event, answers every message that it holds, and takes or regrets
 * every one that it has sent, until there is none.  Expects that this ends. */
void settle(void);
