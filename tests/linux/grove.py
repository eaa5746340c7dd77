"""A tree of files for busybox's applets: some 290 of all sizes, kinds, modes,
owners, times and names, the same each time, as an archive of tar's."""
import io
import tarfile

WORDS = ("buffer claim answer message parent child nucleus window storage "
         "clock name slice share break event queue process line page area the "
         "of a to in and is by for with").split()
SIZES = (0, 1, 2, 511, 512, 513, 1023, 1024, 4095, 4096, 4097, 8191, 8193,
         16384, 20000, 32767)
MODES = (0o644, 0o600, 0o755, 0o400, 0o000, 0o4755, 0o2711, 0o1777, 0o444,
         0o666, 0o111, 0o6750)
NAMES = (
    "two words", " blank in front", "blank behind ", "-dash", "--help", "-",
    "#hash", "~home", "*star", "what?", "[set]", "{a,b}", "$HOME", "`ls`",
    "a;b", "a&b", "a|b", "a>b", "(a)", "!bang", "it's", 'say "so"', "back\\s",
    "tab\there", "new\nline", "\x01control", "bell\x07", "caf\u00e9",
    "\u65e5\u672c", "\U0001f41a", "e\u0301", "...", "..dots", ".hidden",
    ".hidden.txt", "UPPER", "upper", "no.ext.", "a.tar.gz", "x" * 99,
    "y" * 200, "0", "00", "10", "9", "%s", "=eq", "a,b:c@d", "+plus")
LINKS = (
    ("to-file", "../text/t-001"), ("to-folder", "../text"), ("to-itself",
    "to-itself"), ("to-nothing", "../nothing/here"), ("absolute",
    "/tmp/tree/text/t-002"), ("of-a-link", "to-file"),
    ("one", "other"), ("other", "one"),
    ("slash-behind", "../deep/"), ("odd", "../names/two words"),
    ("long", "../names/" + "y" * 200), ("outside", "/etc/passwd"))


class Dice:
    """The same numbers on every computer."""

    def __init__(self):
        self.state = 1969

    def roll(self, sides):
        self.state = (self.state * 6364136223846793005 + 1) % 2 ** 64
        return (self.state >> 33) % sides

    def bytes(self, count):
        return bytes(self.roll(256) for _ in range(count))


class Grove:
    def __init__(self):
        self.dice = Dice()
        self.file = io.BytesIO()
        self.archive = tarfile.open(fileobj=self.file, mode="w",
                                    format=tarfile.GNU_FORMAT)
        self.count = 0

    def add(self, path, data=b"", mode=0o644, kind=tarfile.REGTYPE, target=""):
        """Never of this year, which ls shows otherwise."""
        info = tarfile.TarInfo("tree/" + path)
        info.type, info.mode, info.linkname = kind, mode, target
        info.size = len(data)
        info.mtime = 60000000 + self.count * 5000000 + self.dice.roll(4000000)
        if self.count % 7 == 3:
            info.uid, info.gid = 1000 + self.count, self.count % 3 * 100
        self.archive.addfile(info, io.BytesIO(data))
        self.count += 1

    def folder(self, path, mode=0o755):
        self.add(path, mode=mode, kind=tarfile.DIRTYPE)

    def text(self, lines):
        return "".join(
            "\t" * self.dice.roll(2) + " ".join(
                WORDS[self.dice.roll(len(WORDS))]
                for _ in range(self.dice.roll(12))) + "\n"
            for _ in range(lines)).encode()

    def texts(self):
        self.folder("text")
        for number in range(90):
            data = self.text(self.dice.roll(30) + number % 2)
            if number % 10 == 4:
                data = data.rstrip(b"\n")
            elif number % 10 == 7:
                data = data.replace(b"\n", b"\r\n")
            self.add(f"text/t-{number:03}", data)
        self.add("text/numbers", "".join(
            f"{self.dice.roll(1000) - 500} {self.dice.roll(100)}."
            f"{self.dice.roll(10)} {WORDS[self.dice.roll(9)]}\n"
            for _ in range(60)).encode())
        self.add("text/table", "".join(
            ":".join(WORDS[self.dice.roll(len(WORDS))] for _ in range(5)) + "\n"
            for _ in range(40)).encode())
        self.add("text/long-line", self.text(1).strip() + b" word" * 2000)

    def binaries(self):
        self.folder("data")
        for size in SIZES:
            self.add(f"data/random-{size}", self.dice.bytes(size))
            self.add(f"data/zeros-{size}", bytes(size))
        self.add("data/all-bytes", bytes(range(256)))

    def deep(self):
        path = "deep"
        for level in range(30):
            self.folder(path, 0o755 if level % 3 else 0o700)
            self.add(f"{path}/file-{level}", self.text(level % 4))
            path += f"/level-{level}"

    def kinds(self):
        self.folder("modes")
        for mode in MODES:
            self.add(f"modes/f-{mode:04o}", b"x\n", mode)
            self.folder(f"modes/d-{mode:04o}", mode)
        self.add("modes/fifo", mode=0o620, kind=tarfile.FIFOTYPE)
        self.folder("links")
        for name, target in LINKS:
            self.add(f"links/{name}", b"", 0o777, tarfile.SYMTYPE, target)
        for number in range(8):
            self.add(f"links/hard-{number}", b"", 0o644, tarfile.LNKTYPE,
                     f"tree/text/t-{number // 3:03}")

    def named(self):
        self.folder("names")
        for name in NAMES:
            self.add(f"names/{name}", f"{len(name)}\n".encode())


def archive():
    """Its bytes."""
    grove = Grove()
    grove.texts()
    grove.binaries()
    grove.deep()
    grove.kinds()
    grove.named()
    grove.archive.close()
    return grove.file.getvalue()
