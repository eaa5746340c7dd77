// All lessons, in the order of the book; ../follow.js says what is in one.
import one from "./1-one-conversation.js";
import two from "./2-names-and-the-display.js";
import three from "./3-storage-as-windows.js";
import four from "./4-accounts-and-time.js";
import five from "./5-a-system-call-is-a-message.js";
import six from "./6-the-basic-operating-system.js";
import seven from "./7-a-disk-is-a-process.js";
import eight from "./8-less-storage-than-programs.js";
import nine from "./9-linux-is-a-parent.js";

export const LESSONS =
  [one, two, three, four, five, six, seven, eight, nine].flat();
