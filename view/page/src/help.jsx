// The keys, as a page over the page.
import { useRef } from "preact/hooks";

export const KEYS = [
  ["r", "run", "run on, or pause"],
  [".", "trapOn", "one trap on"], [",", "trapBack", "one trap back"],
  ["m", "messageOn", "one message on"],
  ["n", "messageBack", "one message back"],
  ["b", "boot", "boot"],
];

const MORE = [
  ["?", "this list"],
  ["t, c", "to the tree, to the console"],
  ["1 to 6", "a tab on the right"],
  ["F6", "out of the console, to the buttons"],
  ["← →, Home, End", "on the bar: another moment; on tabs: the next one"],
  ["↑ ↓", "in the tree and in a diagram: the next one"],
  ["← →", "in the tree: fold, unfold, to the parent, inside"],
  ["Enter", "choose the process; be at that message"],
  ["z", "in the tree: zoom into that process, and out again"],
];

export function Help() {
  const dialog = useRef(null);
  return (
    <>
      <button id="help" onClick={() => dialog.current.showModal()}
        title="keys and signs">? help</button>
      <dialog ref={dialog} aria-label="keys and signs">
        <h2>Keys</h2>
        <p>They hold wherever nothing is typed.</p>
        <table><tbody>
          {KEYS.map(([key, , words]) => <tr key={key}><td><kbd>{key}</kbd></td>
            <td>{words}</td></tr>)}
          {MORE.map(([key, words]) => <tr key={key}><td><kbd>{key}</kbd></td>
            <td>{words}</td></tr>)}
        </tbody></table>
        <h2>The tree</h2>
        <p>A box is a process; those in it are its children. A dashed one is a
          name that stands for another. An envelope with a corner is in hand,
          one without in the queue; a green one is an answer, a red one a break.
          The bars are its buffers (B), processes (P) and tables (T): used,
          given to children, free; and its part of all time that was paid (◷).
          Who pays now says so, and is tinted. The thick arrow is the message
          under way; dotted ones are those of the chosen process that have no
          answer yet.</p>
        <form method="dialog"><button title="close this">close</button></form>
      </dialog>
    </>
  );
}
