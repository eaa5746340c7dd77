#!/usr/bin/python3
"""Debian's sqlite3 and python3 on /store: what they were told is kept is there
after a halt, and after the power was cut in the middle of transactions.

A transaction moves one from an account to another, and notes its number; so in
whichever is the last one there, the sum is the same.  The power is cut by
ending QEMU; crashes.py has what a disk may have lost besides.
"""
import os
import random
import re
import tempfile

import tree

import disks # found by way of tree
import made
import linux
import tap

MODES = "delete", "wal" # sqlite's journals
ACCOUNTS, EACH = 64, 100
TRANSACTIONS = 200
CUTS = 3
LEAST = 5 # transactions, before the power is cut
SEED = 1
DISK = 64 << 20
DEADLINE = 120 # seconds of a machine's clock
COMMITTED = re.compile(r"committed (\d+)")
MADE = f"""\
pragma journal_mode = {{mode}};
create table account (id integer primary key, held integer not null);
create table done (n integer primary key, text text);
with recursive c (i) as (select 1 union all select i + 1 from c where i < \
{ACCOUNTS})
insert into account select i, {EACH} from c;
insert into done values (0, '');
"""
# The cache is small: so pages go to the file before the transaction ends.  With
# less than `extra` the removal of the journal, which is what commits, may be
# lost with the power.
BEGIN = "pragma cache_size = 10;\npragma synchronous = extra;\n"
TRANSACTION = f"""\
begin;
update account set held = held - 1
  where id = (select 1 + max(n) * 7 % {ACCOUNTS} from done);
update account set held = held + 1
  where id = (select 1 + max(n) * 11 % {ACCOUNTS} from done);
update done set text = hex(randomblob(300)) where n % 5 = 0;
insert into done select max(n) + 1, hex(randomblob(150)) from done;
commit;
select 'committed ' || max(n) from done;
"""
LOOK = """\
pragma integrity_check;
select 'there ' || max(n), count(*), (select sum(held) from account) from done;
"""
# In front of a mode its database, behind it what is to be done there.
SHELL = "sqlite3 -batch /store/$1.db </tests/$2\n"


def files():
    with open(os.path.join(tree.FOLDER, "kept_files.py"), "rb") as file:
        found = {"tests/kept_files.py": (0o644, file.read())}
    texts = {"shell": SHELL, "look": LOOK,
             "pay": BEGIN + TRANSACTIONS * TRANSACTION}
    texts.update((f"make.{mode}", MADE.format(mode=mode)) for mode in MODES)
    found.update((f"tests/{name}", (0o644, text.encode()))
                 for name, text in texts.items())
    return found


class Computer:
    """One that can be switched off, or lose its power."""

    def __init__(self, image, storage, disk):
        self.runs = made.Runs(
            image, "kerne", DEADLINE, memory=storage,
            more=[word.replace("driver=raw", "driver=raw,cache.no-flush=on")
                  for word in disks.words(disk)])

    def __enter__(self):
        self.runs.__enter__()
        return self

    def __exit__(self, *exception):
        return self.runs.__exit__(*exception)

    def run(self, words):
        return self.runs.run(words, linux.CLAIMS + " image")

    def sqlite(self, mode, what):
        return self.run(f"/bin/busybox sh /tests/shell {mode} {what}")

    def python(self, what):
        return self.run(f"/usr/bin/python3 /tests/kept_files.py {what}")

    def halt(self):
        self.runs.computer.type("halt\n")
        while self.runs.computer.read() is not None:
            pass

    def pay_until_cut(self, mode, count):
        """The number of the last transaction that was committed in words: so
        many more, and then the power is cut."""
        operator, found = self.runs.operator, []

        def look():
            found[:] = COMMITTED.findall("\n".join(operator.typist.since))
            return len(found) > count
        operator.typist.line(f'new linux {linux.CLAIMS} image prog "linux '
                             f'/bin/busybox sh /tests/shell {mode} pay" run')
        operator.typist.until(look, "its transactions")
        self.runs.computer.stop()
        return int(found[-1])


def there(said):
    """The last transaction of a database that is sound, or None."""
    found = re.search(r"^ok\nthere (\d+)\|(\d+)\|(\d+)$", "\n".join(said),
                      re.MULTILINE)
    if not found:
        return None
    last, count, held = map(int, found.groups())
    return last if (count, held) == (last + 1, ACCOUNTS * EACH) else None


def make(writer, computer):
    for mode in MODES:
        said = computer.sqlite(mode, f"make.{mode}")
        writer.point(mode in said, f"{mode}.is_made", said)
        said = computer.sqlite(mode, "pay")
        writer.point(f"committed {TRANSACTIONS}" in said,
                     f"{mode}.transactions", said[-5:])
    said = computer.python("make")
    writer.point("made" in said, "python.makes", said)


def look(writer, computer, when):
    for mode in MODES:
        said = computer.sqlite(mode, "look")
        writer.point(there(said) == TRANSACTIONS, f"{mode}.{when}", said)
    look_at_files(writer, computer, when)


def look_at_files(writer, computer, when):
    said = computer.python("look")
    writer.point("seen" in said and not any("wrong" in line for line in said),
                 f"python.{when}", said)


def cut(writer, begun, mode, dice):
    """The power, some times; each time what was committed is to be there."""
    last, wrong = TRANSACTIONS, []
    for _ in range(CUTS):
        with begun() as computer:
            before = there(computer.sqlite(mode, "look"))
            if before is None or before < last:
                wrong.append(f"{before} are there, {last} were committed")
            last = computer.pay_until_cut(
                mode, dice.randint(LEAST, TRANSACTIONS // 4))
    with begun() as computer:
        said = computer.sqlite(mode, "look")
        look_at_files(writer, computer, f"is_there_after_cuts.{mode}")
    found = there(said)
    writer.point(not wrong and found is not None and
                 last <= found and last > TRANSACTIONS,
                 f"{mode}.is_there_after_cuts",
                 [*wrong, f"{last} were committed", *said])


def main():
    writer = tap.Writer()
    try:
        path, storage = linux.add_tree(
            os.path.join(tree.BUILD, "image.tar"),
            linux.make(linux.PINNED, files()))
    except linux.debian.Refused as refusal:
        writer.skip("databases", f"Debian's packages are not to be had: "
                    f"{refusal}")
        writer.end()
        return
    with tempfile.TemporaryDirectory(prefix="kerne-") as folder:
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.truncate(DISK)

        def begun():
            return Computer(path.name, storage, disk)
        with begun() as computer:
            make(writer, computer)
            computer.halt()
        with begun() as computer:
            look(writer, computer, "is_there_after_halt")
        dice = random.Random(SEED)
        for mode in MODES:
            cut(writer, begun, mode, dice)
    writer.end()


if __name__ == "__main__":
    main()
