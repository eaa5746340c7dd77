// Which program of a boot image a process executes: the one that has what
// stands on the page of its program counter.
const BLOCK = 512, PAGE = 4096;
const LOAD = 1, EXECUTE = 1; // of a program header

/** [name, bytes] of each member of a tar archive. */
export function* members(archive) {
  const text = (at, length) =>
    new TextDecoder().decode(archive.subarray(at, at + length)).split("\0")[0];
  for (let at = 0; at + BLOCK <= archive.length && archive[at];) {
    const length = parseInt(text(at + 124, 12), 8);
    yield [text(at, 100), archive.subarray(at + BLOCK, at + BLOCK + length)];
    at += BLOCK + Math.ceil(length / BLOCK) * BLOCK;
  }
}

/** { first, bytes } of each part of a program that can be executed. */
function* texts(elf) {
  if (String.fromCharCode(...elf.subarray(0, 4)) !== "\x7fELF") return;
  const view = new DataView(elf.buffer, elf.byteOffset, elf.length);
  const word = (at) => Number(view.getBigUint64(at, true));
  const headers = word(32), size = view.getUint16(54, true);
  for (let i = 0; i < view.getUint16(56, true); i++) {
    const at = headers + i * size;
    if (view.getUint32(at, true) === LOAD &&
        view.getUint32(at + 4, true) & EXECUTE) {
      const from = word(at + 8);
      yield { first: word(at + 16),
              bytes: elf.subarray(from, from + word(at + 32)) };
    }
  }
}

/** read(address, count) gives bytes of the process, or null.  Of several that
 * are the same there, the one that is called as the process is.  Null: it is
 * none of the image's. */
export function programAt(archive, pc, read, called) {
  const first = Math.floor(pc / PAGE) * PAGE;
  const had = read(first, PAGE);
  let found = null;
  if (!had) return null;
  for (const [name, elf] of members(archive)) {
    for (const text of texts(elf)) {
      const begin = first - text.first;
      if (begin < 0 || pc >= text.first + text.bytes.length) continue;
      const page = text.bytes.subarray(begin, begin + had.length);
      if (!page.every((byte, i) => byte === had[i])) continue;
      if (name === called) return name;
      found ??= name;
    }
  }
  return found;
}
